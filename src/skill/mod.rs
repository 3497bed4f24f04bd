//! From references to a skill folder.

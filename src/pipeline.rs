//! From archive to skill.

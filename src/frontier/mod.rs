//! The frontier: which URL comes next, and when.

//! What the system refuses is said plainly, and nothing is lost by it.

//! The JSON of a site config as it was typed.

//! Which URLs belong to the site.

//! Selector profiles: how to read one documentation generator.

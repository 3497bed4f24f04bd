//! `llms.txt`: text in, URLs out.

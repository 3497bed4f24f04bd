//! Reading and writing Markdown as text: its structure and blocks, quotations, anchors, and how much it takes to read.

pub mod blocks;
pub mod clean;
pub mod outline;
pub mod passage;
pub mod quote;
pub mod slug;
pub mod tokens;

//! Document to GitHub-flavoured Markdown.

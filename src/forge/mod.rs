//! Forges: hosts of repositories, whose files are documentation without being a site.
//!
//! In order: [`Repository::of`] reads what a config says of a repository, with what `data` knows of its forge (a file
//! of `selectors/forges/` for each: where commit, tree, files and pages are, as templates); [`parse_commit`] and
//! [`parse_tree`] read what a forge answers; `documents` tells documentation from code, and `addresses` which of a
//! file's many addresses is which.
//!
//! Text in, values out: nothing here asks a network, and no host is named.

mod addresses;
mod answers;
mod data;
mod documents;
mod repository;
mod template;

pub use addresses::FileAddress;
pub use answers::{parse_commit, parse_next_page, parse_tree};
pub use documents::LeaveOut;
pub use repository::{Overrides, Repository, RepositoryError};

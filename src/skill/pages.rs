//! The pages of a skill: what each one is, where the site's navigation has it, and what can be said of it.
//!
//! [`mod@repository_files`] turns the links of a repository's files to what people are shown, and [`mod@reference`] makes one
//! page. [`mod@navigation`] merges what the pages show of the site's menu, [`mod@place`] says where each page stands in it,
//! `contents_tree` where pages stand that only the text of others lists, [`mod@label`] what its groups are called,
//! [`mod@titles`] what is left of titles that share much, and [`mod@unheaded`] what pages without a heading are called.
//! [`mod@fold`] keeps what several pages repeat on one of them. What a page says is read by [`mod@excerpt`],
//! [`mod@summary`], [`mod@commands`], [`mod@trouble`] and [`mod@symbols`]; [`mod@importance`] and [`mod@usage`]
//! say what of it the others lean on, and [`mod@suspicious`] what a person should look at first.

pub mod commands;
mod contents_tree;
pub mod excerpt;
pub mod fold;
pub mod importance;
pub mod label;
pub mod navigation;
pub mod place;
pub mod reference;
pub mod repository_files;
pub mod summary;
pub mod suspicious;
pub mod symbols;
pub mod titles;
pub mod trouble;
pub mod unheaded;
pub mod usage;

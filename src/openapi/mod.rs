//! API descriptions (OpenAPI 3.0, 3.1 and 3.2, Swagger 2.0): text in, blocks of a document out.
//!
//! In order: [`is_description`] tells a description from other data by a look at its text, [`embedded()`] finds one in a
//! script; [`Description::parse`] reads JSON or, by `yaml`, YAML, and has `swagger` turn version 2.0 into version 3;
//! `resolve` follows each `$ref`. Then [`reference()`] writes the page from the outside in, a file for each construct:
//! `api` the whole, `security`, `operation`, `parameters`, `body`, `responses`, `schema` with `type_line` and `notes`,
//! `sample` the examples that the description gives.
//!
//! A named schema is written out once and linked to everywhere else, so that what is written grows with the
//! description and not with the paths through it. Depth, hops and rows are bounded; a cycle is a link.
//!
//! Nothing here asks for a file that was not loaded, trusts a reference to end, or says what the description does not.

mod api;
mod body;
mod description;
mod embedded;
mod notes;
mod operation;
mod parameters;
mod resolve;
mod responses;
mod sample;
mod schema;
mod security;
mod sniff;
mod swagger;
mod type_line;
mod words;
mod writer;
mod yaml;

pub use api::{ApiReference, reference};
pub use description::{Description, DescriptionError};
pub use embedded::embedded;
pub use sniff::{LARGEST, is_description};

#[cfg(test)]
mod tests;

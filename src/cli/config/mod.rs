//! `skillcrawl config …`: configs as files, without crawling anything.
//!
//! [`validate`] says what is wrong with them, [`list`] which there are, [`show`] what one means with all defaults written
//! down, [`convert`] turns those of the existing format into this program's own words, and `schema` prints what may be
//! typed.

pub mod convert;
pub mod list;
pub mod place;
pub mod show;
pub mod validate;

use super::args::ConfigCommand;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use crate::config::schema::schema;

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when a config cannot be read, or a converted one cannot be written.
pub fn run(command: &ConfigCommand, printer: &Printer) -> Result<ExitCode, Failure> {
    match command {
        ConfigCommand::Validate(args) => validate::run(args, printer),
        ConfigCommand::List(args) => list::run(args, printer),
        ConfigCommand::Show(args) => show::run(args, printer),
        ConfigCommand::Convert(args) => convert::run(args, printer),
        ConfigCommand::Schema => {
            let schema = schema();
            printer.result(&serde_json::to_string_pretty(&schema).map_err(Failure::new)?, &schema);
            Ok(ExitCode::Success)
        }
    }
}

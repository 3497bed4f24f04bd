//! A command line that is wrong, told to programs: those that ask for JSON get it also where the words do not parse.

use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::{Format, Printer, Verbosity};

/// Says what is wrong on stdout where `--json` stands in the command line; for people it was said on stderr.
pub fn say_to_programs(error: &clap::Error) {
    let mut words = std::env::args_os().skip(1).take_while(|word| word != "--");
    if words.any(|word| word == "--json") {
        let printer = Printer::new(Verbosity::Quiet, Format::Json);
        printer.failure_for_programs(&failure(&error.render().to_string()));
    }
}

/// clap's text is paragraphs: what is wrong, perhaps tips, the usage, and where to read on.
fn failure(text: &str) -> Failure {
    let paragraphs = text.split("\n\n").map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" "));
    let (mut message, mut tip, mut usage) = (None, None, None);
    for paragraph in paragraphs {
        if let Some(words) = paragraph.strip_prefix("tip: ") {
            tip = tip.or_else(|| Some(words.to_owned()));
        } else if let Some(words) = paragraph.strip_prefix("Usage: ") {
            usage = Some(format!("usage: {words}"));
        } else {
            message = message.or(Some(paragraph));
        }
    }
    let message = message.unwrap_or_default().trim_start_matches("error: ").to_owned();
    let hint = tip.or(usage).unwrap_or_else(|| "`--help` says what may be given".to_owned());
    Failure { message, hint: Some(hint), code: ExitCode::Usage }
}

#[cfg(test)]
mod tests {
    use super::failure;

    #[track_caller]
    fn check(text: &str, message: &str, hint: &str) {
        let failure = failure(text);
        assert_eq!((failure.message.as_str(), failure.hint.as_deref()), (message, Some(hint)));
    }

    #[test]
    fn the_first_paragraph_is_the_message_and_the_next_the_hint() {
        check(
            "error: the following required arguments were not provided:\n  <CONFIG>\n\nUsage: s scrape <CONFIG>\n\nFor more",
            "the following required arguments were not provided: <CONFIG>",
            "usage: s scrape <CONFIG>",
        );
        check(
            "error: unexpected argument '--jsn' found\n\n  tip: a similar argument exists: '--json'\n\nUsage: s",
            "unexpected argument '--jsn' found",
            "a similar argument exists: '--json'",
        );
        check("error: bad\n\nFor more", "bad", "`--help` says what may be given");
    }
}

//! What the system says when it refuses, in words for users.

use std::error::Error;
use std::io;
use std::io::ErrorKind;

/// The system's words without its number for them, and without the name of a temporary file that nobody chose.
pub fn plain(mut text: String) -> String {
    while let Some(start) = text.find(" (os error ") {
        let Some(length) = text[start..].find(')') else { break };
        let mut end = start + length + 1;
        if let Some(path) = text[end..].strip_prefix(PATH)
            && let Some(length) = path.find('"')
        {
            end += PATH.len() + length + 1;
        }
        text.replace_range(start..end, "");
    }
    text
}

/// What stands before the name of a temporary file.
const PATH: &str = " at path \"";

/// What helps where the system refused to write, or to let the user in.
pub fn hint_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut error = Some(error);
    while let Some(cause) = error {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            return match cause.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                    Some("make room there, then run the same command again")
                }
                ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                    Some("see that this user may use it, or name another place")
                }
                _ => None,
            };
        }
        error = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(plain(text.to_owned()), expected);
    }

    #[test]
    fn numbers_and_temporary_names_are_left_out() {
        check("cannot write `a`: No space left (os error 28)", "cannot write `a`: No space left");
        check("cannot write `a`: Read-only (os error 30) at path \"/t/.x-1\"", "cannot write `a`: Read-only");
        check("a (os error 1), b (os error 2)", "a, b");
        check("a (os error", "a (os error");
    }
}

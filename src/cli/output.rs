//! How commands answer: the result's kind, stdout that survives a closed pipe, messages, colours.

use std::io::{self, BufWriter, IsTerminal, Write};

/// Whether the answer is yes or no: exit status 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

impl Answer {
    pub(super) fn yes_if(yes: bool) -> Self {
        if yes { Answer::Yes } else { Answer::No }
    }
}

/// Why there is no answer: exit status 2.
#[derive(Debug)]
pub(super) enum Stop {
    /// It could not be asked; a sentence.
    Cannot(String),
    /// Stdout could not be written.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Output(error)
    }
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Stop::Cannot(message)
    }
}

/// Stdout, buffered. Flush it before the command ends, so that its errors are seen.
pub(super) fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// One line on stderr. A closed stderr is no reason to fail.
pub(super) fn say(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// Marks for a terminal; nothing elsewhere, and nothing where `NO_COLOR` is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    colours: bool,
}

impl Style {
    /// For stdout.
    pub(super) fn stdout() -> Self {
        Self {
            colours: wanted(io::stdout().is_terminal()),
        }
    }

    /// For stderr.
    pub(super) fn stderr() -> Self {
        Self {
            colours: wanted(io::stderr().is_terminal()),
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a convention of terminals")]
fn wanted(terminal: bool) -> bool {
    let off = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
    terminal && !off && !dumb
}

/// `1 match`, `2 matches`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

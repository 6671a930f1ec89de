//! How commands answer: the result's kind, stdout that survives a closed pipe, messages, colours.

use std::borrow::Cow;
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
    /// The same; what stopped it was told.
    Told,
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

/// A message on stderr. A closed stderr is no reason to fail.
pub(super) fn say(message: &str) {
    let message = clean(message, Style::stderr());
    let _ = writeln!(io::stderr(), "{message}");
}

/// Whether a character could steer a terminal, or turn the order of what it shows.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text of a file or a log on one line, without what steers a terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if steers(c) { ' ' } else { c })
        .collect()
}

/// The same for a text of several lines, which keeps our own colours.
fn clean(text: &str, style: Style) -> Cow<'_, str> {
    let is_fine = |c: char| matches!(c, '\n' | '\t') || !steers(c);
    if text.chars().all(is_fine) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let code = || CODES.iter().find(|code| rest.starts_with(**code));
        if let Some(code) = code().filter(|_| style.colours) {
            clean.push_str(code);
            rest = rest.get(code.len()..).unwrap_or_default();
        } else {
            clean.push(if is_fine(c) { c } else { ' ' });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    Cow::Owned(clean)
}

/// What [`Style`] writes.
const CODES: [&str; 6] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[31m",
    "\u{1b}[32m",
    "\u{1b}[33m",
];

/// Text for people on its way to stdout: what steers a terminal does not pass.
pub(super) struct Screen<'w>(pub(super) &'w mut dyn Write);

impl Write for Screen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let clean = clean(&text, Style::stdout());
        self.0.write_all(clean.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_colours_reach_a_terminal() {
        let hostile = "a\u{1b}]0;t\u{7}\u{9b}31m\u{202e}b\n\tc\r";
        let mut out = Vec::new();
        Screen(&mut out).write_all(hostile.as_bytes()).unwrap();
        assert_eq!(out, b"a ]0;t  31m b\n\tc ");
        assert_eq!(plain("a\r\n\u{1b}[31mb"), "a   [31mb");
        let on = Style { colours: true };
        let off = Style { colours: false };
        for code in ["1", "2", "31", "32", "33"] {
            let painted = on.paint(code, "é");
            assert_eq!(clean(&painted, on), painted);
            assert!(!clean(&painted, off).contains('\u{1b}'));
        }
    }
}

//! How a text is written down: line ends, byte-order mark, indentation. Told in the status bar, kept when saved.

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
    /// Some so, some so.
    Mixed,
}

impl LineEnds {
    /// How the lines of a text end.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut lf, mut crlf) = (0_usize, 0_usize);
        for at in memchr::memchr_iter(b'\n', bytes) {
            match at.checked_sub(1).and_then(|i| bytes.get(i)) {
                Some(b'\r') => crlf += 1,
                _ => lf += 1,
            }
        }
        match (lf, crlf) {
            (_, 0) => LineEnds::Lf,
            (0, _) => LineEnds::CrLf,
            _ => LineEnds::Mixed,
        }
    }

    /// What the status bar says.
    pub fn name(self) -> &'static str {
        match self {
            LineEnds::Lf => "LF",
            LineEnds::CrLf => "CRLF",
            LineEnds::Mixed => "Mixed line ends",
        }
    }

    /// A piece of text with these line ends; of a mixed text with the plain ones.
    pub fn apply(self, text: &str) -> String {
        let plain = text.replace("\r\n", "\n");
        match self {
            LineEnds::CrLf => plain.replace('\n', "\r\n"),
            _ => plain,
        }
    }
}

/// Whether a text begins with a byte-order mark.
pub fn has_mark(text: &str) -> bool {
    text.starts_with('\u{feff}')
}

/// How a text is indented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    /// So many spaces a level.
    Spaces(usize),
    /// Tabs.
    Tabs,
}

impl Indent {
    /// How a text is indented; none where nothing is.
    pub fn of(text: &str) -> Option<Self> {
        // The step from one line to a deeper one, where it is seen most often.
        let (mut tabs, mut steps) = (0_usize, [0_usize; 9]);
        let mut before = 0;
        for line in text.lines().take(2_000) {
            if line.trim().is_empty() {
                continue;
            }
            if line.starts_with('\t') {
                tabs += 1;
                continue;
            }
            let depth = line.len() - line.trim_start_matches(' ').len();
            if depth > before
                && let Some(count) = steps.get_mut(depth - before)
            {
                *count += 1;
            }
            before = depth;
        }
        let (step, count) = steps
            .iter()
            .enumerate()
            .skip(1)
            .max_by_key(|(step, count)| (**count, std::cmp::Reverse(*step)))?;
        match (tabs, *count) {
            (0, 0) => None,
            (tabs, count) if tabs > count => Some(Indent::Tabs),
            _ => Some(Indent::Spaces(step)),
        }
    }

    /// What the status bar says.
    pub fn name(self) -> String {
        match self {
            Indent::Spaces(n) => format!("Spaces: {n}"),
            Indent::Tabs => "Tabs".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_told_and_kept() {
        for (text, ends) in [
            ("", LineEnds::Lf),
            ("a\nb\n", LineEnds::Lf),
            ("a\r\nb\r\n", LineEnds::CrLf),
            ("a\r\nb\n", LineEnds::Mixed),
        ] {
            assert_eq!(LineEnds::of(text), ends, "{text:?}");
        }
        assert_eq!(LineEnds::CrLf.apply("x\ny\r\n"), "x\r\ny\r\n");
        assert_eq!(LineEnds::Lf.apply("x\r\n"), "x\n");
    }

    #[test]
    fn the_step_that_is_seen_most_often() {
        assert_eq!(Indent::of("a: 1\nb: 2\n"), None);
        assert_eq!(Indent::of("a:\n  b:\n    c: 1\n"), Some(Indent::Spaces(2)));
        assert_eq!(
            Indent::of("def f():\n    if x:\n        y\n    z\n"),
            Some(Indent::Spaces(4))
        );
        assert_eq!(Indent::of("a\n\tb\n"), Some(Indent::Tabs));
    }
}

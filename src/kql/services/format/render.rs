//! From a document with places where a line may end to lines.

use super::Layouting;

/// A piece of a document.
#[derive(Clone, Debug)]
pub enum Doc {
    /// Text as it is.
    Text(String),
    /// A space, or the end of the line where the group around it is broken.
    Line,
    /// Nothing, or the end of the line where the group around it is broken.
    Soft,
    /// The end of the line.
    Hard,
    /// An empty line.
    Blank,
    /// A comment behind what is on the line.
    Trailing(String),
    /// A comment on a line of its own.
    Own(String),
    /// One step further in.
    Indent(Vec<Doc>),
    /// What stands between brackets, the line before the closing one, and that: further in than the line
    /// on which it begins.
    Bracket(Vec<Doc>, Box<Doc>, Box<Doc>),
    /// All its lines end, or none.
    Group(Vec<Doc>),
    /// One after the other.
    Seq(Vec<Doc>),
    /// Items with a space between them; a line ends where the next would not fit.
    Fill(Vec<Doc>),
}

/// The width on one line; none where it cannot be on one.
fn flat(docs: &[Doc]) -> Option<usize> {
    let mut width = 0;
    for doc in docs {
        width += match doc {
            Doc::Text(text) if text.contains('\n') => return None,
            Doc::Text(text) => text.chars().count(),
            Doc::Line => 1,
            Doc::Soft => 0,
            Doc::Hard | Doc::Blank | Doc::Trailing(_) | Doc::Own(_) => return None,
            Doc::Indent(inner) | Doc::Group(inner) | Doc::Seq(inner) => flat(inner)?,
            Doc::Bracket(inner, line, close) => {
                let rest = flat(std::slice::from_ref(line))? + flat(std::slice::from_ref(close))?;
                flat(inner)? + rest
            }
            Doc::Fill(inner) => flat(inner)? + inner.len().saturating_sub(1),
        };
    }
    Some(width)
}

struct Out<'a> {
    text: String,
    column: usize,
    /// The indentation of the line being written.
    line: usize,
    /// A line end that is still to be written: the indentation behind it, and whether an empty line precedes.
    pending: Option<(usize, bool)>,
    options: Layouting,
    newline: &'a str,
}

impl Out<'_> {
    fn flush(&mut self) {
        let Some((indent, blank)) = self.pending.take() else {
            return;
        };
        if self.text.is_empty() {
            return;
        }
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        self.text.push_str(self.newline);
        if blank {
            self.text.push_str(self.newline);
        }
        self.text.push_str(&" ".repeat(indent));
        self.column = indent;
        self.line = indent;
    }

    fn write(&mut self, text: &str) {
        if self.pending.is_some() {
            self.flush();
            let text = text.trim_start_matches(' ');
            self.text.push_str(text);
            self.count(text);
            return;
        }
        self.text.push_str(text);
        self.count(text);
    }

    fn count(&mut self, text: &str) {
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    fn end_line(&mut self, indent: usize) {
        let blank = self.pending.is_some_and(|(_, blank)| blank);
        self.pending = Some((indent, blank));
    }

    fn docs(&mut self, docs: &[Doc], indent: usize, broken: bool) {
        for doc in docs {
            self.doc(doc, indent, broken);
        }
    }

    fn doc(&mut self, doc: &Doc, indent: usize, broken: bool) {
        match doc {
            Doc::Text(text) => self.write(text),
            Doc::Line if !broken => self.write(" "),
            Doc::Soft if !broken => {}
            Doc::Line | Doc::Soft | Doc::Hard => self.end_line(indent),
            Doc::Blank => self.pending = Some((indent, true)),
            Doc::Trailing(comment) => {
                // It stays on its line, even if that was about to end.
                let after = self.pending.take();
                while self.text.ends_with(' ') {
                    self.text.pop();
                }
                self.text.push(' ');
                self.text.push_str(comment);
                self.pending = Some((
                    after.map_or(indent, |(i, _)| i),
                    after.is_some_and(|(_, b)| b),
                ));
            }
            Doc::Own(comment) => {
                self.end_line(indent);
                self.flush();
                self.text.push_str(comment);
                self.pending = Some((indent, false));
            }
            Doc::Indent(inner) => self.docs(inner, indent + self.options.indent, broken),
            Doc::Seq(inner) => self.docs(inner, indent, broken),
            Doc::Bracket(inner, line, close) => {
                let base = self.pending.map_or(self.line, |(indent, _)| indent);
                self.docs(inner, base + self.options.indent, broken);
                self.doc(line, base, broken);
                self.doc(close, base, broken);
            }
            Doc::Group(inner) => {
                let column = match self.pending {
                    Some((indent, _)) => indent,
                    None => self.column,
                };
                let fits = flat(inner).is_some_and(|w| column + w <= self.options.width);
                self.docs(inner, indent, !fits);
            }
            Doc::Fill(items) => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        let width = flat(std::slice::from_ref(item));
                        let fits = width.is_some_and(|w| self.column + 1 + w <= self.options.width);
                        if fits && self.pending.is_none() {
                            self.write(" ");
                        } else {
                            self.end_line(indent);
                        }
                    }
                    self.doc(item, indent, broken);
                }
            }
        }
    }
}

/// The lines of a document.
pub fn render(document: &[Doc], options: Layouting, newline: &str) -> String {
    let mut out = Out {
        text: String::new(),
        column: 0,
        line: 0,
        pending: None,
        options,
        newline,
    };
    out.docs(document, 0, true);
    while out.text.ends_with(' ') {
        out.text.pop();
    }
    out.text
}

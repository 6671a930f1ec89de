//! The lines of a document: one a value, closing brackets on lines of their own, folded values on one.

use super::document::{Document, Kind, Node};
use std::collections::HashSet;

/// Of a longer value only so many bytes are shown.
pub const LONGEST: usize = 20_000;
/// With more lines than this the lower levels are folded at first.
const MANY: usize = 2_000;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A value on one line: a text, a constant, something empty, something folded.
    One(u32),
    /// The opening bracket of a value.
    Open(u32),
    /// What is not laid out of a value.
    More(u32),
    /// The closing bracket of a value.
    Close(u32),
}

impl Line {
    /// The value it is of.
    pub fn node(self) -> u32 {
        match self {
            Line::One(n) | Line::Open(n) | Line::More(n) | Line::Close(n) => n,
        }
    }
}

/// Which values are folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds(HashSet<u32>);

impl Folds {
    /// How a document is shown at first: open, but for the lower levels of a large one.
    pub fn at_first(document: &Document) -> Self {
        let mut lines_at: Vec<usize> = Vec::new();
        for node in document.nodes() {
            let depth = usize::from(node.depth);
            if lines_at.len() <= depth {
                lines_at.resize(depth + 1, 0);
            }
            if let Some(lines) = lines_at.get_mut(depth) {
                *lines += if node.folds() { 2 } else { 1 };
            }
        }
        let mut sum = 0;
        let fits = lines_at.iter().take_while(|lines| {
            sum += **lines;
            sum <= MANY
        });
        let shown = fits.count().max(2);
        let mut folds = Self::default();
        for (number, node) in document.nodes().iter().enumerate() {
            if node.folds() && usize::from(node.depth) + 1 >= shown && shown < lines_at.len() {
                folds.0.insert(number as u32);
            }
        }
        folds
    }

    /// Whether a value is folded.
    pub fn is_folded(&self, node: u32) -> bool {
        self.0.contains(&node)
    }

    /// Folds a value, or unfolds it.
    pub fn set(&mut self, node: u32, folded: bool) {
        match folded {
            true => self.0.insert(node),
            false => self.0.remove(&node),
        };
    }

    /// Folds everything below the top, or unfolds everything.
    pub fn set_all(&mut self, document: &Document, folded: bool) {
        self.0.clear();
        if folded {
            let inner = document.nodes().iter().enumerate().skip(1);
            self.0
                .extend(inner.filter(|(_, n)| n.folds()).map(|(i, _)| i as u32));
        }
    }

    /// Folds or unfolds a value and all below it.
    pub fn set_below(&mut self, document: &Document, node: u32, folded: bool) {
        let mut waiting = vec![node];
        while let Some(number) = waiting.pop() {
            let Some(found) = document.node(number) else {
                continue;
            };
            if found.folds() {
                self.set(number, folded);
                waiting.extend(found.children.clone());
            }
        }
    }

    /// Opens everything that a value is in.
    pub fn reveal(&mut self, document: &Document, node: u32) {
        for parent in document.parents(node) {
            self.0.remove(&parent);
        }
    }
}

/// The lines of a document as it is folded.
pub fn lines(document: &Document, folds: &Folds) -> Vec<Line> {
    let mut lines = Vec::new();
    // What is open: a value and the next of its members.
    let mut open: Vec<(u32, u32)> = Vec::new();
    let mut next = Some(0);
    loop {
        if let Some(number) = next.take() {
            let Some(node) = document.node(number) else {
                return lines;
            };
            if node.folds() && !folds.is_folded(number) {
                lines.push(Line::Open(number));
                open.push((number, node.children.start));
            } else {
                lines.push(Line::One(number));
            }
        }
        let Some((number, at)) = open.last_mut() else {
            return lines;
        };
        let Some(node) = document.node(*number) else {
            return lines;
        };
        if *at < node.children.end {
            next = Some(*at);
            *at += 1;
            continue;
        }
        if node.more {
            lines.push(Line::More(*number));
        }
        lines.push(Line::Close(*number));
        open.pop();
    }
}

/// What a piece of a line is, as far as its colour goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// A key.
    Key,
    /// A text.
    Text,
    /// A number, `true`, `false`, `null`.
    Constant,
    /// Brackets, commas, colons.
    Sign,
    /// What is said of the value and is no part of it.
    Remark,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'d> {
    /// Its text.
    pub text: std::borrow::Cow<'d, str>,
    /// What it is.
    pub tint: Tint,
    /// Where it stands in the document's text; none where it does not.
    pub from: Option<usize>,
}

impl Piece<'static> {
    fn fixed(text: &'static str, tint: Tint) -> Self {
        Self {
            text: text.into(),
            tint,
            from: None,
        }
    }

    fn remark(text: String) -> Self {
        Self {
            text: text.into(),
            tint: Tint::Remark,
            from: None,
        }
    }
}

/// How deep a line stands.
pub fn depth(document: &Document, line: Line) -> usize {
    let of = document
        .node(line.node())
        .map_or(0, |n| usize::from(n.depth));
    match line {
        Line::More(_) => of + 1,
        _ => of,
    }
}

/// What stands on a line, without its indentation.
pub fn pieces(document: &Document, line: Line) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let Some(node) = document.node(line.node()) else {
        return pieces;
    };
    let (open, close) = match node.kind {
        Kind::Array => ("[", "]"),
        _ => ("{", "}"),
    };
    if let (Line::One(_) | Line::Open(_), Some(key)) = (line, &node.key) {
        pieces.push(Piece {
            text: document.slice(key).into(),
            tint: Tint::Key,
            from: Some(key.start),
        });
        pieces.push(Piece::fixed(": ", Tint::Sign));
    }
    match line {
        Line::Open(_) => {
            pieces.push(Piece::fixed(open, Tint::Sign));
            return pieces;
        }
        Line::More(_) => {
            let words = match node.kind {
                Kind::Array => "… more items, not shown: copy the value to have all of it",
                _ => "… more members, not shown: copy the value to have all of it",
            };
            pieces.push(Piece::fixed(words, Tint::Remark));
            return pieces;
        }
        Line::Close(_) => pieces.push(Piece::fixed(close, Tint::Sign)),
        Line::One(_) if node.is_container() && (node.folds() || node.more) => {
            pieces.push(Piece::fixed(open, Tint::Sign));
            pieces.push(Piece::fixed(" … ", Tint::Remark));
            pieces.push(Piece::fixed(close, Tint::Sign));
        }
        Line::One(_) if node.is_container() => {
            pieces.push(Piece::fixed(open, Tint::Sign));
            pieces.push(Piece::fixed(close, Tint::Sign));
        }
        Line::One(_) => pieces.extend(scalar(document, node)),
    }
    if !is_last(document, node) {
        pieces.push(Piece::fixed(",", Tint::Sign));
    }
    if matches!(line, Line::One(_)) && node.is_container() && (node.folds() || node.more) {
        pieces.push(Piece::remark(folded_words(node)));
    }
    pieces
}

fn scalar<'d>(document: &'d Document, node: &Node) -> Vec<Piece<'d>> {
    let text = document.slice(&node.value);
    let tint = match node.kind {
        Kind::Text => Tint::Text,
        _ => Tint::Constant,
    };
    let shown = text.get(..floor(text, LONGEST)).unwrap_or_default();
    let mut pieces = vec![Piece {
        text: shown.into(),
        tint,
        from: Some(node.value.start),
    }];
    if shown.len() < text.len() {
        let more = crate::workbench::panels::grouped(text.len() - shown.len());
        pieces.push(Piece::remark(format!(
            "… {more} more bytes, not shown: copy the value to have all of it"
        )));
    }
    pieces
}

/// The last place at which a text can be cut that is at most this one.
pub fn floor(text: &str, most: usize) -> usize {
    if most >= text.len() {
        return text.len();
    }
    let fits = |at: &usize| text.is_char_boundary(*at);
    (0..=most).rev().find(fits).unwrap_or(0)
}

fn folded_words(node: &Node) -> String {
    if !node.folds() {
        return "  not laid out: copy the value to have it".to_owned();
    }
    let count = node.children.len();
    let more = if node.more { "more than " } else { "" };
    let number = crate::workbench::panels::grouped(count);
    let word = match (node.kind, count) {
        (Kind::Array, 1) => "item",
        (Kind::Array, _) => "items",
        (_, 1) => "member",
        _ => "members",
    };
    format!("  {more}{number} {word}")
}

fn is_last(document: &Document, node: &Node) -> bool {
    let Some(parent) = node.parent.and_then(|p| document.node(p)) else {
        return true;
    };
    !parent.more && node.index as usize + 1 == parent.children.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn shown(text: &str, fold: impl Fn(&Document, &mut Folds)) -> Vec<String> {
        let document = Document::parse(&Arc::from(text)).unwrap();
        let mut folds = Folds::at_first(&document);
        fold(&document, &mut folds);
        let words = |line: &Line| {
            let pieces = pieces(&document, *line);
            let text: String = pieces.iter().map(|p| p.text.as_ref()).collect();
            format!("{}{text}", "  ".repeat(depth(&document, *line)))
        };
        lines(&document, &folds).iter().map(words).collect()
    }

    const TEXT: &str = r#"{"a":{"b":[1,2],"c":{}},"d":"x"}"#;

    #[test]
    fn a_line_a_value() {
        assert_eq!(
            shown(TEXT, |_, _| {}),
            [
                "{",
                r#"  "a": {"#,
                r#"    "b": ["#,
                "      1,",
                "      2",
                "    ],",
                r#"    "c": {}"#,
                "  },",
                r#"  "d": "x""#,
                "}",
            ]
        );
    }

    #[test]
    fn folded_values_stand_on_one_line_and_say_what_they_hold() {
        // 1 is "a", 3 is "b".
        assert_eq!(
            shown(TEXT, |_, folds| folds.set(1, true)),
            ["{", r#"  "a": { … },  2 members"#, r#"  "d": "x""#, "}"]
        );
        let all = shown(TEXT, |document, folds| folds.set_all(document, true));
        assert_eq!(all.len(), 4);
        let revealed = shown(TEXT, |document, folds| {
            folds.set_all(document, true);
            folds.reveal(document, 3);
        });
        assert_eq!(revealed[2], r#"    "b": [ … ],  2 items"#);
        let below = shown(TEXT, |document, folds| {
            folds.set_below(document, 1, true);
            folds.set(1, false);
        });
        assert_eq!(below[2], r#"    "b": [ … ],  2 items"#);
    }

    #[test]
    fn large_documents_begin_folded_and_say_what_is_missing() {
        let item = r#"{"k":[1,2,3]},"#;
        let text = format!("[{}1]", item.repeat(1_500));
        let first = shown(&text, |_, _| {});
        // Two brackets and one line an item.
        assert_eq!(first.len(), 2 + 1_501);
        assert_eq!(first[1], "  { … },  1 member");
        let many = format!("[{}1]", "1,".repeat(20_000));
        let last = shown(&many, |_, folds| *folds = Folds::default());
        assert!(last[last.len() - 2].contains("more items, not shown"));
        let long = format!(r#"["{}"]"#, "é".repeat(30_000));
        // Of 60,002 bytes 20,000 hold the quote and 9,999 letters of two bytes.
        let cut = &shown(&long, |_, _| {})[1];
        assert_eq!(cut.matches('é').count(), 9_999);
        assert!(cut.contains("40,003 more bytes"), "{cut}");
    }
}

//! The tree of a JSON text: which value stands where. Nothing of the text is copied, numbers stay as they are written
//! and a key that stands twice is there twice.
//!
//! Levels are read from the top down, so that a text too large to be read whole shows its upper levels.

use std::ops::Range;
use std::sync::Arc;

/// Most values that are laid out.
const MOST_NODES: usize = 200_000;
/// Most members or items of one value that are laid out.
const MOST_CHILDREN: usize = 10_000;
/// No value below this depth is opened.
const DEEPEST: u16 = 2_000;
/// Bytes that may be looked at, as a multiple of the text's length: every level looks at what lies below it.
const LOOKS: usize = 24;
/// Beyond the text itself, no more bytes than these.
const MOST_LOOKS: usize = 400 << 20;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    Text,
    /// A number, `true`, `false`, `null`.
    Constant,
}

/// One value of the text.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value it is in; none for the whole.
    pub parent: Option<u32>,
    /// Its place among the members or items of that, from 0.
    pub index: u32,
    /// Its key with the quotes; none for an item.
    pub key: Option<Range<usize>>,
    /// Its bytes.
    pub value: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Its members or items that are laid out.
    pub children: Range<u32>,
    /// It has members or items that are not laid out.
    pub more: bool,
    /// How many values it is in.
    pub depth: u16,
}

impl Node {
    /// Whether it is an object or an array.
    pub fn is_container(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Array)
    }

    /// Whether it can be folded: it has members or items that are laid out.
    pub fn folds(&self) -> bool {
        !self.children.is_empty()
    }
}

/// A JSON text with its values. The first is the whole.
#[derive(Clone, Debug)]
pub struct Document {
    text: Arc<str>,
    nodes: Vec<Node>,
}

impl Document {
    /// Reads a text; none where it is no JSON object or array.
    pub fn parse(text: &Arc<str>) -> Option<Self> {
        let bytes = text.as_bytes();
        let start = space(bytes, 0);
        let again = bytes.len().saturating_mul(LOOKS).min(MOST_LOOKS);
        let mut looks = bytes.len().saturating_add(again).saturating_add(1 << 20);
        let (kind, end) = value(bytes, start, &mut looks)?;
        if space(bytes, end) != bytes.len() || !matches!(kind, Kind::Object | Kind::Array) {
            return None;
        }
        let mut nodes = vec![Node {
            parent: None,
            index: 0,
            key: None,
            value: start..end,
            kind,
            children: 0..0,
            more: false,
            depth: 0,
        }];
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            if node.is_container() {
                let (found, more) = match node.depth < DEEPEST && nodes.len() < MOST_NODES {
                    true => children(bytes, node, at as u32, &mut looks)?,
                    false => (Vec::new(), !is_empty(bytes, node)),
                };
                let first = nodes.len() as u32;
                let last = first + found.len() as u32;
                nodes.extend(found);
                if let Some(node) = nodes.get_mut(at) {
                    node.children = first..last;
                    node.more = more;
                }
            }
            at += 1;
        }
        Some(Self {
            text: Arc::clone(text),
            nodes,
        })
    }

    /// All values, the whole first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One value.
    pub fn node(&self, number: u32) -> Option<&Node> {
        self.nodes.get(number as usize)
    }

    /// A part of the text.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Whether something of the text is not laid out.
    pub fn is_cut(&self) -> bool {
        self.nodes.iter().any(|n| n.more)
    }

    /// The values that a value is in, the nearest first.
    pub fn parents(&self, number: u32) -> impl Iterator<Item = u32> {
        let parent = |n: &u32| self.node(*n).and_then(|n| n.parent);
        std::iter::successors(parent(&number), parent)
    }
}

fn space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    from + rest.iter().take_while(|b| blank(b)).count()
}

fn is_empty(bytes: &[u8], node: &Node) -> bool {
    space(bytes, node.value.start + 1) + 1 >= node.value.end
}

/// The end of a text that begins with a quote.
fn text_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        let found = memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        at += found + 1;
        match bytes.get(at - 1) {
            Some(b'"') => return Some(at),
            _ => at += 1,
        }
    }
}

/// What begins at a place, and where it ends. None where the text is no JSON or too much was looked at.
fn value(bytes: &[u8], from: usize, looks: &mut usize) -> Option<(Kind, usize)> {
    let (kind, end) = match bytes.get(from)? {
        b'"' => (Kind::Text, text_end(bytes, from)?),
        open @ (b'{' | b'[') => {
            let kind = match open {
                b'{' => Kind::Object,
                _ => Kind::Array,
            };
            let (mut depth, mut at) = (0_usize, from);
            loop {
                match bytes.get(at)? {
                    b'"' => at = text_end(bytes, at)? - 1,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    break;
                }
            }
            (kind, at)
        }
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
            let rest = bytes.get(from..)?;
            let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
            (
                Kind::Constant,
                from + rest.iter().take_while(|b| word(b)).count(),
            )
        }
        _ => return None,
    };
    *looks = looks.checked_sub(end - from)?;
    Some((kind, end))
}

/// The members or items of a value, and whether there are more of them. None where the text is no JSON.
fn children(
    bytes: &[u8],
    parent: &Node,
    number: u32,
    looks: &mut usize,
) -> Option<(Vec<Node>, bool)> {
    let mut found = Vec::new();
    let mut at = space(bytes, parent.value.start + 1);
    let close = parent.value.end - 1;
    if at >= close {
        return Some((found, false));
    }
    loop {
        if found.len() >= MOST_CHILDREN || *looks < close.saturating_sub(at) {
            return Some((found, true));
        }
        let mut key = None;
        if parent.kind == Kind::Object {
            if bytes.get(at) != Some(&b'"') {
                return None;
            }
            let end = text_end(bytes, at)?;
            key = Some(at..end);
            at = space(bytes, end);
            if bytes.get(at) != Some(&b':') {
                return None;
            }
            at = space(bytes, at + 1);
        }
        let (kind, end) = value(bytes, at, looks)?;
        if end > close {
            return None;
        }
        found.push(Node {
            parent: Some(number),
            index: found.len() as u32,
            key,
            value: at..end,
            kind,
            children: 0..0,
            more: false,
            depth: parent.depth + 1,
        });
        at = space(bytes, end);
        match bytes.get(at) {
            Some(b',') => at = space(bytes, at + 1),
            _ if at == close => return Some((found, false)),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Option<Document> {
        Document::parse(&Arc::from(text))
    }

    #[test]
    fn values_stand_where_they_are_written() {
        let text = r#" {"a": [1, {"b": "x\"]"}], "a": null, "n": 12345678901234567890.10} "#;
        let document = document(text).unwrap();
        let shown: Vec<_> = document
            .nodes()
            .iter()
            .map(|n| {
                let key = n.key.as_ref().map_or("", |k| document.slice(k));
                (n.depth, key, document.slice(&n.value))
            })
            .collect();
        // Level by level; the key that stands twice is there twice, the number with all its digits.
        assert_eq!(shown[0], (0, "", text.trim()));
        assert_eq!(
            shown[1..],
            [
                (1, r#""a""#, r#"[1, {"b": "x\"]"}]"#),
                (1, r#""a""#, "null"),
                (1, r#""n""#, "12345678901234567890.10"),
                (2, "", "1"),
                (2, "", r#"{"b": "x\"]"}"#),
                (3, r#""b""#, r#""x\"]""#),
            ]
        );
        assert_eq!(document.nodes()[0].children, 1..4);
        assert_eq!(document.parents(6).collect::<Vec<_>>(), [5, 1, 0]);
        assert!(!document.is_cut());
    }

    #[test]
    fn what_is_no_json_is_none() {
        for text in [
            "",
            "a,b,c",
            "{",
            "{\"a\"}",
            "{\"a\": }",
            "[1 2]",
            "{} {}",
            "\"text\"",
            "12",
            "[\"",
            "[}]]",
            "{\"a\":1,}",
        ] {
            assert!(document(text).is_none(), "{text}");
        }
        assert!(document("{}").is_some() && document("[ ]").is_some());
    }

    #[test]
    fn hostile_texts_are_cut() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep = document(&deep).unwrap();
        assert!(deep.is_cut());
        let wide = format!("[{}1]", "1,".repeat(100_000));
        let wide = document(&wide).unwrap();
        assert_eq!(wide.nodes()[0].children.len(), MOST_CHILDREN);
        assert!(wide.nodes()[0].more);
        // Ten thousand items of a hundred: the budget ends within them, every item itself is there.
        let item = format!("[{}1],", "1,".repeat(99));
        let both = format!("[{}1]", item.repeat(9_999));
        let both = document(&both).unwrap();
        assert_eq!(both.nodes()[0].children.len(), 10_000);
        assert!(both.nodes().len() <= MOST_NODES + MOST_CHILDREN);
        assert!(both.is_cut());
    }
}

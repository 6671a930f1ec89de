//! Values made of the span tree by the rules of PyYAML, as Panther's tool changes it.

use super::scalar::{Scalar, real, resolve, whole};
use super::tree::{Kind, NodeId, Tree};
use super::{MAX_DEPTH, errors};
use crate::diagnostic::Diagnostic;
use granit_parser::ScalarStyle;
use serde_yaml::{Mapping, Number, Value};

/// Aliases can nest a document deeper than its text is.
const DEEPEST: usize = MAX_DEPTH + 28;
/// What all well-known tags begin with.
const CORE: &str = "tag:yaml.org,2002:";

/// The value of a document, and what its reader would refuse. Top-level entries that begin at the end of `readable`
/// or later, of which the text broke off, are left out; `shift` is where the text begins in the file.
pub(super) fn value(tree: &Tree, readable: &str, shift: usize) -> (Value, Vec<Diagnostic>) {
    let mut maker = Maker {
        tree,
        end: readable.len() + shift,
        closed: readable.ends_with(['\n', '\r']),
        found: Vec::new(),
    };
    let value = match tree.root() {
        Some(root) => maker.node(root, 0),
        None => Value::Null,
    };
    (value, maker.found)
}

struct Maker<'t> {
    tree: &'t Tree,
    end: usize,
    /// Whether the last line has a line break.
    closed: bool,
    found: Vec<Diagnostic>,
}

impl Maker<'_> {
    fn refuse(&mut self, id: NodeId, code: &str, message: String, hint: &str) {
        // A hundred are enough to read.
        if self.found.len() < 100 {
            let found = Diagnostic::error(code, self.tree.span(id), message);
            self.found.push(match hint {
                "" => found,
                hint => found.with_hint(hint),
            });
        }
    }

    fn node(&mut self, id: NodeId, depth: usize) -> Value {
        if depth > DEEPEST {
            if !self.found.iter().any(|d| d.code == "yaml-depth") {
                self.found.push(errors::depth(self.tree.span(id)));
            }
            return Value::Null;
        }
        let id = self.tree.target(id);
        let tree = self.tree;
        match tree.kind(id) {
            Some(Kind::Scalar(style, text)) => {
                self.scalar(id, *style, text.as_deref().unwrap_or(""), false)
            }
            Some(Kind::Sequence(items)) => {
                self.no_other_tag(id, "seq");
                let items = items.iter();
                Value::Sequence(items.map(|item| self.node(*item, depth + 1)).collect())
            }
            Some(Kind::Mapping(_)) => {
                self.no_other_tag(id, "map");
                let mut mapping = Mapping::new();
                self.fill(id, &mut mapping, depth);
                Value::Mapping(mapping)
            }
            Some(Kind::Alias(_)) | None => Value::Null,
        }
    }

    /// Puts the entries of a mapping in: first what `<<` takes in, then its own, of equal keys the last.
    fn fill(&mut self, id: NodeId, mapping: &mut Mapping, depth: usize) {
        let tree = self.tree;
        let Some(Kind::Mapping(entries)) = tree.kind(id) else {
            return;
        };
        let broken = |key: NodeId| depth == 0 && tree.span(key).start >= self.end;
        let entries: Vec<(NodeId, NodeId)> = entries
            .iter()
            .copied()
            .filter(|(key, _)| !broken(*key))
            .collect();
        for (key, merged) in &entries {
            if self.is_merge(*key) {
                self.merge(*merged, mapping, depth + 1);
            }
        }
        for (key, value) in entries {
            if self.is_merge(key) {
                continue;
            }
            let at = tree.target(key);
            let key = match tree.kind(at) {
                Some(Kind::Scalar(style, text)) => {
                    self.scalar(at, *style, text.as_deref().unwrap_or(""), true)
                }
                _ => {
                    let message = "a list or a mapping cannot be a key".to_owned();
                    self.refuse(key, "yaml-key", message, "Write the key as text");
                    continue;
                }
            };
            let value = self.node(value, depth + 1);
            mapping.insert(key, value);
        }
    }

    fn is_merge(&self, key: NodeId) -> bool {
        let plain = self.tree.scalar_style(key) == Some(ScalarStyle::Plain);
        plain && self.tree.key_text(key) == Some("<<") && self.tree.tag(key).is_none()
    }

    fn merge(&mut self, merged: NodeId, mapping: &mut Mapping, depth: usize) {
        if depth > DEEPEST {
            self.node(merged, depth); // says so
            return;
        }
        let at = self.tree.target(merged);
        let tree = self.tree;
        match tree.kind(at) {
            Some(Kind::Mapping(_)) => self.fill(at, mapping, depth.max(1)),
            Some(Kind::Sequence(items)) => {
                // The first of them has the last word.
                for item in items.iter().rev() {
                    let item = tree.target(*item);
                    if matches!(tree.kind(item), Some(Kind::Mapping(_))) {
                        self.fill(item, mapping, depth.max(1));
                    } else {
                        self.no_merge(item);
                    }
                }
            }
            _ => self.no_merge(merged),
        }
    }

    fn no_merge(&mut self, id: NodeId) {
        let message = "`<<` takes in a mapping or a list of mappings".to_owned();
        self.refuse(id, "yaml-merge", message, "");
    }

    fn no_other_tag(&mut self, id: NodeId, own: &str) {
        match self.tree.tag(id) {
            None | Some("!") => {}
            Some(tag) if tag.strip_prefix(CORE) == Some(own) => {}
            Some(tag) => self.unknown_tag(id, tag),
        }
    }

    fn unknown_tag(&mut self, id: NodeId, tag: &str) {
        let shown = match tag.strip_prefix(CORE) {
            Some(core) => format!("!!{core}"),
            None => tag.to_owned(),
        };
        let message = format!("the tag {shown} is not read in a Panther document");
        self.refuse(id, "yaml-tag", message, "Leave the tag out");
    }

    fn scalar(&mut self, id: NodeId, style: ScalarStyle, text: &str, is_key: bool) -> Value {
        let resolved = match self.tree.tag(id) {
            None | Some("!") if style == ScalarStyle::Plain => {
                if matches!(text, "=" | "<<") && !is_key {
                    let message = format!("`{text}` alone is no value in a Panther document");
                    self.refuse(id, "yaml-value", message, "Put it into quotes");
                    return Value::Null;
                }
                resolve(text)
            }
            None | Some("!") => Scalar::Text,
            Some(tag) => match tag.strip_prefix(CORE) {
                Some("str" | "timestamp") => Scalar::Text,
                Some("null") => Scalar::Null,
                Some("bool") => match resolve(text) {
                    truth @ Scalar::Bool(_) => truth,
                    _ => Scalar::Text,
                },
                Some("int") if text.contains(':') => Scalar::Text,
                Some("int") => whole(text),
                Some("float") => match real(text) {
                    Some(number) => Scalar::Real(number),
                    None => match whole(text) {
                        Scalar::Whole(number) => Scalar::Real(number as f64),
                        Scalar::Beyond(number) => Scalar::Real(number),
                        _ => Scalar::NoDigits,
                    },
                },
                _ => {
                    let tag = tag.to_owned();
                    self.unknown_tag(id, &tag);
                    Scalar::Text
                }
            },
        };
        match resolved {
            Scalar::Null => Value::Null,
            Scalar::Bool(truth) => Value::Bool(truth),
            Scalar::Text => {
                // The parser ends the last line of a block for a file that does not.
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let last = block && !self.closed && self.tree.span(id).end == self.end;
                let text = match text.strip_suffix('\n') {
                    Some(short) if last => short,
                    _ => text,
                };
                Value::String(text.to_owned())
            }
            Scalar::Real(number) => Value::Number(Number::from(number)),
            Scalar::Whole(number) => match (i64::try_from(number), u64::try_from(number)) {
                (Ok(small), _) => Value::Number(small.into()),
                (_, Ok(large)) => Value::Number(large.into()),
                _ => Value::Null,
            },
            Scalar::Beyond(near) => {
                let message = format!("the whole number {text} does not fit 64 bits");
                self.refuse(id, "yaml-number", message, "Put it into quotes");
                Value::Number(Number::from(near))
            }
            Scalar::NoDigits => {
                let message = format!("`{text}` is no number");
                self.refuse(id, "yaml-number", message, "Put it into quotes");
                Value::Null
            }
        }
    }
}

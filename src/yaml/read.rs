//! From text to a document: bounds, positions, values.

use super::tree::{Stop, Tree};
use super::{Dialect, Document, Inner, MAX_BYTES, MAX_DEPTH, dialect, errors};
use crate::diagnostic::{Diagnostic, Severity, Span};
use serde::Deserialize;
use serde::de::{EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_yaml::Value;
use serde_yaml::value::{Tag, TaggedValue};
use std::fmt;
use std::sync::Arc;

/// The largest document with its aliases written out, in bytes, roughly.
const MAX_EXPANDED: u64 = 256 << 20;
/// How many times larger than its text a document may become through aliases.
const MAX_GROWTH: u64 = 200;

pub(super) fn parse(text: &str, how: Dialect) -> (Document, Vec<Diagnostic>) {
    let mut document = Inner {
        text: text.to_owned(),
        ..Inner::default()
    };
    if text.len() > MAX_BYTES {
        let diagnostic = Diagnostic::error(
            "yaml-size",
            Span::default(),
            format!(
                "the file has {} MB; a YAML document is read up to {} MB",
                text.len() >> 20,
                MAX_BYTES >> 20
            ),
        )
        .with_hint("Is this a log file? Load it as one");
        return (Document(Arc::new(document)), vec![diagnostic]);
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - body.len();
    let (tree, stop) = Tree::read(body, shift, how == Dialect::PyYaml);
    document.tree = tree;

    let mut diagnostics = Vec::new();
    let readable = match stop {
        None => Some(body),
        Some(Stop::Documents(at)) => {
            diagnostics.push(
                Diagnostic::error(
                    "yaml-documents",
                    Span::new(at, (at + 3).min(text.len())),
                    "a second document begins here; only the first one is read",
                )
                .with_hint("Put each rule into a file of its own, or remove the `---`"),
            );
            body.get(..at - shift)
        }
        Some(Stop::Scan(error, place)) => {
            diagnostics.push(errors::syntax(text, shift, &error, &place));
            place
                .entry
                .and_then(|at| body.get(..at.checked_sub(shift)?))
        }
        Some(Stop::Depth(at)) => {
            diagnostics.push(errors::depth(Span::new(at, at)));
            None
        }
        Some(Stop::Recursive(span)) => {
            diagnostics.push(
                Diagnostic::error(
                    "yaml-aliases",
                    span,
                    "this alias stands inside its own anchor",
                )
                .with_hint("Write the value out"),
            );
            None
        }
    };
    for (key, first, second) in document.tree.duplicates() {
        let line = crate::diagnostic::LineIndex::new(text)
            .position(document.tree.span(first).start)
            .line;
        let severity = match how {
            Dialect::Library => Severity::Error,
            // Its reader says nothing and takes the last one.
            Dialect::PyYaml => Severity::Warning,
        };
        diagnostics.push(
            Diagnostic::new(
                severity,
                "yaml-duplicate-key",
                Some(document.tree.span(second)),
                format!("the key `{key}` stands here a second time"),
            )
            .with_hint(format!("The first one is on line {line}: keep one of them")),
        );
        if diagnostics.len() >= 100 {
            break;
        }
    }
    if let Some(readable) = readable {
        let made = match how {
            Dialect::Library => value(&document.tree, readable, shift),
            Dialect::PyYaml => expandable(&document.tree, body.len()).map(|()| {
                let (value, found) = dialect::value(&document.tree, readable, shift);
                diagnostics.extend(found);
                value
            }),
        };
        match made {
            Ok(value) => document.value = value,
            Err(diagnostic) => {
                if !diagnostics.iter().any(Diagnostic::is_error) {
                    diagnostics.push(*diagnostic);
                }
            }
        }
    }
    (Document(Arc::new(document)), diagnostics)
}

/// Whether the aliases of a document can be written out within the bounds.
fn expandable(tree: &Tree, length: usize) -> Result<(), Box<Diagnostic>> {
    if let Some(alias) = tree.first_alias() {
        let weight = tree.expanded_weight();
        let grown = (length as u64).saturating_mul(MAX_GROWTH).max(1 << 20);
        if weight > MAX_EXPANDED.min(grown) {
            return Err(Box::new(
                Diagnostic::error(
                    "yaml-aliases",
                    alias,
                    "the aliases of this document multiply beyond what can be read",
                )
                .with_hint("Write the values out instead of repeating anchors of anchors"),
            ));
        }
    }
    Ok(())
}

/// The value of a text that has one document.
fn value(tree: &Tree, body: &str, shift: usize) -> Result<Value, Box<Diagnostic>> {
    expandable(tree, body.len())?;
    let Some(document) = serde_yaml::Deserializer::from_str(body).next() else {
        return Ok(Value::Null);
    };
    let failed = |error: serde_yaml::Error| {
        let at = error.location().map_or(shift, |l| l.index() + shift);
        let text = error.to_string();
        Box::new(if text.contains("recursion limit") {
            errors::depth(Span::new(at, at))
        } else {
            let said = text.split(" at line ").next().unwrap_or(&text);
            Diagnostic::error("yaml-syntax", Span::new(at, at), said)
        })
    };
    let Lenient(mut value) = Lenient::deserialize(document).map_err(failed)?;
    if tree.has_merge() {
        value.apply_merge().map_err(failed)?;
    }
    Ok(value)
}

/// The entry of a mapping by its key's text (`1` is found by `"1"`).
pub(super) fn entry<'v>(mapping: &'v serde_yaml::Mapping, key: &str) -> Option<&'v Value> {
    mapping.get(key).or_else(|| {
        let mut entries = mapping.iter();
        entries.find_map(|(k, v)| key_is(k, key).then_some(v))
    })
}

/// Whether a key has this text.
pub(super) fn key_is(key: &Value, text: &str) -> bool {
    match key {
        Value::String(s) => s == text,
        Value::Number(n) => n.to_string() == text,
        Value::Bool(b) => b.to_string() == text,
        _ => false,
    }
}

/// A value in which the last of several equal keys wins: `serde_yaml` refuses them, and they are reported
/// from the tree, with their places.
struct Lenient(Value);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor).map(Lenient)
    }
}

struct LenientVisitor;

impl<'de> Visitor<'de> for LenientVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a YAML value nested at most {MAX_DEPTH} deep")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Lenient::deserialize(deserializer).map(|l| l.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Lenient(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut mapping = serde_yaml::Mapping::new();
        while let Some(Lenient(key)) = access.next_key()? {
            let Lenient(value) = access.next_value()?;
            mapping.insert(key, value);
        }
        Ok(Value::Mapping(mapping))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (tag, contents): (String, A::Variant) = access.variant()?;
        let Lenient(value) = contents.newtype_variant()?;
        if tag.is_empty() {
            return Ok(value);
        }
        Ok(Value::Tagged(Box::new(TaggedValue {
            tag: Tag::new(tag),
            value,
        })))
    }
}

//! Ways to write a value where there is none yet: a key more, an item more, or both.

use super::show_path;
use super::write::{block_lines, on_one_line};
use crate::diagnostic::{Edit, Span};
use crate::yaml::layout::Layout;
use crate::yaml::tree::Kind;
use crate::yaml::{Document, Step};
use serde_yaml::Value;

/// The ways. `order` names keys in the order in which a document has them.
pub(super) fn ways(
    document: &Document,
    path: &[Step],
    wanted: &Value,
    order: &[&str],
) -> Result<Vec<Vec<Edit>>, String> {
    let tree = &document.0.tree;
    let layout = Layout::of(document);
    let there = (0..path.len()).rev().find_map(|n| {
        let above = path.get(..n)?;
        Some((n, tree.target(tree.find(above)?)))
    });
    let Some((depth, parent)) = there else {
        // An empty document.
        let lines = layout.entry_lines(path, wanted, 0);
        let at = document.text().len();
        return Ok(vec![vec![edit(at, at, lines.join(layout.eol))]]);
    };
    let (above, rest) = path.split_at(depth);
    let shown = show_path(above);
    let span = tree.span(parent);
    let source = document.text().get(span.start..span.end).unwrap_or("");
    let mut ways = Vec::new();
    match (tree.kind(parent), rest.first()) {
        (Some(Kind::Mapping(entries)), Some(Step::Key(key))) => {
            if source.starts_with('{') {
                let more = flow_entry(rest, wanted);
                ways.push(vec![into_flow(span, source, entries.is_empty(), more)]);
                return Ok(ways);
            }
            let Some((first, _)) = entries.first() else {
                return Ok(ways);
            };
            let column = layout.column(tree.span(*first).start);
            let lines = layout.entry_lines(rest, wanted, column);
            // Behind the entry that stands before it in the usual order, else at the end.
            let place = |key: &str| order.iter().position(|o| *o == key);
            let own = place(key).filter(|_| depth == 0);
            let before = entries.iter().filter(|(k, _)| {
                let other = tree.key_text(*k).and_then(place);
                own.is_some_and(|own| other.is_some_and(|other| other < own))
            });
            let nearest = before.max_by_key(|(k, _)| tree.key_text(*k).and_then(place));
            for (_, value) in nearest.into_iter().chain(entries.last()) {
                ways.push(vec![layout.line_after(tree.span(*value).end, &lines)]);
            }
        }
        (Some(Kind::Sequence(items)), Some(Step::Index(index))) => {
            if *index != items.len() {
                return Err(format!(
                    "`{shown}` has {} items, numbered from 0; the next one is {shown}[{}]",
                    items.len(),
                    items.len()
                ));
            }
            if source.starts_with('[') {
                let more = flow_value(rest.get(1..).unwrap_or(&[]), wanted);
                ways.push(vec![into_flow(span, source, items.is_empty(), more)]);
                return Ok(ways);
            }
            let Some(last) = items.last() else {
                return Ok(ways);
            };
            let dash = items.first().and_then(|item| layout.dash(*item));
            let column = layout.column(dash.unwrap_or(span.start));
            let lines = layout.item_lines(rest.get(1..).unwrap_or(&[]), wanted, column);
            ways.push(vec![layout.line_after(tree.span(*last).end, &lines)]);
        }
        (Some(Kind::Sequence(_)), _) => {
            return Err(format!(
                "`{shown}` is a list: name an item, such as {shown}[0]"
            ));
        }
        (Some(Kind::Mapping(_)), _) => {
            return Err(format!(
                "`{shown}` is a mapping and has no item of a number"
            ));
        }
        (Some(Kind::Scalar(..)), Some(step)) => {
            if !source.is_empty() && !matches!(source, "~" | "null") {
                return Err(format!("`{shown}` is a single value and has no parts"));
            }
            let key_column = layout.column_of(above);
            let lines = match step {
                Step::Key(_) => layout.entry_lines(rest, wanted, key_column + layout.step),
                Step::Index(0) => layout.item_lines(
                    rest.get(1..).unwrap_or(&[]),
                    wanted,
                    key_column + layout.list_step,
                ),
                Step::Index(_) => {
                    return Err(format!("`{shown}` is empty; its first item is {shown}[0]"));
                }
            };
            let mut edits = vec![layout.line_after(span.end, &lines)];
            if !source.is_empty() {
                edits.insert(0, edit(span.start, span.end, String::new()));
            }
            ways.push(edits);
        }
        _ => {}
    }
    Ok(ways)
}

fn edit(start: usize, end: usize, text: String) -> Edit {
    Edit {
        span: Span::new(start, end),
        text,
    }
}

/// One more member before the closing bracket.
fn into_flow(span: Span, source: &str, empty: bool, more: String) -> Edit {
    let inside = source.get(..source.len().saturating_sub(1)).unwrap_or("");
    let end = span.start + inside.trim_end().len();
    let comma = if empty || inside.trim_end().ends_with(',') {
        ""
    } else {
        ", "
    };
    edit(end, end, format!("{comma}{more}"))
}

fn flow_entry(path: &[Step], wanted: &Value) -> String {
    match path.split_first() {
        Some((Step::Key(key), rest)) => {
            let key = on_one_line(&Value::String(key.clone()), true);
            format!("{key}: {}", flow_value(rest, wanted))
        }
        _ => on_one_line(wanted, true),
    }
}

fn flow_value(path: &[Step], wanted: &Value) -> String {
    match path.split_first() {
        None => on_one_line(wanted, true),
        Some((Step::Key(_), _)) => format!("{{{}}}", flow_entry(path, wanted)),
        Some((Step::Index(_), rest)) => format!("[{}]", flow_value(rest, wanted)),
    }
}

/// A mapping that would make a longer line is written over several.
const WIDE: usize = 100;

impl Layout<'_> {
    /// The lines of `key: …` and what is below it.
    fn entry_lines(&self, path: &[Step], wanted: &Value, column: usize) -> Vec<String> {
        let pad = " ".repeat(column);
        match path.split_first() {
            Some((Step::Key(key), rest)) => {
                let key = on_one_line(&Value::String(key.clone()), false);
                match rest.first() {
                    None => self.value_lines(&format!("{pad}{key}:"), wanted, column),
                    Some(step) => {
                        let mut lines = vec![format!("{pad}{key}:")];
                        lines.extend(match step {
                            Step::Key(_) => self.entry_lines(rest, wanted, column + self.step),
                            Step::Index(_) => self.item_lines(
                                rest.get(1..).unwrap_or(&[]),
                                wanted,
                                column + self.list_step,
                            ),
                        });
                        lines
                    }
                }
            }
            _ => vec![format!("{pad}{}", on_one_line(wanted, false))],
        }
    }

    /// A value behind its key: on the line, or below it.
    fn value_lines(&self, key: &str, wanted: &Value, column: usize) -> Vec<String> {
        match wanted {
            Value::String(text) if text.contains('\n') => {
                let header = if text.ends_with('\n') { "|" } else { "|-" };
                match block_lines(text, column + self.step) {
                    Some(lines) => {
                        let mut all = vec![format!("{key} {header}")];
                        all.extend(lines);
                        all
                    }
                    None => vec![format!("{key} {}", on_one_line(wanted, false))],
                }
            }
            Value::Sequence(items) if !items.is_empty() => {
                let column = column + self.list_step;
                let items = items
                    .iter()
                    .flat_map(|item| self.item_lines(&[], item, column));
                std::iter::once(key.to_owned()).chain(items).collect()
            }
            Value::Mapping(mapping) if !mapping.is_empty() => {
                let mut lines = vec![key.to_owned()];
                for (name, value) in mapping {
                    let path = [Step::Key(name.as_str().unwrap_or_default().to_owned())];
                    lines.extend(self.entry_lines(&path, value, column + self.step));
                }
                lines
            }
            _ => vec![format!("{key} {}", on_one_line(wanted, false))],
        }
    }

    /// The lines of `- …`.
    fn item_lines(&self, path: &[Step], wanted: &Value, column: usize) -> Vec<String> {
        let mut lines = match path.first() {
            None if column + on_one_line(wanted, false).len() > WIDE => match wanted {
                // A long mapping is read line by line.
                Value::Mapping(mapping) if !mapping.is_empty() => {
                    let entries = mapping.iter().map(|(name, value)| {
                        let path = [Step::Key(name.as_str().unwrap_or_default().to_owned())];
                        self.entry_lines(&path, value, column + 2)
                    });
                    entries.flatten().collect()
                }
                _ => vec![format!(
                    "{}{}",
                    " ".repeat(column + 2),
                    on_one_line(wanted, false)
                )],
            },
            None => {
                return vec![format!(
                    "{}- {}",
                    " ".repeat(column),
                    on_one_line(wanted, false)
                )];
            }
            Some(Step::Key(_)) => self.entry_lines(path, wanted, column + 2),
            Some(Step::Index(_)) => {
                self.item_lines(path.get(1..).unwrap_or(&[]), wanted, column + 2)
            }
        };
        if let Some(first) = lines.first_mut() {
            let rest = first.get(column + 2..).unwrap_or("").to_owned();
            *first = format!("{}- {rest}", " ".repeat(column));
        }
        lines
    }
}

//! Ways to write another value where one stands.

use super::write::{block_lines, double, may_be_plain, on_one_line, single};
use crate::diagnostic::{Edit, Span};
use crate::yaml::layout::Layout;
use crate::yaml::tree::Kind;
use crate::yaml::{Document, Step};
use granit_parser::ScalarStyle;
use serde_yaml::Value;

/// The ways, the file's own first.
pub(super) fn ways(
    document: &Document,
    path: &[Step],
    node: usize,
    wanted: &Value,
    given: &str,
) -> Vec<Vec<Edit>> {
    let tree = &document.0.tree;
    let span = tree.span(node);
    let layout = Layout::of(document);
    let Some(style) = tree.scalar_style(node) else {
        let span = match tree.kind(node) {
            Some(Kind::Sequence(items)) => {
                let first = items.first().and_then(|item| layout.dash(*item));
                Span::new(first.unwrap_or(span.start), span.end)
            }
            _ => span,
        };
        return collection(document, &layout, span, wanted);
    };
    let in_flow = layout.in_flow(path);
    let one = |text: String| {
        vec![Edit {
            span,
            text: after_colon(document, span, text),
        }]
    };
    let Value::String(text) = wanted else {
        // A number as it was given, so that `1.50` stays `1.50`.
        return match wanted {
            Value::Sequence(_) | Value::Mapping(_) => vec![one(on_one_line(wanted, in_flow))],
            _ => vec![
                one(given.trim().to_owned()),
                one(on_one_line(wanted, in_flow)),
            ],
        };
    };
    let mut ways = Vec::new();
    let literal = || {
        let lines = block_lines(text, layout.column_of(path) + layout.step)?;
        let header = if text.ends_with('\n') { "|" } else { "|-" };
        (!in_flow).then(|| {
            let eol = layout.eol;
            one(format!("{header}{eol}{}", lines.join(eol)))
        })
    };
    match style {
        ScalarStyle::Plain => {
            if may_be_plain(text, in_flow) {
                ways.push(one(text.clone()));
            }
            if text.contains('\n') {
                ways.extend(literal());
            }
            ways.extend(single(text).filter(|_| !text.contains('\'')).map(one));
        }
        ScalarStyle::SingleQuoted => ways.extend(single(text).map(one)),
        ScalarStyle::DoubleQuoted => {}
        ScalarStyle::Literal => {
            ways.extend(block(document, &layout, path, span, text, false));
            ways.extend(literal());
        }
        ScalarStyle::Folded => {
            ways.extend(block(document, &layout, path, span, text, true));
            ways.extend(literal());
        }
    }
    ways.push(one(double(text)));
    ways
}

/// A value right behind the colon of a key that had none needs a space.
fn after_colon(document: &Document, span: Span, text: String) -> String {
    let before = document.text().get(..span.start).unwrap_or("");
    match span.start == span.end && before.ends_with([':', '-', '?']) {
        true => format!(" {text}"),
        false => text,
    }
}

/// A collection for another: in brackets where it stood in brackets, else item for item.
fn collection(
    document: &Document,
    layout: &Layout<'_>,
    span: Span,
    wanted: &Value,
) -> Vec<Vec<Edit>> {
    let source = document.text().get(span.start..span.end).unwrap_or("");
    let one = |text: String| vec![Edit { span, text }];
    let mut ways = Vec::new();
    if let (false, Value::Sequence(items)) = (source.starts_with(['[', '{']), wanted) {
        let pad = " ".repeat(layout.column(span.start));
        let lines: Vec<String> = items
            .iter()
            .enumerate()
            .map(|(at, item)| {
                let pad = if at == 0 { "" } else { pad.as_str() };
                format!("{pad}- {}", on_one_line(item, false))
            })
            .collect();
        ways.push(one(lines.join(layout.eol)));
    }
    if source.starts_with(['[', '{']) {
        ways.push(one(on_one_line(wanted, true)));
    }
    ways
}

/// The lines of a block exchanged; its header, and lines at both ends that stay the same, are left.
fn block(
    document: &Document,
    layout: &Layout<'_>,
    path: &[Step],
    span: Span,
    text: &str,
    folded: bool,
) -> Option<Vec<Edit>> {
    let whole = document.text();
    let header_end = span.start + whole.get(span.start..)?.find('\n')? + 1;
    if header_end > span.end {
        return None;
    }
    let segments = document.segments(path)?;
    let first = segments.iter().find(|s| s.value.end > s.value.start)?;
    let indent = layout.column(first.text.start);
    let mut lines = block_lines(text, indent)?;
    if folded {
        // A line break of the value is an empty line of the text.
        let mut spread = Vec::with_capacity(lines.len() * 2);
        for line in lines {
            if !spread.is_empty() && !line.is_empty() {
                spread.push(String::new());
            }
            spread.push(line);
        }
        lines = spread;
    }
    let new = lines.join(layout.eol);
    let old = whole.get(header_end..span.end)?;
    let (start, end, text) = narrowed(old, &new);
    Some(vec![Edit {
        span: Span::new(header_end + start, header_end + end),
        text: text.to_owned(),
    }])
}

/// The part of a text that differs, in whole lines: its place in the old one and what replaces it.
fn narrowed<'n>(old: &str, new: &'n str) -> (usize, usize, &'n str) {
    let mut start = 0;
    for (a, b) in old.split_inclusive('\n').zip(new.split_inclusive('\n')) {
        if a != b || !a.ends_with('\n') {
            break;
        }
        start += a.len();
    }
    let (old_rest, new_rest) = (
        old.get(start..).unwrap_or(""),
        new.get(start..).unwrap_or(""),
    );
    let mut tail = 0;
    for (a, b) in old_rest
        .split_inclusive('\n')
        .rev()
        .zip(new_rest.split_inclusive('\n').rev())
    {
        if a != b {
            break;
        }
        tail += a.len();
    }
    // Something must be left to stand in for what differs.
    let tail = tail.min(old_rest.len()).min(new_rest.len());
    let end = old.len() - tail;
    (
        start,
        end,
        new_rest.get(..new_rest.len() - tail).unwrap_or(""),
    )
}

#[cfg(test)]
mod tests {
    use super::narrowed;

    #[test]
    fn only_the_lines_that_differ() {
        assert_eq!(narrowed("a\nb\nc", "a\nx\nc"), (2, 4, "x\n"));
        assert_eq!(narrowed("a\nb", "a\nb\nc"), (2, 3, "b\nc"));
        assert_eq!(narrowed("a", "b"), (0, 1, "b"));
        assert_eq!(narrowed("a\na\na", "a\na"), (2, 4, ""));
    }
}

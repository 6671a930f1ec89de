//! Edits that know about lines and indentation, as plain functions of text and selection.

use super::lines::{floor_boundary, indentation, line_bounds, line_end_style};
use crate::workbench::highlight::{Language, language_at};
use std::ops::Range;

/// A selection in bytes of the text. The head is where the cursor blinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: usize,
    /// Where it ends, before or after the anchor.
    pub head: usize,
}

impl Selection {
    /// A cursor.
    pub fn cursor(at: usize) -> Self {
        Self {
            anchor: at,
            head: at,
        }
    }

    /// From the smaller to the larger end.
    pub fn range(self) -> Range<usize> {
        self.anchor.min(self.head)..self.anchor.max(self.head)
    }

    /// The same, no further than a text reaches.
    pub(super) fn within(self, text: &str) -> Self {
        Self {
            anchor: floor_boundary(text, self.anchor),
            head: floor_boundary(text, self.head),
        }
    }

    /// Whether nothing is selected.
    pub fn is_empty(self) -> bool {
        self.anchor == self.head
    }
}

/// What a key does to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Tab: to the next indentation step, or the selected lines one level in.
    Indent,
    /// Shift+Tab: the lines one level out.
    Outdent,
    /// Enter.
    NewLine,
    /// Ctrl+/.
    ToggleComment,
    /// Alt+Up.
    MoveUp,
    /// Alt+Down.
    MoveDown,
    /// Ctrl+Shift+D.
    Duplicate,
}

/// Replaces a range of bytes.
struct Splice {
    range: Range<usize>,
    with: String,
}

impl Splice {
    fn insert(at: usize, with: impl Into<String>) -> Self {
        Self {
            range: at..at,
            with: with.into(),
        }
    }
}

/// Carries a command out. Gives the new text and selection, or none if there is nothing to do.
pub fn apply(
    command: Command,
    text: &str,
    selection: Selection,
    language: Language,
) -> Option<(String, Selection)> {
    let splices = match command {
        Command::Indent => indent(text, selection, language),
        Command::Outdent => outdent(text, selection, language),
        Command::NewLine => new_line(text, selection, language),
        Command::ToggleComment => toggle_comment(text, selection, language)?,
        Command::MoveUp => return move_lines(text, selection, true),
        Command::MoveDown => return move_lines(text, selection, false),
        Command::Duplicate => return duplicate(text, selection),
    };
    (!splices.is_empty()).then(|| splice(text, selection, &splices))
}

/// Inserts text in place of the selection.
pub fn insert(text: &str, selection: Selection, with: &str) -> (String, Selection) {
    let splices = [Splice {
        range: selection.range(),
        with: with.to_owned(),
    }];
    splice(text, selection, &splices)
}

/// Replaces ranges, which stand in ascending order.
pub fn with_splices(
    text: &str,
    selection: Selection,
    splices: Vec<(Range<usize>, String)>,
) -> (String, Selection) {
    let splices: Vec<Splice> = splices
        .into_iter()
        .map(|(range, with)| Splice { range, with })
        .collect();
    splice(text, selection, &splices)
}

/// Splices in ascending order; the selection's ends move with the text around them.
fn splice(text: &str, selection: Selection, splices: &[Splice]) -> (String, Selection) {
    let mut result = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for Splice { range, with } in splices {
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(with);
        at = range.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    let moved = |offset: usize| {
        let mut to = offset;
        for Splice { range, with } in splices {
            if offset >= range.end {
                to = to + with.len() - range.len();
            } else if offset >= range.start {
                // Within what was replaced: behind what replaces it.
                to = to - (offset - range.start) + with.len();
            }
        }
        to
    };
    let selection = Selection {
        anchor: moved(selection.anchor),
        head: moved(selection.head),
    };
    (result, selection)
}

/// The starts of the lines that a selection touches. A selection that ends at the start of a line
/// does not touch that line.
fn touched(text: &str, selection: Selection) -> Vec<usize> {
    let range = selection.range();
    let mut starts = vec![line_bounds(text, range.start).start];
    let inner = range.start..range.end.saturating_sub(1).max(range.start);
    starts.extend(
        text.get(inner)
            .unwrap_or_default()
            .match_indices('\n')
            .map(|(i, _)| range.start + i + 1),
    );
    starts
}

fn indent(text: &str, selection: Selection, language: Language) -> Vec<Splice> {
    let step = language_at(text, selection.range().start, language).indent();
    let range = selection.range();
    let several = text.get(range.clone()).unwrap_or_default().contains('\n');
    if several {
        return touched(text, selection)
            .into_iter()
            .filter(|start| !line_is_blank(text, *start))
            .map(|start| Splice::insert(start, " ".repeat(step)))
            .collect();
    }
    let line = line_bounds(text, range.start);
    let column = text
        .get(line.start..range.start)
        .unwrap_or_default()
        .chars()
        .count();
    vec![Splice {
        range,
        with: " ".repeat(step - column % step),
    }]
}

fn outdent(text: &str, selection: Selection, language: Language) -> Vec<Splice> {
    let step = language_at(text, selection.range().start, language).indent();
    touched(text, selection)
        .into_iter()
        .filter_map(|start| {
            let rest = text.get(start..)?;
            let remove = if rest.starts_with('\t') {
                1
            } else {
                rest.bytes().take(step).take_while(|b| *b == b' ').count()
            };
            (remove > 0).then(|| Splice {
                range: start..start + remove,
                with: String::new(),
            })
        })
        .collect()
}

fn new_line(text: &str, selection: Selection, language: Language) -> Vec<Splice> {
    let range = selection.range();
    let line = line_bounds(text, range.start);
    let before = text.get(line.start..range.start).unwrap_or_default();
    let inner = language_at(text, range.start, language);
    let mut with = String::from(line_end_style(text));
    with.push_str(&next_indentation(before, inner));
    vec![Splice { range, with }]
}

/// The indentation of the line after one that reads `before` up to the cursor.
fn next_indentation(before: &str, language: Language) -> String {
    let own = indentation(before);
    let step = language.indent();
    let code = before.trim();
    let deeper = |more: usize| format!("{own}{}", " ".repeat(more));
    match language {
        Language::Yaml => {
            // `- key: value`: the next key stands under the first.
            let dashes = code.len() - code.trim_start_matches(['-', ' ']).len();
            let item = code.starts_with("- ");
            let opens = code.ends_with(':')
                || code.ends_with(['|', '>'])
                || code.ends_with("|-")
                || code.ends_with(">-");
            let inner = if item && code.contains(':') {
                dashes
            } else {
                0
            };
            deeper(inner + if opens && code.contains(':') { step } else { 0 })
        }
        Language::Python => {
            let ends = ["return", "pass", "break", "continue", "raise"];
            let first = code.split([' ', '(']).next().unwrap_or_default();
            if code.ends_with([':', '(', '[', '{']) {
                deeper(step)
            } else if ends.contains(&first) {
                own.get(step..).unwrap_or_default().to_owned()
            } else {
                deeper(0)
            }
        }
        Language::Kql | Language::Json if code.ends_with(['(', '[', '{']) => deeper(step),
        _ => deeper(0),
    }
}

fn toggle_comment(text: &str, selection: Selection, language: Language) -> Option<Vec<Splice>> {
    let inner = language_at(text, selection.range().start, language);
    let sign = match inner {
        Language::Yaml | Language::Python => "#",
        Language::Kql => "//",
        Language::Plain | Language::Json => return None,
    };
    let mut lines: Vec<(usize, &str)> = touched(text, selection)
        .into_iter()
        .map(|start| {
            (
                start,
                text.get(line_bounds(text, start)).unwrap_or_default(),
            )
        })
        .collect();
    if lines.len() > 1 {
        lines.retain(|(_, line)| !line.trim().is_empty());
    }
    let all = lines
        .iter()
        .all(|(_, line)| line.trim_start().starts_with(sign));
    if all {
        return Some(
            lines
                .iter()
                .map(|(start, line)| {
                    let at = start + indentation(line).len();
                    let rest = line.trim_start().get(sign.len()..).unwrap_or_default();
                    let space = usize::from(rest.starts_with(' '));
                    Splice {
                        range: at..at + sign.len() + space,
                        with: String::new(),
                    }
                })
                .collect(),
        );
    }
    let column = lines
        .iter()
        .map(|(_, line)| indentation(line).len())
        .min()
        .unwrap_or(0);
    Some(
        lines
            .iter()
            .map(|(start, _)| Splice::insert(start + column, format!("{sign} ")))
            .collect(),
    )
}

/// From the start of the first touched line to the end of the last, without its line end.
fn block(text: &str, selection: Selection) -> Range<usize> {
    let starts = touched(text, selection);
    let first = starts.first().copied().unwrap_or(0);
    let last = starts.last().copied().unwrap_or(first);
    first..line_bounds(text, last).end
}

fn move_lines(text: &str, selection: Selection, up: bool) -> Option<(String, Selection)> {
    let lines = block(text, selection);
    let other = if up {
        line_bounds(text, lines.start.checked_sub(1)?)
    } else {
        let next = lines.end + text.get(lines.end..)?.find('\n')? + 1;
        line_bounds(text, next)
    };
    let (first, second) = if up {
        (other.clone(), lines.clone())
    } else {
        (lines.clone(), other.clone())
    };
    let between = text.get(first.end..second.start)?;
    let mut result = String::with_capacity(text.len());
    result.push_str(text.get(..first.start)?);
    result.push_str(text.get(second.clone())?);
    result.push_str(between);
    result.push_str(text.get(first)?);
    result.push_str(text.get(second.end..)?);
    let moved = |offset: usize| {
        if up {
            offset - (lines.start - other.start)
        } else {
            offset + (other.end - lines.end)
        }
    };
    let selection = Selection {
        anchor: moved(selection.anchor.min(lines.end)),
        head: moved(selection.head.min(lines.end)),
    };
    Some((result, selection))
}

fn duplicate(text: &str, selection: Selection) -> Option<(String, Selection)> {
    let lines = block(text, selection);
    let copy = format!("{}{}", line_end_style(text), text.get(lines.clone())?);
    let mut result = text.to_owned();
    result.insert_str(lines.end, &copy);
    let selection = Selection {
        anchor: selection.anchor + copy.len(),
        head: selection.head + copy.len(),
    };
    Some((result, selection))
}

/// Where Home goes: to the first sign of the line, or from there to its very start.
pub fn home(text: &str, at: usize) -> usize {
    let line = line_bounds(text, at);
    let first = line.start + indentation(text.get(line.clone()).unwrap_or_default()).len();
    if at == first { line.start } else { first }
}

fn line_is_blank(text: &str, start: usize) -> bool {
    text.get(line_bounds(text, start))
        .unwrap_or_default()
        .trim()
        .is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `«` marks the anchor and `»` the head; `¦` is a cursor.
    fn parse(marked: &str) -> (String, Selection) {
        let text = marked.replace(['«', '»', '¦'], "");
        let at = |sign: char, others: [char; 2]| {
            marked.find(sign).map(|i| {
                let before = &marked[..i];
                i - before.matches(others).map(str::len).sum::<usize>()
            })
        };
        let selection = match at('¦', ['«', '»']) {
            Some(at) => Selection::cursor(at),
            None => Selection {
                anchor: at('«', ['»', '¦']).unwrap(),
                head: at('»', ['«', '¦']).unwrap(),
            },
        };
        (text, selection)
    }

    fn print((text, selection): (String, Selection)) -> String {
        let mut marked = text;
        let mut marks = if selection.is_empty() {
            vec![(selection.head, '¦')]
        } else {
            vec![(selection.anchor, '«'), (selection.head, '»')]
        };
        marks.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, sign) in marks {
            marked.insert(at, sign);
        }
        marked
    }

    #[track_caller]
    fn check(command: Command, language: Language, before: &str, after: &str) {
        let (text, selection) = parse(before);
        let result = apply(command, &text, selection, language).map(print);
        assert_eq!(result.as_deref().unwrap_or("nothing"), after, "{before:?}");
    }

    #[test]
    fn indenting() {
        use Language::{Python, Yaml};
        check(Command::Indent, Yaml, "¦a", "  ¦a");
        check(Command::Indent, Yaml, " ¦a", "  ¦a");
        check(Command::Indent, Python, " x¦", " x  ¦");
        check(Command::Indent, Yaml, "a: «bc»", "a:  ¦");
        check(Command::Indent, Yaml, "«a\n\n  b»\nc", "  «a\n\n    b»\nc");
        check(Command::Indent, Yaml, "a«\nb\n»c", "  a«\n  b\n»c");
        check(Command::Outdent, Yaml, "   a¦", " a¦");
        check(
            Command::Outdent,
            Python,
            "    a\n«      b\n  c»",
            "    a\n«  b\nc»",
        );
        check(Command::Outdent, Yaml, " ¦ a", "¦a");
        check(Command::Outdent, Yaml, "a¦", "nothing");
    }

    #[test]
    fn new_lines() {
        use Language::{Kql, Python, Yaml};
        let enter = Command::NewLine;
        check(enter, Yaml, "  a: 1¦", "  a: 1\n  ¦");
        check(enter, Yaml, "  a:¦", "  a:\n    ¦");
        check(enter, Yaml, "query: |¦", "query: |\n  ¦");
        check(
            enter,
            Yaml,
            "- entityType: Account¦",
            "- entityType: Account\n  ¦",
        );
        check(
            enter,
            Yaml,
            "  - fieldMappings:¦",
            "  - fieldMappings:\n      ¦",
        );
        check(enter, Yaml, "- T1098¦", "- T1098\n¦");
        check(enter, Yaml, "a: 1¦\r\nb: 2\r\n", "a: 1\r\n¦\r\nb: 2\r\n");
        check(enter, Yaml, "a: 0«1»2", "a: 0\n¦2");
        // In a query, a line that ends in `:` or `|` opens nothing.
        check(
            enter,
            Yaml,
            "query: |\n  T\n  | where a:¦",
            "query: |\n  T\n  | where a:\n  ¦",
        );
        check(enter, Kql, "T | where x in (¦", "T | where x in (\n  ¦");
        check(
            enter,
            Python,
            "def rule(event):¦",
            "def rule(event):\n    ¦",
        );
        check(enter, Python, "    return True¦", "    return True\n¦");
        check(enter, Python, "    x = 1¦", "    x = 1\n    ¦");
    }

    #[test]
    fn comments() {
        use Language::{Json, Python, Yaml};
        let toggle = Command::ToggleComment;
        check(toggle, Yaml, "  a: ¦1", "  # a: ¦1");
        check(toggle, Yaml, "  # a: ¦1", "  a: ¦1");
        check(toggle, Yaml, "#a¦", "a¦");
        check(
            toggle,
            Python,
            "«def f():\n    x\n\n»y",
            "# «def f():\n#     x\n\n»y",
        );
        check(toggle, Python, "«# a\n  # b»", "«a\n  b»");
        check(
            toggle,
            Yaml,
            "query: |\n  T¦\nb: 1",
            "query: |\n  // T¦\nb: 1",
        );
        check(
            toggle,
            Yaml,
            "query: |\n  // T¦\nb: 1",
            "query: |\n  T¦\nb: 1",
        );
        check(toggle, Json, "{¦}", "nothing");
    }

    #[test]
    fn moving_and_duplicating() {
        use Language::Yaml;
        check(Command::MoveUp, Yaml, "a\nb¦\nc", "b¦\na\nc");
        check(Command::MoveUp, Yaml, "a¦\nb", "nothing");
        check(Command::MoveDown, Yaml, "«a\nb»\nc", "c\n«a\nb»");
        check(Command::MoveDown, Yaml, "a¦", "nothing");
        check(Command::MoveDown, Yaml, "a¦\r\nb\r\n", "b\r\na¦\r\n");
        check(Command::Duplicate, Yaml, "a¦\nb", "a\na¦\nb");
    }

    #[test]
    fn homes() {
        assert_eq!(home("a\n  bc", 6), 4);
        assert_eq!(home("a\n  bc", 4), 2);
        assert_eq!(home("a\n  bc", 2), 4);
    }

    #[test]
    fn inserting_replaces_the_selection() {
        let (text, selection) = parse("aé«bc»d");
        assert_eq!(print(insert(&text, selection, "ü")), "aéü¦d");
    }
}

//! Enter: the next line begins where its language would have it.

use super::super::cursors::Selection;
use super::super::lines::{indentation, line_bounds, line_end_style};
use super::super::splice::Splices;
use super::{Change, closer_of, languages};
use crate::workbench::highlight::Language;

/// How far up the beginning of a statement is looked for.
const MOST_LINES: usize = 200;

pub(crate) fn new_line(text: &str, selections: &[Selection], language: Language) -> Option<Change> {
    let style = line_end_style(text);
    let mut splices = Splices::default();
    let mut select = Vec::with_capacity(selections.len());
    for (selection, language) in selections.iter().zip(languages(text, selections, language)) {
        let range = selection.range();
        let line = line_bounds(text, range.start);
        let before = text.get(line.start..range.start).unwrap_or_default();
        let before = before.trim_start_matches('\u{feff}');
        let mut with = String::from(style);
        with.push_str(&next_indentation(text, line.start, before, language));
        let cursor = with.len();
        let opener = before.chars().next_back();
        let next = text.get(range.end..).and_then(|rest| rest.chars().next());
        if let Some(closer) = opener.and_then(closer_of)
            && next == Some(closer)
            && language != Language::Plain
        {
            // Between brackets: the closing one gets a line of its own.
            with.push_str(style);
            with.push_str(indentation(before));
        }
        let at = splices.replace(range, with);
        select.push(Selection::cursor(at + cursor));
    }
    Some(Change {
        splices: splices.list,
        select: Some(select),
    })
}

/// The indentation of the line after one that reads `before` up to the cursor.
fn next_indentation(text: &str, line: usize, before: &str, language: Language) -> String {
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
            } else if ends.contains(&first) && !code.ends_with([',', '\\']) {
                own.get(step..).unwrap_or_default().to_owned()
            } else {
                deeper(0)
            }
        }
        Language::Kql if code.ends_with(['(', '[', '{', '=']) && !code.starts_with("//") => {
            deeper(step)
        }
        // A statement ends: the next one begins where it began.
        Language::Kql if code.ends_with(';') && !code.starts_with("let ") => {
            statement_indentation(text, line).unwrap_or_else(|| deeper(0))
        }
        Language::Json if code.ends_with(['[', '{']) => deeper(step),
        _ => deeper(0),
    }
}

/// The indentation of the `let` that the statement ending in this line began with.
fn statement_indentation(text: &str, line: usize) -> Option<String> {
    let above = text.get(..line)?;
    for line in above.lines().rev().take(MOST_LINES) {
        let code = line.trim();
        if code.starts_with("let ") {
            return Some(indentation(line).to_owned());
        }
        if code.ends_with(';') {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;
    use Language::{Kql, Python, Yaml};

    #[test]
    fn new_lines() {
        let enter = |language, before: &str| after(before, |t, s| new_line(t, s, language));
        assert_eq!(enter(Yaml, "  a: 1¦"), "  a: 1\n  ¦");
        assert_eq!(enter(Yaml, "  a:¦"), "  a:\n    ¦");
        assert_eq!(enter(Yaml, "query: |¦"), "query: |\n  ¦");
        let item = "- entityType: Account";
        assert_eq!(enter(Yaml, &format!("{item}¦")), format!("{item}\n  ¦"));
        let key = "  - fieldMappings:";
        assert_eq!(enter(Yaml, &format!("{key}¦")), format!("{key}\n      ¦"));
        assert_eq!(enter(Yaml, "- T1098¦"), "- T1098\n¦");
        assert_eq!(enter(Yaml, "a: 1¦\r\nb: 2\r\n"), "a: 1\r\n¦\r\nb: 2\r\n");
        assert_eq!(enter(Yaml, "a: 0«1»2"), "a: 0\n¦2");
        // In a query, a line that ends in `:` or `|` opens nothing.
        let stage = "query: |\n  T\n  | where a:";
        assert_eq!(enter(Yaml, &format!("{stage}¦")), format!("{stage}\n  ¦"));
        assert_eq!(enter(Kql, "T | where x in (¦"), "T | where x in (\n  ¦");
        assert_eq!(
            enter(Kql, "let x = dynamic([¦]);"),
            "let x = dynamic([\n  ¦\n]);"
        );
        assert_eq!(enter(Kql, "  let x =¦"), "  let x =\n    ¦");
        assert_eq!(
            enter(Kql, " let x =\n   T\n   | count;¦"),
            " let x =\n   T\n   | count;\n ¦"
        );
        assert_eq!(
            enter(Python, "def rule(event):¦"),
            "def rule(event):\n    ¦"
        );
        assert_eq!(enter(Python, "    return True¦"), "    return True\n¦");
        assert_eq!(enter(Python, "    x = 1¦"), "    x = 1\n    ¦");
        assert_eq!(enter(Yaml, "a:¦\nb¦"), "a:\n  ¦\nb\n¦");
    }
}

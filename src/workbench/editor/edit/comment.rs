//! Lines become comments of their language, or code again.

use super::super::cursors::Selection;
use super::super::lines::indentation;
use super::super::splice::Splice;
use super::{Change, line_from, touched};
use crate::workbench::highlight::{Language, language_at};

pub(crate) fn toggle_comment(
    text: &str,
    selections: &[Selection],
    language: Language,
) -> Option<Change> {
    let first = selections.first()?.range().start;
    let sign = match language_at(text, first, language) {
        Language::Yaml | Language::Python => "#",
        Language::Kql => "//",
        Language::Plain | Language::Json => return None,
    };
    let mut lines: Vec<(usize, &str)> = touched(text, selections)
        .into_iter()
        .map(|start| (start, line_from(text, start)))
        .collect();
    if lines.len() > 1 {
        lines.retain(|(_, line)| !line.trim().is_empty());
    }
    let commented = |line: &str| line.trim_start().starts_with(sign);
    if lines.iter().all(|(_, line)| commented(line)) {
        let uncomment = |(start, line): &(usize, &str)| {
            let at = start + indentation(line).len();
            let rest = line.trim_start().get(sign.len()..).unwrap_or_default();
            let space = usize::from(rest.starts_with(' '));
            Splice::delete(at..at + sign.len() + space)
        };
        return Change::of(lines.iter().map(uncomment).collect());
    }
    let column = lines.iter().map(|(_, line)| indentation(line).len()).min();
    let column = column.unwrap_or(0);
    Change::of(
        lines
            .iter()
            .map(|(start, _)| Splice::insert(start + column, format!("{sign} ")))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;
    use Language::{Json, Python, Yaml};

    #[test]
    fn comments() {
        let toggle = |language, before: &str| after(before, |t, s| toggle_comment(t, s, language));
        assert_eq!(toggle(Yaml, "  a: ¦1"), "  # a: ¦1");
        assert_eq!(toggle(Yaml, "  # a: ¦1"), "  a: ¦1");
        assert_eq!(toggle(Yaml, "#a¦"), "a¦");
        let two = "# «def f():\n#     x\n\n»y";
        assert_eq!(toggle(Python, "«def f():\n    x\n\n»y"), two);
        assert_eq!(toggle(Python, "«# a\n  # b»"), "«a\n  b»");
        let query = "query: |\n  T¦\nb: 1";
        assert_eq!(toggle(Yaml, query), "query: |\n  // T¦\nb: 1");
        assert_eq!(toggle(Yaml, "query: |\n  // T¦\nb: 1"), query);
        assert_eq!(toggle(Json, "{¦}"), "nothing");
        assert_eq!(toggle(Yaml, "¦a\nb\n¦c"), "# ¦a\nb\n# ¦c");
        assert_eq!(toggle(Yaml, "\u{feff}¦a"), "\u{feff}# ¦a");
    }
}

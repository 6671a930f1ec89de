//! Leaves the `Expected` blocks of cases out of a rule's YAML: Panther does not know them. Every other byte stays.

use crate::diagnostic::Span;
use crate::yaml::{Dialect, Document, Step, untagged};
use serde_yaml::Value as Yaml;

/// The text without the blocks.
///
/// # Errors
/// Where a block stands so that it cannot be taken out alone.
pub(super) fn without_expected(text: &str) -> Result<String, String> {
    let (before, _) = Document::parse_as(text, Dialect::PyYaml);
    if let Some(name) = with_events(before.value()) {
        return Err(format!(
            "the test '{name}' holds raw Events, which Panther does not take; give it RuleOutputs"
        ));
    }
    let mut stripped = text.to_owned();
    // From the last one on, so that the places of the others stay.
    for index in (0..cases(before.value())).rev() {
        let (document, _) = Document::parse_as(&stripped, Dialect::PyYaml);
        let case = [Step::from("Tests"), Step::Index(index)];
        if let Some(span) = block(&document, &case) {
            stripped = document.splice(span, "");
        }
    }
    let (after, _) = Document::parse_as(&stripped, Dialect::PyYaml);
    if *after.value() == wanted(before.value()) {
        return Ok(stripped);
    }
    Err(
        "an `Expected` block of a test cannot be left out by itself; write it as a block of its own lines at the end of its test"
            .to_owned(),
    )
}

fn cases(value: &Yaml) -> usize {
    let cases = value.get("Tests").map(untagged);
    cases.and_then(Yaml::as_sequence).map_or(0, Vec::len)
}

/// The name of the first test with raw events in place of rule outputs.
fn with_events(value: &Yaml) -> Option<String> {
    let cases = value.get("Tests").and_then(Yaml::as_sequence)?;
    let case = cases.iter().find(|case| case.get("Events").is_some())?;
    let name = case.get("Name").and_then(Yaml::as_str);
    Some(name.unwrap_or_default().to_owned())
}

/// What the document shall say.
fn wanted(value: &Yaml) -> Yaml {
    let mut value = value.clone();
    let cases = value.get_mut("Tests").and_then(Yaml::as_sequence_mut);
    for case in cases.into_iter().flatten() {
        if let Some(case) = case.as_mapping_mut() {
            case.shift_remove("Expected");
        }
    }
    value
}

/// What has to go of a case; nothing where it has no block.
fn block(document: &Document, case: &[Step]) -> Option<Span> {
    let mut path = case.to_vec();
    path.push(Step::from("Expected"));
    let key = document.key_span(&path)?;
    let end = document.span(&path)?.end.max(key.end);
    let text = document.text();
    let line_start = text.get(..key.start)?.rfind('\n').map_or(0, |at| at + 1);
    let lead = text.get(line_start..key.start)?;
    let rest = text.get(end..)?;
    let line_end = end + rest.find('\n').map_or(rest.len(), |at| at + 1);
    if lead.trim().is_empty() && !in_flow(document, case) {
        return Some(Span::new(line_start, line_end));
    }
    if lead.trim_start().trim_matches(['-', ' ']).is_empty() && !in_flow(document, case) {
        // The first key of an item: the next one takes its place.
        let next = text.get(line_end..)?;
        let indent = next.len() - next.trim_start().len();
        return Some(Span::new(key.start, line_end + indent));
    }
    // In flow style a comma goes with it: the one behind, or else the one before.
    let behind = rest.len() - rest.trim_start().len();
    if rest.trim_start().starts_with(',') {
        let after = rest.get(behind + 1..)?;
        let spaces = after.len() - after.trim_start().len();
        return Some(Span::new(key.start, end + behind + 1 + spaces));
    }
    let before = text.get(..key.start)?.trim_end();
    match before.strip_suffix(',') {
        Some(before) => Some(Span::new(before.len(), end)),
        None => Some(Span::new(key.start, end)),
    }
}

/// Whether a case is written in braces.
fn in_flow(document: &Document, case: &[Step]) -> bool {
    let span = document.span(case);
    let text = span.and_then(|span| document.text().get(span.start..));
    text.is_some_and(|text| text.starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_blocks_go() {
        let head = "RuleID: A # one\nTests:\n";
        for (before, after) in [
            (
                "  - Name: a\n    Expected:\n      title: x\n      alert_context: {a: 1}\n    Log: {}\n",
                "  - Name: a\n    Log: {}\n",
            ),
            (
                "  - Name: a\n    Log: {}\n    Expected: {title: x} # why\n",
                "  - Name: a\n    Log: {}\n",
            ),
            (
                "  - Expected:\n      title: x\n    Name: a\n    Log: {Expected: 1}\n",
                "  - Name: a\n    Log: {Expected: 1}\n",
            ),
            (
                "  - {Name: a, Expected: {title: x}, Log: {}}\n  - {Expected: {title: y}, Name: b}\n",
                "  - {Name: a, Log: {}}\n  - {Name: b}\n",
            ),
            (
                "  - {Name: a, Log: {}, Expected: {title: x}}\n",
                "  - {Name: a, Log: {}}\n",
            ),
            (
                "  - Name: a\n    Expected:\n      title: |\n        x\n\n        y\n  - Name: b\n",
                "  - Name: a\n  - Name: b\n",
            ),
            (
                "  - Name: a\r\n    Expected:\r\n      title: x\r\n",
                "  - Name: a\r\n",
            ),
            ("  - Name: a\n    Log: {}\n", "  - Name: a\n    Log: {}\n"),
        ] {
            let stripped = without_expected(&format!("{head}{before}"));
            assert_eq!(stripped, Ok(format!("{head}{after}")));
        }
    }
}

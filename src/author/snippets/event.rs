//! An event as the YAML of a test.

use super::templates::inert;
use crate::author::layout::Style;
use crate::author::scalar::quoted;
use serde_json::Value as Json;

/// An event as YAML at a column; fields that Panther adds are left out.
pub(super) fn event_lines(event: &Json, column: usize) -> String {
    let mut text = String::new();
    if let Json::Object(members) = event {
        for (key, value) in members
            .iter()
            .filter(|(key, _)| *key == "p_log_type" || !key.starts_with("p_"))
        {
            lines(&mut text, key, value, column, 0);
        }
    }
    if text.is_empty() {
        text.push_str(&format!("{}{{}}\n", " ".repeat(column)));
    }
    inert(&text)
}

/// Deepest members that have lines of their own.
const DEPTH: usize = 8;

fn lines(text: &mut String, key: &str, value: &Json, column: usize, depth: usize) {
    let key = quoted(key, Style::Plain, false);
    let indent = " ".repeat(column);
    match value {
        Json::Object(members) if !members.is_empty() && depth < DEPTH => {
            text.push_str(&format!("{indent}{key}:\n"));
            for (name, inner) in members {
                lines(text, name, inner, column + 2, depth + 1);
            }
        }
        Json::String(string) => {
            // JSON's quotes are YAML's.
            let plain = quoted(string, Style::Plain, false);
            let written = match plain == *string && !string.chars().any(char::is_control) {
                true => plain,
                false => serde_json::to_string(string).unwrap_or(plain),
            };
            text.push_str(&format!("{indent}{key}: {written}\n"));
        }
        other => text.push_str(&format!("{indent}{key}: {other}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_written_as_it_reads_back() {
        let event = serde_json::json!({"type": "a: b", "n": 1, "in": {"x y": "true", "l": [1, "z"], "e": {}}, "p_row_id": "1", "m": "é\n"});
        let text = event_lines(&event, 0);
        let back: Json = serde_yaml::from_str(&text).expect("yaml");
        let mut wanted = event;
        wanted.as_object_mut().map(|o| o.remove("p_row_id"));
        assert_eq!(back, wanted);
    }
}

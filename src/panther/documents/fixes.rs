//! Changes of a document's text that mend what its reader tells.

use super::table::Holds;
use crate::diagnostic::{Fix, Span, nearest};
use serde_yaml::Value as Yaml;

/// Puts a missing key before the one at a place, where there is a value that most would give it.
pub(super) fn insert(text: &str, first: Span, name: &str, holds: Holds) -> Option<Fix> {
    let value = match holds {
        Holds::Flag => "true",
        Holds::Severity => "Medium",
        Holds::OneOf([only]) => only,
        Holds::OneOf(["rule", ..]) => "rule",
        _ => return None,
    };
    let line = text.get(..first.start)?.rfind('\n').map_or(0, |i| i + 1);
    let before = text.get(line..first.start)?.trim_start_matches('\u{FEFF}');
    // In a block, where the keys stand below each other.
    if !before.chars().all(|c| c == ' ' || c == '-') {
        return None;
    }
    let indent = " ".repeat(before.chars().count());
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let added = format!("{name}: {value}{end}{indent}");
    let at = Span::new(first.start, first.start);
    Some(Fix::replace(format!("Add {name}: {value}"), at, added))
}

/// Writes a value as one of the type that is wanted.
pub(super) fn retype(text: &str, at: Span, value: &Yaml, holds: Holds) -> Option<Fix> {
    let source = text.get(at.start..at.end)?.trim();
    // More than a line is not to be written anew.
    if source.is_empty() || source.contains('\n') || source.starts_with(['&', '*', '!']) {
        return None;
    }
    let new = match (holds, value) {
        (Holds::Flag, Yaml::String(said)) => match said.to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" => "true".to_owned(),
            "false" | "no" | "off" | "n" => "false".to_owned(),
            _ => return None,
        },
        (Holds::Whole, Yaml::String(said)) => said.trim().parse::<i64>().ok()?.to_string(),
        (Holds::Text | Holds::Name | Holds::Formed(_), Yaml::Number(_) | Yaml::Bool(_)) => {
            format!("\"{source}\"")
        }
        (Holds::Texts | Holds::FormedTexts(_), Yaml::String(_)) => format!("[{source}]"),
        (Holds::OneOf(names), Yaml::String(said)) => nearest(said, names.iter().copied())?,
        _ => return None,
    };
    Some(Fix::replace(format!("Write {new}"), at, new))
}

/// Takes an item of a list that has a line to itself.
pub(super) fn remove_item(text: &str, at: Span) -> Option<Fix> {
    let start = text.get(..at.start)?.rfind('\n').map_or(0, |i| i + 1);
    let rest = text.get(at.end..)?;
    let end = at.end + rest.find('\n').map_or(rest.len(), |i| i + 1);
    let before = text.get(start..at.start)?.trim();
    let after = text.get(at.end..end)?.trim();
    if before != "-" || !(after.is_empty() || after.starts_with('#')) {
        return None;
    }
    Some(Fix::replace("Remove it", Span::new(start, end), ""))
}

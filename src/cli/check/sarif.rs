//! Findings as SARIF 2.1.0, with what the codes are about and with fixes.

use super::super::input::exact;
use super::{Found, One};
use crate::check;
use crate::diagnostic::{Severity, Span};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use std::path::Path;

pub(super) fn of(found: &Found<'_>) -> Json {
    let about: HashMap<&str, &str> = check::codes().map(|c| (c.id, c.about)).collect();
    let mut codes: Vec<&str> = Vec::new();
    let mut results = Vec::new();
    for one in &found.0 {
        let code = one.finding.diagnostic.code.as_str();
        let index = match codes.iter().position(|c| *c == code) {
            Some(index) => index,
            None => {
                codes.push(code);
                codes.len() - 1
            }
        };
        results.push(result(one, index));
    }
    let rules: Vec<Json> = codes
        .iter()
        .map(|code| match about.get(code) {
            Some(about) => json!({"id": code, "shortDescription": {"text": about}}),
            None => json!({"id": code}),
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Rulewright",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(one: &One<'_>, index: usize) -> Json {
    let d = &one.finding.diagnostic;
    let level = match d.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    };
    let message = match &d.hint {
        Some(hint) => format!("{}. {hint}", d.message),
        None => d.message.clone(),
    };
    let mut place = Map::new();
    place.insert("artifactLocation".to_owned(), artifact(one.path));
    if let Some(span) = d.span {
        place.insert("region".to_owned(), region(one, span));
    }
    let mut result = json!({
        "ruleId": d.code,
        "ruleIndex": index,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    });
    let Some(fields) = result.as_object_mut() else {
        return result;
    };
    if let Some(target) = one.finding.target {
        fields.insert("properties".to_owned(), json!({"target": target.name()}));
    }
    if !d.fixes.is_empty() {
        let fixes: Vec<Json> = d
            .fixes
            .iter()
            .map(|fix| {
                let replacements: Vec<Json> = fix
                    .edits
                    .iter()
                    .map(|edit| {
                        json!({
                            "deletedRegion": region(one, edit.span),
                            "insertedContent": {"text": edit.text},
                        })
                    })
                    .collect();
                json!({
                    "description": {"text": fix.title},
                    "artifactChanges": [{
                        "artifactLocation": artifact(one.path),
                        "replacements": replacements,
                    }],
                })
            })
            .collect();
        fields.insert("fixes".to_owned(), Json::Array(fixes));
    }
    result
}

fn region(one: &One<'_>, span: Span) -> Json {
    let (start, end) = (one.lines.position(span.start), one.lines.position(span.end));
    let (offset, length) = one.characters(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": offset,
        "charLength": length,
    })
}

/// A file as a relative or absolute URI.
fn artifact(path: &Path) -> Json {
    let text = exact(path);
    let mut uri = String::new();
    for byte in text.trim_start_matches("./").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    if text.starts_with('/') {
        uri.insert_str(0, "file://");
    }
    json!({"uri": uri})
}

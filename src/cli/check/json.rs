//! Findings as the command line's contract has them; offsets and lengths in characters.

use super::super::input::exact;
use super::{Found, One};
use serde_json::{Value as Json, json};

pub(super) fn of(found: &Found<'_>) -> Json {
    Json::Array(found.0.iter().map(finding).collect())
}

fn finding(one: &One<'_>) -> Json {
    let d = &one.finding.diagnostic;
    let mut json = json!({
        "path": exact(one.path),
        "severity": d.severity.to_string(),
        "code": d.code,
        "message": d.message,
        "hint": d.hint,
        "target": one.finding.target.map(|t| t.name()),
    });
    let Some(fields) = json.as_object_mut() else {
        return json;
    };
    if let Some(span) = d.span {
        let (start, end) = (one.lines.position(span.start), one.lines.position(span.end));
        let (offset, length) = one.characters(span);
        for (name, number) in [
            ("line", start.line),
            ("column", start.column),
            ("end_line", end.line),
            ("end_column", end.column),
            ("offset", offset),
            ("length", length),
        ] {
            fields.insert(name.to_owned(), Json::from(number));
        }
    }
    let fixes: Vec<Json> = d
        .fixes
        .iter()
        .map(|fix| {
            let edits: Vec<Json> = fix
                .edits
                .iter()
                .map(|edit| {
                    let (offset, length) = one.characters(edit.span);
                    json!({"offset": offset, "length": length, "text": edit.text})
                })
                .collect();
            json!({"title": fix.title, "edits": edits})
        })
        .collect();
    fields.insert("fixes".to_owned(), Json::Array(fixes));
    json
}

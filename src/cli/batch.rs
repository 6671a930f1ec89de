//! `query --batch`: one NDJSON request a line on stdin, one answer a line, in order, flushed.

use super::output::{Answer, Stop, stdout};
use super::query::{columns_json, row_json};
use super::report::characters;
use crate::diagnostic::Diagnostic;
use crate::kql;
use crate::logs::Dataset;
use serde_json::{Value as Json, json};
use std::io::{self, BufRead, Write};

#[derive(Debug)]
struct Request {
    id: Json,
    kql: String,
    /// Only diagnostics and columns, nothing is run.
    check: bool,
}

impl Request {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, and its `id` where it has one.
    fn read(line: &str) -> Result<Self, (Json, String)> {
        let mut given: Json = serde_json::from_str(line).map_err(|e| {
            let message = format!("the line is not JSON, as seen at its column {}", e.column());
            (Json::Null, message)
        })?;
        let Some(fields) = given.as_object_mut() else {
            let message = "the request is not an object such as {\"id\": 1, \"kql\": \"print 1\"}";
            return Err((Json::Null, message.to_owned()));
        };
        let id = fields.remove("id").unwrap_or_default();
        let kql = match fields.remove("kql") {
            Some(Json::String(kql)) => kql,
            Some(_) => return Err((id, "the request's `kql` is not a text".to_owned())),
            None => return Err((id, "the request has no `kql`".to_owned())),
        };
        let check = match fields.remove("check") {
            None => false,
            Some(Json::Bool(check)) => check,
            Some(_) => {
                let message = "the request's `check` is neither true nor false";
                return Err((id, message.to_owned()));
            }
        };
        Ok(Self { id, kql, check })
    }
}

pub(super) fn run(data: &Dataset, now: i64) -> Result<Answer, Stop> {
    let mut out = stdout();
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input
            .read_until(b'\n', &mut line)
            .map_err(|e| Stop::Cannot(format!("stdin cannot be read: {e}")))?;
        if read == 0 {
            return Ok(Answer::Yes);
        }
        let text = String::from_utf8_lossy(&line);
        if text.trim().is_empty() {
            continue;
        }
        writeln!(out, "{}", answer(&text, data, now))?;
        out.flush()?;
    }
}

fn answer(line: &str, data: &Dataset, now: i64) -> Json {
    let request = match Request::read(line) {
        Ok(request) => request,
        Err((id, message)) => {
            return json!({"id": id, "error": {
                "code": "request",
                "message": message,
                "start": 0,
                "length": 0,
            }});
        }
    };
    if request.check {
        return check(&request, data);
    }
    let options = kql::Options {
        lineage: false,
        ..kql::Options::at(now)
    };
    match kql::run(&request.kql, data, &options) {
        Ok(output) => {
            let table = output.table;
            let rows: Vec<Json> = (0..table.rows).map(|row| row_json(&table, row)).collect();
            json!({"id": request.id, "columns": columns_json(&table), "rows": rows})
        }
        Err(found) => {
            let first = found.iter().find(|d| d.is_error()).or(found.first());
            let error = first.map_or(Json::Null, |d| place(d, &request.kql));
            json!({"id": request.id, "error": error})
        }
    }
}

fn check(request: &Request, data: &Dataset) -> Json {
    let analysis = kql::check(&request.kql, data);
    let diagnostics: Vec<Json> = analysis
        .diagnostics
        .iter()
        .map(|d| {
            let mut json = place(d, &request.kql);
            if let Some(fields) = json.as_object_mut() {
                fields.insert("severity".to_owned(), Json::from(d.severity.to_string()));
            }
            json
        })
        .collect();
    let columns: Vec<Json> = analysis
        .columns
        .iter()
        .map(|(name, ty)| json!({"name": name, "type": ty.name()}))
        .collect();
    json!({"id": request.id, "diagnostics": diagnostics, "columns": columns})
}

/// Code, message and place in characters of the query.
fn place(d: &Diagnostic, query: &str) -> Json {
    let (start, length) = d.span.map_or((0, 0), |s| characters(query, s.start, s.end));
    json!({"code": d.code, "message": d.message, "start": start, "length": length})
}

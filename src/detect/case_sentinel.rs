//! Runs the case file of a Sentinel rule: each case's raw events are loaded as any log file, the rule runs
//! at the case's clock, and what comes out is compared with what the case expects.

use super::cases::{Filter, failed_load, not_run};
use super::{CaseResult, Match, Rule, Run, run_sentinel};
use crate::diagnostic::{Diagnostic, LineIndex};
use crate::logs::{Dataset, Source};
use crate::sentinel;
use crate::sentinel::cases::{self, Case, Found};
use crate::task::{CancelToken, Progress};
use serde_json::{Map, Value as Json, json};
use std::path::Path;

/// What is wrong with a case file.
pub fn check(text: &str) -> Vec<Diagnostic> {
    cases::read(text).1
}

pub(super) fn run(
    rule: &Rule,
    sentinel: &sentinel::Rule,
    filter: &Filter,
    cancel: &CancelToken,
) -> Vec<CaseResult> {
    let (Some(path), Some(text)) = (&rule.companion, &rule.companion_text) else {
        return Vec::new();
    };
    let (file, diagnostics) = cases::read(text);
    // A case that cannot be read is a case that fails.
    let mut results: Vec<CaseResult> = diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| failed_load(rule, path, d))
        .collect();
    let mut ran = false;
    for case in file.cases.iter().filter(|c| filter.takes(&c.name)) {
        if cancel.is_cancelled() {
            break;
        }
        let mut result = match dataset(path, case, cancel) {
            Ok(data) => {
                let run = run_sentinel::run(rule, sentinel, &data, case.now, cancel);
                if cancel.is_cancelled() {
                    break;
                }
                match run.diagnostics.iter().find(|(_, d)| d.is_error()) {
                    // What stops the first case stops them all: it is said once.
                    Some((at, d)) if !ran => {
                        let cases = file.cases.iter().filter(|c| filter.takes(&c.name));
                        return vec![not_run(failed_load(rule, at, d), cases.count())];
                    }
                    Some((_, d)) => failed(case, "an error", stopped(rule, d)),
                    None => judge(case, &run),
                }
            }
            Err(message) => failed(case, "events that cannot be loaded", message),
        };
        ran = true;
        result.path.clone_from(path);
        result.line = case.line;
        results.push(result);
    }
    results
}

/// The case's events, loaded as log files are.
///
/// # Errors
/// An event that was not taken, a file that cannot be read.
fn dataset(case_file: &Path, case: &Case, cancel: &CancelToken) -> Result<Dataset, String> {
    let mut sources = Vec::new();
    for log in &case.logs {
        let bytes = log.ndjson();
        if !bytes.is_empty() {
            sources.push(Source {
                path: log.name.as_str().into(),
                bytes: Some(bytes),
            });
        }
        sources.extend(log.files().map(|file| Source {
            path: case_file.with_file_name("").join(file),
            bytes: None,
        }));
    }
    let data = Dataset::from_sources(sources, cancel, &Progress::new());
    let rejected = data
        .files()
        .iter()
        .find_map(|f| f.rejected.first().map(|r| (&f.path, r)));
    match rejected {
        Some((path, reject)) if reject.line == 0 => {
            Err(format!("{}: {}", path.display(), reject.reason))
        }
        Some((path, reject)) => Err(format!(
            "{}, event {}: {}",
            path.display(),
            reject.line,
            reject.reason
        )),
        None => Ok(data),
    }
}

fn judge(case: &Case, run: &Run) -> CaseResult {
    let found = Found {
        columns: run.columns.iter().map(|(n, _)| n.as_str()).collect(),
        rows: run.matches.iter().map(|m| &*m.row).collect(),
        entities: run
            .matches
            .iter()
            .flat_map(|m| m.entities.iter())
            .map(|e| (e.entity_type.as_str(), e.identifiers.as_slice()))
            .collect(),
    };
    let checked = case.expect.check(&found);
    CaseResult {
        case: case.name.clone(),
        passed: checked.is_ok(),
        expected: case.expect.words(),
        actual: actual(run),
        outputs: outputs(run),
        message: checked.err().unwrap_or_default(),
        ..CaseResult::default()
    }
}

fn failed(case: &Case, actual: &str, message: String) -> CaseResult {
    CaseResult {
        case: case.name.clone(),
        expected: case.expect.words(),
        actual: actual.to_owned(),
        outputs: Json::Object(Map::new()),
        message,
        ..CaseResult::default()
    }
}

fn stopped(rule: &Rule, diagnostic: &Diagnostic) -> String {
    let at = LineIndex::new(&rule.text).position(diagnostic.span.map_or(0, |s| s.start));
    format!(
        "{} (line {}, column {})",
        diagnostic.message, at.line, at.column
    )
}

fn actual(run: &Run) -> String {
    match run.matches.as_slice() {
        [] => "no match".to_owned(),
        [one] => format!("1 row: {}", row(run, one)),
        [first, rest @ ..] => format!("{} rows, the first: {}", rest.len() + 1, row(run, first)),
    }
}

fn row(run: &Run, one: &Match) -> Json {
    let cells = run.columns.iter().zip(&*one.row);
    Json::Object(
        cells
            .map(|((name, _), value)| (name.clone(), value.to_json()))
            .collect(),
    )
}

/// The rows with their entities.
fn outputs(run: &Run) -> Json {
    /// More rows than a person reads are left out.
    const MOST: usize = 100;
    let rows: Vec<Json> = run.matches.iter().take(MOST).map(|m| row(run, m)).collect();
    let mut entities: Vec<Json> = Vec::new();
    for entity in run.matches.iter().flat_map(|m| m.entities.iter()) {
        let identifiers: Map<String, Json> = entity
            .identifiers
            .iter()
            .map(|(name, value)| (name.clone(), Json::from(value.as_str())))
            .collect();
        let entity = json!({"type": entity.entity_type, "identifiers": identifiers});
        if entities.len() < MOST && !entities.contains(&entity) {
            entities.push(entity);
        }
    }
    json!({"count": run.matches.len(), "rows": rows, "entities": entities})
}

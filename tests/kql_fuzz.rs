//! Throws made-up and mangled queries at the parser, the analysis and the engine: nothing may panic, hang or
//! grow without bound. In the suite it runs for a few seconds from a fixed seed; for a long hunt:
//!
//!     KQL_FUZZ_SECONDS=3600 KQL_FUZZ_SEED=7 cargo verify --test kql_fuzz -- --nocapture
//!
//! A query that breaks something is written to the output, cut down to a small one that still does.

use fastrand::Rng;
use rulewright::diagnostic::Severity;
use rulewright::kql::{self, Catalog, Options};
use rulewright::value::{ColumnBuilder, Lineage, Table, Type, Value, time};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[path = "kql_fuzz/grammar.rs"]
mod grammar;
#[path = "kql_fuzz/mangle.rs"]
mod mangle;

/// No query of at most [`MAX_QUERY`] bytes may take longer to check, on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(5);
/// No query may take longer to run after it was asked to stop.
const TOO_LATE: Duration = Duration::from_secs(10);
const MAX_QUERY: usize = 60_000;

struct Tables;

const COLUMNS: [(&str, Type); 7] = [
    ("TimeGenerated", Type::DateTime),
    ("User", Type::String),
    ("Count", Type::Long),
    ("Share", Type::Real),
    ("Ok", Type::Bool),
    ("Took", Type::TimeSpan),
    ("Extra", Type::Dynamic),
];

impl Catalog for Tables {
    fn table_names(&self) -> Vec<String> {
        vec!["Events".into(), "Others".into()]
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let known = self.table_names().iter().any(|t| t == table);
        known.then(|| COLUMNS.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.schema(table)?;
        let mut columns = Vec::new();
        for (at, (name, ty)) in COLUMNS.iter().enumerate() {
            let mut builder = ColumnBuilder::new(*ty);
            for row in 0..12_i64 {
                builder.push(&cell(*ty, row, at as i64));
            }
            columns.push(((*name).to_owned(), builder.finish()));
        }
        let mut rows = Table::new(columns);
        rows.lineage = Some(Lineage::single(0..12));
        Some(Arc::new(rows))
    }
}

fn cell(ty: Type, row: i64, salt: i64) -> Value {
    if (row + salt) % 5 == 0 {
        return Value::Null;
    }
    match ty {
        Type::DateTime => Value::DateTime(time::UNIX_EPOCH + row * time::HOUR),
        Type::String => {
            Value::String(["ann", "Bob", "", "role.created", "ü x"][row as usize % 5].into())
        }
        Type::Long => Value::Long(row * row - 7),
        Type::Real => Value::Real([0.5, -1.25, f64::NAN, f64::INFINITY][row as usize % 4]),
        Type::Bool => Value::Bool(row % 2 == 0),
        Type::TimeSpan => Value::TimeSpan(row * time::MINUTE - time::HOUR),
        _ => Value::Dynamic(Arc::new(
            serde_json::json!({"a": {"b": row}, "list": [1, "x", null, row], "ip": "10.0.0.1"}),
        )),
    }
}

/// What went wrong with a query, if anything did.
fn broken(query: &str, run: bool) -> Option<String> {
    let begin = Instant::now();
    let checked = catch_unwind(AssertUnwindSafe(|| kql::check(query, &Tables)));
    let Ok(analysis) = checked else {
        return Some("the analysis panics".to_owned());
    };
    if begin.elapsed() > TOO_LONG {
        return Some(format!("the analysis takes {:?}", begin.elapsed()));
    }
    for d in &analysis.diagnostics {
        if let Some(span) = d.span
            && query.get(span.start..span.end).is_none()
        {
            return Some(format!(
                "{} points at {span:?}, which is no text of the query",
                d.code
            ));
        }
    }
    if !run {
        return None;
    }
    let refused = analysis
        .diagnostics
        .iter()
        .any(|d| d.severity == Severity::Error);
    let mut options = Options::at(time::UNIX_EPOCH + 9 * time::HOUR);
    options.row_limit = 20_000;
    let cancel = options.cancel.clone();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    // The person closes the window after a second.
    let stopper = std::thread::spawn(move || {
        if wait.recv_timeout(Duration::from_secs(1)).is_err() {
            cancel.cancel();
        }
    });
    let begin = Instant::now();
    let ran = catch_unwind(AssertUnwindSafe(|| kql::run(query, &Tables, &options)));
    let took = begin.elapsed();
    let _ = done.send(());
    let _ = stopper.join();
    match ran {
        Err(_) => Some("the run panics".to_owned()),
        Ok(_) if took > TOO_LATE => Some(format!(
            "the run takes {took:?} though it was cancelled after a second"
        )),
        Ok(Ok(_)) if refused => Some("a query with errors runs".to_owned()),
        Ok(Ok(output)) => {
            let lineage = output
                .table
                .lineage
                .as_ref()
                .map_or(output.table.rows, Lineage::len);
            (lineage != output.table.rows).then(|| "rows and lineage differ in length".to_owned())
        }
        Ok(Err(_)) => None,
    }
}

/// A smaller query that breaks in the same way: halves, then lines, then characters are left out.
fn smaller(query: &str, run: bool) -> String {
    let mut best: Vec<char> = query.chars().collect();
    let mut size = best.len() / 2;
    let begin = Instant::now();
    while size > 0 && begin.elapsed() < Duration::from_secs(60) {
        let mut at = 0;
        while at < best.len() {
            let mut shorter = best.clone();
            shorter.drain(at..(at + size).min(best.len()));
            let text: String = shorter.iter().collect();
            if broken(&text, run).is_some() {
                best = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    best.into_iter().collect()
}

/// Whole queries to mangle: those of the readable cases.
fn seeds() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kql");
    let mut seeds = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("the cases are there")
        .flatten()
    {
        if entry.path().extension().is_none_or(|e| e != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a case file is readable");
        let cases: serde_yaml::Value = serde_yaml::from_str(&text).expect("a case file is YAML");
        let list = cases
            .get("cases")
            .and_then(|c| c.as_sequence())
            .cloned()
            .unwrap_or_default();
        seeds.extend(
            list.iter()
                .filter_map(|c| c.get("query")?.as_str().map(str::to_owned)),
        );
    }
    assert!(
        seeds.len() > 50,
        "only {} queries to begin with",
        seeds.len()
    );
    seeds.sort();
    seeds
}

#[expect(
    clippy::disallowed_methods,
    reason = "a long hunt is asked for by the environment"
)]
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(default)
}

#[test]
fn nothing_breaks() {
    let seconds = setting("KQL_FUZZ_SECONDS", 6);
    let first = setting("KQL_FUZZ_SEED", 20_261_122);
    let seeds = seeds();
    let begin = Instant::now();
    let (mut tried, mut valid, mut failures) = (0u64, 0u64, Vec::new());
    while begin.elapsed() < Duration::from_secs(seconds) && failures.len() < 5 {
        let mut rng = Rng::with_seed(first.wrapping_add(tried));
        let mut query = match rng.u32(..10) {
            0..=4 => grammar::query(&mut rng),
            5..=8 => mangle::mangled(&mut rng, &seeds),
            _ => mangle::monster(&mut rng),
        };
        let mut end = query.len().min(MAX_QUERY);
        while !query.is_char_boundary(end) {
            end -= 1;
        }
        query.truncate(end);
        let run = query.len() < 3_000;
        if seconds > 60 {
            // A hang or an abort leaves the query behind.
            let _ = std::fs::write(
                std::env::temp_dir().join(format!("kql-fuzz-{first}.kql")),
                &query,
            );
        }
        if let Some(what) = broken(&query, run) {
            let small = smaller(&query, run);
            println!(
                "seed {}: {what}\n----\n{small}\n----",
                first.wrapping_add(tried)
            );
            failures.push(format!("{what}: {small}"));
        }
        tried += 1;
        if tried.is_multiple_of(64) {
            valid += u64::from(kql::check(&query, &Tables).diagnostics.is_empty());
        }
    }
    println!(
        "{tried} queries in {:?}; about {} of them without a remark",
        begin.elapsed(),
        valid * 64
    );
    assert!(tried > 20, "only {tried} queries were tried");
    assert!(
        failures.is_empty(),
        "{} queries broke:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

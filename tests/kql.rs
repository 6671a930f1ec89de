//! Runs the readable cases under `tests/kql/*.yaml`: a query, its clock, its tables, and what comes out.
//!
//! A case has a `query` and one of: `columns` (`name: type`) with `rows`, or `errors` (code and the text
//! the error points at). `lineage` lists the events behind each row, `stages` the rows after each stage, `keeps` the rows of stages.
//! Rows are compared as a set unless `ordered: true`.

#[path = "kql/keeps.rs"]
mod keeps;

use rulewright::kql::{self, Catalog, Options};
use rulewright::value::{ColumnBuilder, Lineage, Table, Type, Value, time};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    tables: BTreeMap<String, TableText>,
    /// What stands for the addresses of `externaldata`.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// CSV texts by alias; `alias:column` names the key column, too.
    #[serde(default)]
    watchlists: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableText {
    columns: Vec<String>,
    #[serde(default)]
    rows: Vec<Vec<Json>>,
    /// The event of the first row; later rows count on. Without it the rows have no events.
    first_event: Option<u32>,
}

/// Names with their values.
type Properties = Vec<(String, Vec<String>)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    query: String,
    now: Option<String>,
    row_limit: Option<usize>,
    columns: Option<Vec<String>>,
    rows: Option<Vec<Vec<Json>>>,
    #[serde(default)]
    ordered: bool,
    lineage: Option<Vec<Vec<u32>>>,
    stages: Option<Vec<usize>>,
    keeps: Option<Vec<keeps::Kept>>,
    /// Further tables: name and rows.
    more: Option<Vec<(String, Vec<Vec<Json>>)>>,
    /// How the result is to be drawn: kind, then properties with their values.
    render: Option<(String, Properties)>,
    errors: Option<Vec<Wrong>>,
    warnings: Option<Vec<Wrong>>,
    /// The columns are known only after the run.
    #[serde(default)]
    found: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrong {
    code: String,
    /// The text the error points at; empty for a gap.
    at: String,
    /// Byte offset, where the text occurs more than once or is empty.
    start: Option<usize>,
    /// A part of the message.
    says: Option<String>,
    /// A part of the hint.
    hint: Option<String>,
}

struct Tables(
    BTreeMap<String, Arc<Table>>,
    BTreeMap<String, String>,
    BTreeMap<String, kql::Watchlist>,
);

impl Catalog for Tables {
    fn table_names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let table = self.0.get(table)?;
        Some(table.schema().map(|(n, t)| (n.to_owned(), t)).collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.0.get(table).cloned()
    }

    fn external(&self, address: &str) -> Option<Result<Vec<u8>, String>> {
        self.1.get(address).map(|t| Ok(t.clone().into_bytes()))
    }

    fn watchlist_names(&self) -> Vec<String> {
        self.2.keys().cloned().collect()
    }

    fn watchlist(&self, alias: &str) -> Option<Result<kql::Watchlist, String>> {
        self.2.get(alias).cloned().map(Ok)
    }
}

fn column_type(text: &str) -> (String, Type) {
    let (name, ty) = text.split_once(':').expect("name: type");
    let ty = Type::from_name(ty.trim()).expect("a type");
    (name.trim().to_owned(), ty)
}

fn build(text: &TableText) -> Table {
    let columns: Vec<(String, Type)> = text.columns.iter().map(|c| column_type(c)).collect();
    let made = columns.iter().enumerate().map(|(at, (name, ty))| {
        let mut builder = ColumnBuilder::new(*ty);
        for row in &text.rows {
            let json = &row[at];
            builder.push(&match (ty, json) {
                (_, Json::Null) => Value::Null,
                (Type::Dynamic, json) => Value::Dynamic(Arc::new(json.clone())),
                (Type::String, json) => Value::String(Arc::from(json.as_str().expect("a text"))),
                (Type::DateTime, json) => {
                    let text = json.as_str().expect("an instant");
                    Value::DateTime(time::parse_datetime(text).expect("an instant"))
                }
                (Type::Long, json) => Value::Long(json.as_i64().expect("a number")),
                (Type::Real, json) => Value::Real(json.as_f64().expect("a number")),
                (Type::Bool, json) => Value::Bool(json.as_bool().expect("a bool")),
                (ty, _) => panic!("no {ty} in a case's table"),
            });
        }
        (name.clone(), builder.finish())
    });
    let mut table = Table::new(made.collect());
    if let Some(first) = text.first_event {
        table.lineage = Some(Lineage::single((0..table.rows as u32).map(|r| first + r)));
    }
    table
}

fn same(expected: &Json, actual: &Json) -> bool {
    match (expected, actual) {
        (Json::Number(a), Json::Number(b)) => {
            if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
                return a == b;
            }
            let (a, b) = (
                a.as_f64().unwrap_or(f64::NAN),
                b.as_f64().unwrap_or(f64::NAN),
            );
            (a - b).abs() <= 1e-9 * a.abs().max(1.0)
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
        }
        (Json::String(a), Json::String(b)) if a != b => {
            // A case may write an instant without its seven decimals.
            a.ends_with('Z')
                && time::parse_datetime(a).is_some()
                && time::parse_datetime(a) == time::parse_datetime(b)
        }
        _ => expected == actual,
    }
}

fn check_wrong(
    expected: &[Wrong],
    query: &str,
    actual: &[&rulewright::diagnostic::Diagnostic],
) -> Result<(), String> {
    let shown: Vec<String> = actual
        .iter()
        .map(|d| {
            format!(
                "{} {:?} {} [{}]",
                d.code,
                d.span,
                d.message,
                d.hint.as_deref().unwrap_or("")
            )
        })
        .collect();
    if expected.len() != actual.len() {
        return Err(format!(
            "expected {} diagnostics, got {shown:#?}",
            expected.len()
        ));
    }
    for (wrong, diagnostic) in expected.iter().zip(actual) {
        let span = diagnostic.span.ok_or("a diagnostic without a place")?;
        let start = wrong
            .start
            .or_else(|| query.find(&wrong.at))
            .ok_or("the text does not occur")?;
        let fits = diagnostic.code == wrong.code
            && span.start == start
            && span.end == start + wrong.at.len()
            && wrong
                .says
                .as_ref()
                .is_none_or(|s| diagnostic.message.contains(s.as_str()))
            && wrong.hint.as_ref().is_none_or(|h| {
                diagnostic
                    .hint
                    .as_deref()
                    .unwrap_or("")
                    .contains(h.as_str())
            });
        if !fits {
            return Err(format!(
                "expected {} at {start} `{}`, got {shown:#?}",
                wrong.code, wrong.at
            ));
        }
    }
    Ok(())
}

fn run_case(case: &Case, catalog: &Tables) -> Result<(), String> {
    let now = case.now.as_deref().unwrap_or("2024-01-31T12:00:00Z");
    let mut options = Options::at(time::parse_datetime(now).ok_or("the clock")?);
    if let Some(limit) = case.row_limit {
        options.row_limit = limit;
    }
    let checked = kql::check(&case.query, catalog);
    let warnings: Vec<_> = checked
        .diagnostics
        .iter()
        .filter(|d| !d.is_error())
        .collect();
    if let Some(expected) = &case.warnings {
        check_wrong(expected, &case.query, &warnings)?;
    }
    let result = kql::run(&case.query, catalog, &options);
    if let Some(expected) = &case.errors {
        let errors = match &result {
            Ok(_) => return Err("it ran".to_owned()),
            Err(errors) => errors.iter().filter(|d| d.is_error()).collect::<Vec<_>>(),
        };
        return check_wrong(expected, &case.query, &errors);
    }
    let output = result.map_err(|errors| format!("refused: {errors:#?}"))?;
    let columns: Vec<(String, Type)> = output
        .table
        .schema()
        .map(|(n, t)| (n.to_owned(), t))
        .collect();
    if columns != checked.columns && !case.found {
        return Err(format!(
            "check says {:?}, run gives {columns:?}",
            checked.columns
        ));
    }
    if let Some(expected) = &case.columns {
        let expected: Vec<(String, Type)> = expected.iter().map(|c| column_type(c)).collect();
        if expected != columns {
            return Err(format!("columns: expected {expected:?}, got {columns:?}"));
        }
    }
    let rows: Vec<Vec<Json>> = (0..output.table.rows)
        .map(|r| output.table.row(r).iter().map(Value::to_json).collect())
        .collect();
    let expected = case.rows.as_ref().ok_or("a case needs rows or errors")?;
    let equal = |a: &Vec<Json>, b: &Vec<Json>| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
    };
    let mut at = Vec::new();
    for (index, row) in expected.iter().enumerate() {
        let found = if case.ordered {
            rows.get(index).filter(|r| equal(row, r)).map(|_| index)
        } else {
            (0..rows.len()).find(|i| !at.contains(i) && equal(row, &rows[*i]))
        };
        let Some(found) = found else {
            return Err(format!("row {index} {row:?} is missing in {rows:#?}"));
        };
        at.push(found);
    }
    if rows.len() != expected.len() {
        return Err(format!("expected {} rows, got {rows:#?}", expected.len()));
    }
    if let Some(expected) = &case.lineage {
        let lineage = output.table.lineage.as_ref().ok_or("no lineage")?;
        let actual: Vec<Vec<u32>> = at.iter().map(|r| lineage.row(*r).to_vec()).collect();
        if *expected != actual {
            return Err(format!("lineage: expected {expected:?}, got {actual:?}"));
        }
    }
    if let Some(expected) = &case.more {
        let actual = output.more.iter().map(|(name, table)| {
            let rows = (0..table.rows).map(|r| table.row(r).iter().map(Value::to_json).collect());
            (name.clone(), rows.collect())
        });
        let actual: Vec<(String, Vec<Vec<Json>>)> = actual.collect();
        if *expected != actual {
            return Err(format!("more: expected {expected:?}, got {actual:?}"));
        }
    }
    if let Some((kind, properties)) = &case.render {
        let actual = output.render.as_ref().ok_or("nothing to draw")?;
        if *kind != actual.kind || *properties != actual.properties {
            return Err(format!("render: got {actual:?}"));
        }
    }
    if let Some(expected) = &case.stages {
        let actual: Vec<usize> = output.stages.iter().map(|s| s.rows).collect();
        if *expected != actual {
            return Err(format!(
                "stages: expected {expected:?}, got {:?}",
                output.stages
            ));
        }
    }
    keeps::check(case, catalog, &options, &output)
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kql");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/kql")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .collect();
    paths.sort();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("a case file");
        let file: File =
            serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let tables = file
            .tables
            .iter()
            .map(|(n, t)| (n.clone(), Arc::new(build(t))));
        let watchlists = file.watchlists.iter().map(|(alias, csv)| {
            let (alias, key) = match alias.split_once(':') {
                Some((alias, key)) => (alias, Some(key.to_owned())),
                None => (alias.as_str(), None),
            };
            let list = kql::Watchlist {
                csv: csv.clone().into_bytes(),
                search_key: key,
            };
            (alias.to_owned(), list)
        });
        let catalog = Tables(tables.collect(), file.files.clone(), watchlists.collect());
        for case in &file.cases {
            count += 1;
            if let Err(why) = run_case(case, &catalog) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                failures.push(format!("{name}: {}\n{why}\n", case.name));
            }
        }
    }
    assert!(count > 0, "no cases were found");
    assert!(
        failures.is_empty(),
        "{} of {count} cases fail\n\n{}",
        failures.len(),
        failures.join("\n")
    );
}

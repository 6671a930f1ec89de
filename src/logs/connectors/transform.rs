//! Runs an ingest transform over records, as a collection rule on the platform would.

use super::definition::{ColumnDef, Connector, Input, Sieve, TableDef};
use super::inputs::{self, Cell};
use super::subset;
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::syntax::lexer::tokens;
use crate::kql::{self, Catalog, Options, Prepared};
use crate::value::{Column, Table, Type};
use std::sync::Arc;

/// The name of the transform's input.
const SOURCE: &str = "source";

/// The one table that a transform sees.
struct Source {
    schema: Vec<(String, Type)>,
    table: Arc<Table>,
}

impl Catalog for Source {
    fn table_names(&self) -> Vec<String> {
        vec![SOURCE.to_owned()]
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        (table == SOURCE).then(|| self.schema.clone())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        (table == SOURCE).then(|| Arc::clone(&self.table))
    }
}

fn schema(inputs: &[Input]) -> Vec<(String, Type)> {
    inputs.iter().map(|i| (i.name.clone(), i.ty)).collect()
}

/// Analyses a transform once and finds the column of its result for each column of the table.
///
/// # Errors
/// What is wrong with it; spans are byte offsets into the transform.
pub(super) fn prepare(
    text: &str,
    inputs: &[Input],
    columns: &mut [ColumnDef],
) -> Result<Prepared, Vec<Diagnostic>> {
    let unsupported = subset::check(text);
    if !unsupported.is_empty() {
        return Err(unsupported);
    }
    let source = Source {
        schema: schema(inputs),
        table: Arc::default(),
    };
    let prepared = kql::prepare(text, &source)?;
    let mut wrong = Vec::new();
    let mut tell = |name: &str, message: String, hint: &str| {
        let diagnostic = Diagnostic::error("connector-transform", place(text, name), message);
        wrong.push(diagnostic.with_hint(hint));
    };
    if !prepared.analysis().tables.iter().any(|t| t == SOURCE) {
        tell(
            SOURCE,
            "the transform does not read `source`".to_owned(),
            "begin it with `source`",
        );
    }
    for (at, (name, ty)) in prepared.analysis().columns.iter().enumerate() {
        match columns.iter_mut().find(|c| c.name == *name) {
            Some(column) if column.ty != *ty => tell(
                name,
                format!(
                    "the transform makes `{name}` a {ty}, the table has it as {}",
                    column.ty
                ),
                "convert it in the transform, or change the column's type",
            ),
            Some(column) => column.from = Some(at),
            None => tell(
                name,
                format!("the transform gives `{name}`, which is no column of the table"),
                "add it to `columns`, or take it away with `project`",
            ),
        }
    }
    if wrong.is_empty() {
        Ok(prepared)
    } else {
        Err(wrong)
    }
}

/// Where a transform last says a name; all of it where it does not.
fn place(text: &str, name: &str) -> Span {
    let (tokens, _) = tokens(text);
    let mut spans = tokens.iter().rev().map(|token| token.span);
    spans
        .find(|span| text.get(span.start..span.end) == Some(name))
        .unwrap_or(Span::new(0, text.len()))
}

/// The rows that records become. The lineage of a row is the number of its record.
///
/// # Errors
/// Why the transform stopped, in one sentence.
pub(in crate::logs) fn apply(
    connector: &Connector,
    table: &TableDef,
    records: &[&[Cell]],
) -> Result<Table, String> {
    let source = inputs::table(&connector.inputs, records);
    run(connector, &table.transform, source)
}

/// One of the transform's columns (by number), of records that it makes rows of, of which only the inputs (by number)
/// were read that the column comes from.
///
/// # Errors
/// As [`apply`].
pub(in crate::logs) fn apply_some(
    connector: &Connector,
    table: &TableDef,
    column: usize,
    wanted: &[usize],
    records: &[Vec<Cell>],
) -> Result<Column, String> {
    let source = inputs::some(&connector.inputs, wanted, records);
    let one = table.transform.column_of_all(column);
    let made = run(
        connector,
        &one.ok_or("the table cannot be made late")?,
        source,
    )?;
    if made.rows != records.len() {
        return Err("the transform gave another number of rows".to_owned());
    }
    let column = made.columns.into_iter().next();
    column.ok_or_else(|| "the transform gave no such column".to_owned())
}

/// Which records the transform makes rows of; of each the sieve's inputs were read.
///
/// # Errors
/// As [`apply`].
pub(in crate::logs) fn survivors(
    connector: &Connector,
    sieve: &Sieve,
    records: &[Vec<Cell>],
) -> Result<Vec<bool>, String> {
    let mut survive = vec![false; records.len()];
    if records.is_empty() {
        return Ok(survive);
    }
    let source = inputs::some(&connector.inputs, &sieve.inputs, records);
    let rows = run(connector, &sieve.rows, source)?.lineage;
    let rows = rows.ok_or("the transform does not say which records its rows are of")?;
    for row in 0..rows.len() {
        let record = rows.row(row).first();
        if let Some(slot) = record.and_then(|r| survive.get_mut(*r as usize)) {
            *slot = true;
        }
    }
    Ok(survive)
}

fn run(connector: &Connector, transform: &Prepared, source: Table) -> Result<Table, String> {
    let source = Source {
        schema: schema(&connector.inputs),
        table: Arc::new(source),
    };
    let options = Options {
        // A column is made under a lock.
        alone: true,
        // No clock is asked for: the transform may not use one.
        ..Options::at(0)
    };
    match transform.run(&source, &options) {
        Ok(output) => Ok(output.table),
        Err(diagnostics) => Err(format!(
            "the transform of the connector {} failed: {}",
            connector.id,
            diagnostics.first().map_or("", |d| d.message.as_str())
        )),
    }
}

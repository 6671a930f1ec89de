//! `keeps` of a case: the rows of stages of its run.

use super::{Case, Tables, column_type, same};
use rulewright::kql::{self, Keep, Options};
use rulewright::value::Value;
use serde::Deserialize;
use serde_json::Value as Json;

/// A stage and its rows, in any order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The stage's text.
    at: String,
    /// Which of several stages with this text.
    #[serde(default)]
    nth: usize,
    #[serde(default)]
    call: usize,
    /// The rows that go into it.
    #[serde(default)]
    before: bool,
    columns: Option<Vec<String>>,
    /// None where the run has no such rows.
    rows: Option<Vec<Vec<Json>>>,
    lineage: Option<Vec<Vec<u32>>>,
    calls: Option<usize>,
}

pub fn check(
    case: &Case,
    catalog: &Tables,
    options: &Options,
    output: &kql::Output,
) -> Result<(), String> {
    for kept in case.keeps.iter().flatten() {
        one(case, catalog, options, output, kept).map_err(|why| format!("`{}`: {why}", kept.at))?;
    }
    Ok(())
}

fn one(
    case: &Case,
    catalog: &Tables,
    options: &Options,
    output: &kql::Output,
    kept: &Kept,
) -> Result<(), String> {
    let text = |s: &&kql::Stage| case.query.get(s.span.start..s.span.end) == Some(kept.at.as_str());
    let stage = output.stages.iter().filter(text).nth(kept.nth);
    let stage = stage.ok_or_else(|| format!("no such stage in {:?}", output.stages))?;
    if let Some(calls) = kept.calls
        && calls != stage.calls
    {
        return Err(format!("{} calls", stage.calls));
    }
    let mut options = options.clone();
    options.keep = Some(Keep {
        span: stage.span,
        call: kept.call,
        before: kept.before,
    });
    let again = kql::run(&case.query, catalog, &options).map_err(|e| format!("{e:?}"))?;
    if again.stages.len() != output.stages.len() || again.table.rows != output.table.rows {
        return Err("keeping rows changes the run".to_owned());
    }
    let Some(rows) = &kept.rows else {
        return again
            .kept
            .map_or(Ok(()), |t| Err(format!("{} rows", t.rows)));
    };
    let table = again.kept.ok_or("no rows were kept")?;
    let columns: Vec<_> = table.schema().map(|(n, t)| (n.to_owned(), t)).collect();
    if let Some(expected) = &kept.columns {
        let expected: Vec<_> = expected.iter().map(|c| column_type(c)).collect();
        if expected != columns {
            return Err(format!("columns {columns:?}"));
        }
    }
    if !kept.before && columns.len() != stage.columns {
        return Err(format!("the stage says {} columns", stage.columns));
    }
    let actual: Vec<Vec<Json>> = (0..table.rows)
        .map(|r| table.row(r).iter().map(Value::to_json).collect())
        .collect();
    let mut at = Vec::new();
    for row in rows {
        let equal = |i: &usize| {
            let other = &actual[*i];
            !at.contains(i)
                && row.len() == other.len()
                && row.iter().zip(other).all(|(a, b)| same(a, b))
        };
        let found = (0..actual.len()).find(equal);
        at.push(found.ok_or_else(|| format!("{row:?} is missing in {actual:?}"))?);
    }
    if at.len() != actual.len() {
        return Err(format!("rows {actual:?}"));
    }
    if let Some(expected) = &kept.lineage {
        let lineage = table.lineage.as_ref().ok_or("no lineage")?;
        let actual: Vec<Vec<u32>> = at.iter().map(|r| lineage.row(*r).to_vec()).collect();
        if *expected != actual {
            return Err(format!("lineage {actual:?}"));
        }
    }
    Ok(())
}

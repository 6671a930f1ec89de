//! The tabular operators: one file each, with its analysis and its code.

pub mod aggregate;
pub mod aggregate_bind;
pub mod apply;
pub mod by_names;
pub mod checks;
pub mod consume;
pub mod count;
pub mod datatable;
pub mod distinct;
pub mod docs;
pub mod expand;
pub mod extend;
pub mod externaldata;
pub mod externaldata_read;
pub mod filter;
pub mod find;
pub mod fork;
pub mod getschema;
pub mod join;
pub mod join_run;
pub mod parse;
pub mod parse_kv;
pub mod parse_kv_read;
pub mod parse_regex;
pub mod partition;
pub mod print;
pub mod project;
pub mod reduce;
pub mod rename;
pub mod render;
pub mod rows;
pub mod sample;
pub mod scan;
pub mod scan_run;
pub mod search;
pub mod series;
pub mod series_run;
pub mod sort;
pub mod take;
pub mod top_hitters;
pub mod top_nested;
pub mod union;

use super::plan::Expr;
use super::run::eval::eval;
use super::run::frame::{Frame, Lazy};
use super::run::{Runtime, Stop};

/// A column of an expression; one that is only passed on stays lazy.
pub fn lazy(expr: &Expr, frame: &Frame, runtime: &Runtime) -> Result<Lazy, Stop> {
    if let super::plan::Kind::Column(at) = &expr.kind
        && let Some(column) = frame.columns.get(*at)
    {
        return Ok(column.clone());
    }
    Ok(Lazy::new(
        eval(expr, frame, runtime)?.into_column(frame.rows),
    ))
}

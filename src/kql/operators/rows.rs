//! The analysis of the operators that work on series, sequences and parts of rows: which file has which.

use super::{
    by_names, checks, fork, partition, reduce, sample, scan, series, top_hitters, top_nested,
};
use crate::diagnostic::Span;
use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::syntax::tree_rows::Rows;

/// Analyses it.
pub fn bind(binder: &mut Binder, rows: &Rows, input: &Pipeline, span: Span) -> Option<Made> {
    match rows {
        Rows::MakeSeries(series) => series::bind(binder, series, input, span),
        Rows::Scan(scan) => scan::bind(binder, scan, input, span),
        Rows::Partition(partition) => partition::bind(binder, partition, input, span),
        Rows::TopNested(levels) => top_nested::bind(binder, levels, input, span),
        Rows::TopHitters(count, of, by) => top_hitters::bind(binder, count, of, by.as_ref(), input),
        Rows::Sample(count) => sample::bind(binder, count, input),
        Rows::SampleDistinct(count, of) => sample::bind_distinct(binder, count, of, input),
        Rows::Reduce(reduce) => reduce::bind(binder, reduce, input, span),
        Rows::Facet(columns, with) => {
            fork::bind_facet(binder, columns, with.as_deref(), input, span)
        }
        Rows::Fork(legs) => fork::bind(binder, legs, input, span),
        Rows::AssertSchema(columns) => checks::bind(binder, columns, input, span),
        Rows::ProjectByNames(items) => by_names::bind(binder, items, input),
    }
}

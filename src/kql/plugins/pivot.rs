//! `pivot`: the values of a column become columns.

use super::{Call, Planned, Plugin, stop};
use crate::diagnostic::Span;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Find, FoundColumns};
use crate::kql::operators::aggregate;
use crate::kql::operators::aggregate::collapse;
use crate::kql::plan::{Operator, Schema};
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree::{Expr, ExprKind, Name, Named};
use crate::value::{Column, ColumnBuilder, Type, Value};
use arrow_array::UInt32Array;
use std::collections::HashMap;
use std::sync::Arc;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "pivot",
    signature: "pivot(column, [aggregate], [column, ...])",
    doc: "Turns each value of a column into a column of its own, which holds an aggregate (`count()` where none is given) of the rows with that value. The rows are grouped by the columns that follow, else by all that are not used otherwise.",
    parameters: &[],
    bind,
};

/// Most columns that values may become.
const MAX_COLUMNS: usize = 2_000;

/// The aggregates that may be used, and what a cell without rows holds where that is certain.
const AGGREGATES: [&str; 15] = [
    "min",
    "max",
    "take_any",
    "any",
    "sum",
    "dcount",
    "avg",
    "stdev",
    "variance",
    "make_list",
    "makelist",
    "make_bag",
    "make_set",
    "makeset",
    "count",
];

#[derive(Debug)]
struct Shared {
    /// Groups by the columns and the pivoted one: its result has those, then the aggregate.
    summarize: Box<dyn Operator>,
    /// How many columns come before the pivoted one.
    keys: usize,
    /// What a cell holds that no row falls into; none where that is not certain.
    empty: Option<Value>,
    ty: Type,
    name: Span,
}

#[derive(Debug)]
struct Finder {
    shared: Arc<Shared>,
    keys: Schema,
}

#[derive(Debug)]
struct Pivot {
    shared: Arc<Shared>,
    /// The columns made of values.
    values: Vec<String>,
    /// For each column of the result the key that it is; none for one made of a value.
    columns: Vec<Option<usize>>,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if call.count() == 0 {
        call.wrong_count();
        return None;
    }
    let pivoted = call.get(0)?;
    let (place, _) = call.column(pivoted)?;
    let mut rest: Vec<&Expr> = call.rest(1).collect();
    let given = match rest.first().map(|e| &e.kind) {
        Some(ExprKind::Call(name, _)) => Some(name.clone()),
        _ => None,
    };
    let aggregate_call = match given {
        Some(name) => {
            if !AGGREGATES.contains(&name.text.as_str()) {
                let message = format!("`{}` cannot be used in `pivot`", name.text);
                call.binder.error("KQL144", name.span, message);
                return None;
            }
            rest.remove(0).clone()
        }
        None => Expr {
            kind: ExprKind::Call(
                Name {
                    text: "count".to_owned(),
                    span: call.name,
                },
                Vec::new(),
            ),
            span: call.name,
        },
    };
    let mut keys: Vec<usize> = Vec::new();
    for expr in &rest {
        keys.push(call.column(expr)?.0);
    }
    if rest.is_empty() {
        // All columns but the pivoted one and the one that is aggregated.
        let used: Vec<String> = names_in(&aggregate_call);
        keys.extend(
            (0..call.input.schema.len())
                .filter(|at| *at != place && !used.contains(&call.column_name(*at))),
        );
    }
    let named = |call: &Call, at: usize, title: String| Named {
        names: vec![Name {
            text: title,
            span: call.name,
        }],
        value: Expr {
            kind: ExprKind::Name(call.column_name(at)),
            span: call.name,
        },
    };
    let mut groups: Vec<Named> = keys
        .iter()
        .map(|at| named(call, *at, call.column_name(*at)))
        .collect();
    groups.push(named(call, place, "#pivot".to_owned()));
    let item = Named {
        names: vec![Name {
            text: "#value".to_owned(),
            span: call.name,
        }],
        value: aggregate_call.clone(),
    };
    let made = summarize(call, &[item], &groups, call.input)?;
    let ty = made.schema.last().map_or(Type::Long, |(_, t)| *t);
    let empty = match &aggregate_call.kind {
        ExprKind::Call(name, _) => match name.text.as_str() {
            "count" | "dcount" => Some(Value::Long(0)),
            "sum" => match ty {
                Type::Long => Some(Value::Long(0)),
                Type::Real => Some(Value::Real(0.0)),
                Type::TimeSpan => Some(Value::TimeSpan(0)),
                _ => None,
            },
            "min" | "max" | "take_any" | "any" => Some(Value::Null),
            _ => None,
        },
        _ => None,
    };
    let key_schema: Schema = keys
        .iter()
        .filter_map(|at| call.input.schema.get(*at).cloned())
        .collect();
    let shared = Arc::new(Shared {
        summarize: made.operator,
        keys: keys.len(),
        empty,
        ty,
        name: call.name,
    });
    if let Some(declared) = call.schema {
        let mut schema: Schema = Vec::new();
        if declared.star {
            schema.extend(key_schema.iter().cloned());
        }
        schema.extend(declared.columns.iter().map(|(n, t)| (n.text.clone(), *t)));
        for (name, given) in &schema {
            let own = key_schema.iter().find(|(n, _)| n == name).map(|(_, t)| *t);
            let expected = own.unwrap_or(ty);
            if *given != expected {
                let message = format!("The column `{name}` is {expected}, and {given} is expected");
                let span = declared.span;
                call.binder.error("KQL-columns", span, message);
                return None;
            }
        }
        return Some(Planned::Made(pivot(shared, schema, &key_schema)));
    }
    let finder = Finder {
        shared: shared.clone(),
        keys: key_schema.clone(),
    };
    let known = key_schema.clone();
    Some(Planned::Open {
        finder: Box::new(finder),
        known,
        make: Box::new(move |found| pivot(shared, found.schema, &key_schema)),
    })
}

fn summarize(call: &mut Call, items: &[Named], keys: &[Named], input: &Pipeline) -> Option<Made> {
    let before = call.binder.diagnostics.len();
    let made = aggregate::bind(call.binder, items, keys, input);
    let wrong = call.binder.diagnostics.iter().skip(before);
    let failed = wrong.clone().any(crate::diagnostic::Diagnostic::is_error);
    made.filter(|_| !failed)
}

fn pivot(shared: Arc<Shared>, schema: Schema, keys: &Schema) -> Made {
    let columns: Vec<Option<usize>> = schema
        .iter()
        .map(|(name, _)| keys.iter().position(|(n, _)| n == name))
        .collect();
    let values = schema
        .iter()
        .zip(&columns)
        .filter(|(_, key)| key.is_none())
        .map(|((name, _), _)| name.clone())
        .collect();
    let operator = Pivot {
        shared,
        values,
        columns,
    };
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    made
}

/// The names in an expression.
fn names_in(expr: &Expr) -> Vec<String> {
    match &expr.kind {
        ExprKind::Name(name) => vec![name.clone()],
        ExprKind::Call(_, arguments) => arguments.iter().flat_map(|a| names_in(&a.value)).collect(),
        ExprKind::Member(base, _) | ExprKind::Sign(_, base) => names_in(base),
        ExprKind::Binary(_, _, a, b) | ExprKind::Index(a, b) => {
            let mut names = names_in(a);
            names.extend(names_in(b));
            names
        }
        _ => Vec::new(),
    }
}

impl Shared {
    /// The grouped rows and the column name that each of them falls into.
    fn grouped(&self, input: Frame, runtime: &Runtime) -> Result<(Frame, Vec<Arc<str>>), Stop> {
        let frame = self.summarize.run(input, runtime)?;
        let mut titles = Vec::with_capacity(frame.rows);
        if let Some(column) = frame.columns.get(self.keys) {
            let column = column.get();
            for row in 0..frame.rows {
                let title = convert::text(&column.value(row));
                if title.is_empty() {
                    let message = "A value of the pivoted column is empty and cannot name a column";
                    return Err(stop("KQL-pivot", self.name, message));
                }
                titles.push(title);
            }
        }
        Ok((frame, titles))
    }
}

impl Find for Finder {
    fn find(&self, input: &Frame, runtime: &Runtime) -> Result<FoundColumns, Stop> {
        let (_, titles) = self.shared.grouped(input.clone(), runtime)?;
        let mut schema = self.keys.clone();
        let mut seen = std::collections::HashSet::new();
        for title in titles {
            if !seen.insert(title.clone()) {
                continue;
            }
            if self.keys.iter().any(|(n, _)| **n == *title) {
                let message = format!(
                    "A value of the pivoted column is `{title}`, and there is a column of that name"
                );
                return Err(stop("KQL-duplicate", self.shared.name, message));
            }
            schema.push((title.to_string(), self.shared.ty));
            if seen.len() > MAX_COLUMNS {
                let message = format!("The pivoted column has more than {MAX_COLUMNS} values");
                return Err(stop("KQL-limit", self.shared.name, message));
            }
        }
        Ok(FoundColumns {
            schema,
            kept: self.keys.len(),
            warnings: Vec::new(),
        })
    }
}

impl Operator for Pivot {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let (frame, titles) = self.shared.grouped(input, runtime)?;
        let keys: Vec<Column> = frame
            .columns
            .iter()
            .take(self.shared.keys)
            .map(|c| c.get().clone())
            .collect();
        let grouping = if keys.is_empty() && frame.rows == 0 {
            aggregate::group(vec![crate::kql::run::frame::nulls(Type::Long, 0)], 0)
        } else {
            aggregate::group(keys, frame.rows)
        };
        let place: HashMap<&str, usize> = self
            .values
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        // For every cell the grouped row that it shows.
        let count = grouping.groups.count;
        let mut cells: Vec<Vec<Option<u32>>> = vec![vec![None; count]; self.values.len()];
        for (row, (title, group)) in titles.iter().zip(&grouping.groups.of).enumerate() {
            // A value that the result schema does not name is dropped, as in the documented example.
            if let Some(at) = place.get(title.as_ref()) {
                match cells.get_mut(*at).and_then(|c| c.get_mut(*group as usize)) {
                    Some(Some(_)) => {
                        let message = format!(
                            "Two values of the pivoted column have the same text `{title}`"
                        );
                        return Err(stop("KQL-pivot", self.shared.name, message));
                    }
                    Some(cell) => *cell = Some(row as u32),
                    None => {}
                }
            }
            if row % 4096 == 0 {
                runtime.check()?;
            }
        }
        let collapsed = collapse(&frame, &grouping);
        let source = frame.columns.get(self.shared.keys + 1);
        let mut made: Vec<Lazy> = Vec::new();
        for (title, cells) in self.values.iter().zip(&cells) {
            let rows = UInt32Array::from(cells.clone());
            let column = match source {
                Some(source) => crate::kql::run::frame::gather(source.get(), &rows),
                None => crate::kql::run::frame::nulls(self.shared.ty, count),
            };
            let column = if cells.iter().any(Option::is_none) {
                let Some(empty) = &self.shared.empty else {
                    let message = format!(
                        "Not every row has a value for `{title}`, and what this aggregate then gives is not certain"
                    );
                    return Err(stop("KQL-unsupported", self.shared.name, message));
                };
                if empty.is_null() {
                    column
                } else {
                    filled(&column, cells, empty, self.shared.ty)
                }
            } else {
                column
            };
            made.push(Lazy::new(column));
        }
        let mut values = made.into_iter();
        let columns = self
            .columns
            .iter()
            .filter_map(|key| match key {
                Some(at) => collapsed.columns.get(*at).cloned(),
                None => values.next(),
            })
            .collect();
        Ok(collapsed.with_columns(columns))
    }
}

fn filled(column: &Column, cells: &[Option<u32>], empty: &Value, ty: Type) -> Column {
    let mut builder = ColumnBuilder::new(ty);
    for (row, cell) in cells.iter().enumerate() {
        match cell {
            Some(_) => builder.push(&column.value(row)),
            None => builder.push(empty),
        }
    }
    builder.finish()
}

//! `mv-expand`: a row for every element of an array. `[]` drops the row, null keeps it, a bag becomes
//! bags of one property; several columns go side by side.

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, auto_name, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::eval::eval;
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree;
use crate::value::{ColumnBuilder, Type, Value};
use arrow_array::UInt32Array;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["mv-expand", "mvexpand"],
    "T | mv-expand [bagexpansion=bag|array] [with_itemindex=Index] [Name =] array [to typeof(type)], … [limit n]",
    "Makes a row of every element of a dynamic array, or of every property of a bag. Several arrays are expanded side by side; an empty array drops the row, null keeps it.",
    "AuditLogs | mv-expand Resource = TargetResources | extend Id = tostring(Resource.id)",
)];

/// The operator.
#[derive(Debug)]
pub struct MvExpand {
    /// Value, the place of its column, the type it is converted to.
    items: Vec<(Expr, usize, Type)>,
    index: bool,
    limit: Option<Expr>,
    as_arrays: bool,
    span: crate::diagnostic::Span,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    items: &[tree::Expand],
    index: Option<&tree::Name>,
    limit: Option<&tree::Expr>,
    as_arrays: bool,
    input: &Pipeline,
) -> Option<Made> {
    let (operator, schema) = parts(binder, items, index, limit, as_arrays, input);
    Some(Made::new(operator, schema))
}

/// The operator and the columns after it.
pub fn parts(
    binder: &mut Binder,
    items: &[tree::Expand],
    index: Option<&tree::Name>,
    limit: Option<&tree::Expr>,
    as_arrays: bool,
    input: &Pipeline,
) -> (MvExpand, Schema) {
    let mut schema = input.schema.clone();
    let mut bound = Vec::new();
    let mut span = crate::diagnostic::Span::default();
    let mut unnamed = 0;
    for item in items {
        span = item.item.value.span;
        let value = binder.scalar(&item.item.value, input.row());
        if let Some(ty) = value.ty
            && ty != Type::Dynamic
        {
            let message = format!("A dynamic value is expected here, and this is {ty}");
            binder.error("KQL141", value.span, message);
        }
        let ty = item.to.unwrap_or(Type::Dynamic);
        let explicit = item.item.names.first().map(|n| n.text.clone());
        let name = explicit
            .or_else(|| auto_name(&item.item.value))
            .unwrap_or_else(|| {
                unnamed += 1;
                unique_name(&format!("Column{unnamed}"), &schema)
            });
        let known = schema.iter().position(|(n, _)| *n == name);
        let at = match known {
            Some(at) => {
                if let Some(slot) = schema.get_mut(at) {
                    slot.1 = ty;
                }
                at
            }
            None => {
                schema.push((name, ty));
                schema.len() - 1
            }
        };
        bound.push((value, at, ty));
    }
    if let Some(index) = index {
        schema.push((unique_name(&index.text, &schema), Type::Long));
    }
    let limit = limit.map(|l| super::take::row_count(binder, l));
    let operator = MvExpand {
        items: bound,
        index: index.is_some(),
        limit,
        as_arrays,
        span,
    };
    (operator, schema)
}

/// The elements of a value; none for null, which is one null element.
fn elements(value: Value, as_arrays: bool) -> Option<Vec<Json>> {
    let Value::Dynamic(json) = value else {
        return None;
    };
    Some(match json.as_ref() {
        Json::Array(items) => items.clone(),
        Json::Object(bag) => bag
            .iter()
            .map(|(key, value)| {
                if as_arrays {
                    return Json::Array(vec![Json::from(key.as_str()), value.clone()]);
                }
                let mut one = Map::new();
                one.insert(key.clone(), value.clone());
                Json::Object(one)
            })
            .collect(),
        scalar => vec![scalar.clone()],
    })
}

/// An element as a type. Texts are not read as numbers: `"2"` as a long is null.
fn element(json: &Json, ty: Type) -> Value {
    if json.is_null() {
        return Value::Null;
    }
    let fits = match ty {
        Type::Dynamic | Type::String => true,
        Type::Int | Type::Long | Type::Real | Type::Decimal => json.is_number(),
        Type::Bool => json.is_boolean() || json.is_i64(),
        Type::DateTime | Type::TimeSpan | Type::Guid => json.is_string(),
    };
    if !fits {
        return Value::Null;
    }
    convert::convert(&Value::Dynamic(Arc::new(json.clone())), ty)
}

impl Operator for MvExpand {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        Ok(self.expand(&input, runtime)?.0)
    }
}

impl MvExpand {
    /// The columns of the input, of so many, that get the elements.
    pub fn replaced(&self, columns: usize) -> Vec<usize> {
        let places = self.items.iter().map(|(_, at, _)| *at);
        places.filter(|at| *at < columns).collect()
    }

    /// The rows, and the row of the input that each comes from.
    ///
    /// # Errors
    /// When cancelled or at a limit.
    pub fn expand(&self, input: &Frame, runtime: &Runtime) -> Result<(Frame, Vec<u32>), Stop> {
        let limit = match &self.limit {
            Some(limit) => super::take::number(limit, runtime)?,
            None => usize::MAX,
        };
        let mut data = Vec::with_capacity(self.items.len());
        for (expr, _, _) in &self.items {
            data.push(eval(expr, input, runtime)?);
        }
        let mut rows: Vec<u32> = Vec::new();
        let mut builders: Vec<ColumnBuilder> = self
            .items
            .iter()
            .map(|(_, _, ty)| ColumnBuilder::new(*ty))
            .collect();
        let mut index = ColumnBuilder::new(Type::Long);
        for row in 0..input.rows {
            let lists: Vec<Option<Vec<Json>>> = data
                .iter()
                .map(|d| elements(d.value(row), self.as_arrays))
                .collect();
            let longest = lists
                .iter()
                .map(|l| l.as_ref().map_or(1, Vec::len))
                .max()
                .unwrap_or(0);
            for at in 0..longest.min(limit) {
                rows.push(row as u32);
                index.push(&Value::Long(at as i64));
                for ((builder, list), (_, _, ty)) in
                    builders.iter_mut().zip(&lists).zip(&self.items)
                {
                    let json = list.as_ref().and_then(|l| l.get(at)).unwrap_or(&Json::Null);
                    builder.push(&element(json, *ty));
                }
            }
            if rows.len() > runtime.options.row_limit || row % 1024 == 0 {
                runtime.check_rows(rows.len(), self.span)?;
            }
        }
        let frame = input.take(&Arc::new(UInt32Array::from(rows.clone())));
        let mut columns = frame.columns.clone();
        for (builder, (_, at, _)) in builders.into_iter().zip(&self.items) {
            let column = Lazy::new(builder.finish());
            match columns.get_mut(*at) {
                Some(slot) => *slot = column,
                None => columns.push(column),
            }
        }
        if self.index {
            columns.push(Lazy::new(index.finish()));
        }
        Ok((frame.with_columns(columns), rows))
    }
}

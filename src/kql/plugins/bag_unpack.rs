//! `bag_unpack`: the properties of a bag become columns.

use super::{Call, Planned, Plugin, stop};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Find, FoundColumns};
use crate::kql::plan::{Operator, Schema};
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert};
use crate::value::{Column, ColumnBuilder, Type, Value};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "bag_unpack",
    signature: "bag_unpack(column, [prefix], [columnsConflict], [ignoredProperties])",
    doc: "Turns the properties of a bag into columns and drops the bag. Without a result schema behind it the columns are those the data have, in the order of their names, each of the type that all its values share, else dynamic.",
    parameters: &[
        "Column",
        "OutputColumnPrefix",
        "columnsConflict",
        "ignoredProperties",
    ],
    bind,
};

/// Most columns that bags may become.
const MAX_COLUMNS: usize = 2_000;

/// What happens where a property is named as a column of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conflict {
    Error,
    Replace,
    Keep,
}

#[derive(Clone, Debug)]
struct Unpack {
    bag: usize,
    prefix: String,
    conflict: Conflict,
    ignored: HashSet<String>,
    /// The input's columns.
    input: Schema,
    name: Span,
}

/// Where a column of the result comes from.
#[derive(Clone, Debug)]
enum From {
    Input(usize),
    Property(String, Type),
    /// The input's column; an error where a bag has the property too.
    Checked(usize, String),
}

#[derive(Debug)]
struct BagUnpack {
    unpack: Unpack,
    columns: Vec<From>,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(1, 4) {
        return None;
    }
    let column = call.get(0)?;
    let (bag, ty) = call.column(column)?;
    if ty != Type::Dynamic {
        let message = format!("`bag_unpack` takes a dynamic column, and this is {ty}");
        call.binder.told(
            Diagnostic::error("KQL107", column.span, message)
                .with_hint("Read the text first: `extend d = parse_json(d)`"),
        );
        return None;
    }
    let text = |call: &mut Call, at: usize| -> Option<Option<String>> {
        match call.get(at) {
            None => Some(None),
            Some(expr) => match call.known(expr)? {
                Value::String(s) => Some(Some(s.to_string())),
                _ => {
                    call.binder
                        .error("KQL107", expr.span, "A string is expected here");
                    None
                }
            },
        }
    };
    let prefix = text(call, 1)?.unwrap_or_default();
    let conflict = match text(call, 2)?.as_deref() {
        None | Some("error") => Conflict::Error,
        Some("replace_source") => Conflict::Replace,
        Some("keep_source") => Conflict::Keep,
        Some(other) => {
            let message = format!(
                "`{other}` is not a way to settle conflicts: error, replace_source or keep_source"
            );
            let span = call.get(2).map_or(call.name, |e| e.span);
            call.binder.error("KQL107", span, message);
            return None;
        }
    };
    let mut ignored = HashSet::new();
    if let Some(expr) = call.get(3) {
        match call.known(expr)? {
            Value::Dynamic(json) if json.is_array() => {
                let names = json.as_array().into_iter().flatten();
                ignored.extend(names.filter_map(Json::as_str).map(str::to_owned));
            }
            Value::Null => {}
            _ => {
                call.binder
                    .error("KQL107", expr.span, "A dynamic array is expected here");
                return None;
            }
        }
    }
    let unpack = Unpack {
        bag,
        prefix,
        conflict,
        ignored,
        input: call.input.schema.clone(),
        name: call.name,
    };
    if call.schema.is_some() {
        return declared(call, unpack);
    }
    let known = unpack.kept(&[]).into_iter().map(|(_, c)| c).collect();
    Some(Planned::Open {
        finder: Box::new(unpack.clone()),
        known,
        make: Box::new(move |found| unpack.over(found)),
    })
}

/// The call with a result schema: its columns, each out of the input or out of the bag.
fn declared(call: &mut Call, unpack: Unpack) -> Option<Planned> {
    let declared = call.schema?;
    let mut schema: Schema = Vec::new();
    let mut columns = Vec::new();
    if declared.star {
        for (at, column) in unpack.kept(&[]) {
            schema.push(column);
            columns.push(From::Input(at));
        }
    }
    for (name, ty) in &declared.columns {
        if schema.iter().any(|(n, _)| *n == name.text) {
            let message = format!("The column `{}` is there already", name.text);
            call.binder.error("KQL-duplicate", name.span, message);
            return None;
        }
        schema.push((name.text.clone(), *ty));
        let source = unpack
            .kept(&[])
            .into_iter()
            .find(|(_, (n, _))| *n == name.text);
        let property = name.text.strip_prefix(unpack.prefix.as_str());
        columns.push(match (source, property) {
            (Some((at, (_, own))), property) => {
                if own != *ty {
                    let message =
                        format!("The column `{}` is {own}, and {ty} is expected", name.text);
                    call.binder.error("KQL-columns", name.span, message);
                    return None;
                }
                match property {
                    Some(property) if unpack.conflict != Conflict::Keep => {
                        From::Checked(at, property.to_owned())
                    }
                    _ => From::Input(at),
                }
            }
            (None, Some(property)) => From::Property(property.to_owned(), *ty),
            (None, None) => {
                let message = format!(
                    "The column `{}` does not begin with the prefix `{}`",
                    name.text, unpack.prefix
                );
                call.binder.error("KQL-columns", name.span, message);
                return None;
            }
        });
    }
    let mut made = Made::new(BagUnpack { unpack, columns }, schema);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Unpack {
    /// The input's columns without the bag and without those that are replaced.
    fn kept(&self, replaced: &[String]) -> Vec<(usize, (String, Type))> {
        self.input
            .iter()
            .enumerate()
            .filter(|(at, (name, _))| *at != self.bag && !replaced.contains(name))
            .map(|(at, column)| (at, column.clone()))
            .collect()
    }

    /// The operator for columns that were found.
    fn over(self, found: FoundColumns) -> Made {
        let own = self.kept(&[]);
        let columns = found
            .schema
            .iter()
            .enumerate()
            .map(|(place, (name, ty))| {
                let source = own.iter().find(|(_, (n, _))| n == name);
                match source {
                    Some((at, _)) if place < found.kept || self.conflict == Conflict::Keep => {
                        From::Input(*at)
                    }
                    _ => {
                        let property = name.strip_prefix(self.prefix.as_str()).unwrap_or(name);
                        From::Property(property.to_owned(), *ty)
                    }
                }
            })
            .collect();
        let schema = found.schema;
        Made::new(
            BagUnpack {
                unpack: self,
                columns,
            },
            schema,
        )
    }
}

/// The type of a property's value.
fn type_of(json: &Json) -> Type {
    match json {
        Json::Bool(_) => Type::Bool,
        Json::Number(n) if n.is_i64() => Type::Long,
        Json::Number(_) => Type::Real,
        Json::String(_) => Type::String,
        _ => Type::Dynamic,
    }
}

/// The bag of a row; none for null and for what is no bag.
fn bag(column: &Column, row: usize) -> Option<Map<String, Json>> {
    if column.is_null(row) {
        return None;
    }
    serde_json::from_str(column.text(row)).ok()
}

impl Find for Unpack {
    fn find(&self, input: &Frame, runtime: &Runtime) -> Result<FoundColumns, Stop> {
        let mut found: BTreeMap<String, Option<Type>> = BTreeMap::new();
        let mut dates: BTreeMap<String, bool> = BTreeMap::new();
        if let Some(column) = input.columns.get(self.bag) {
            let column = column.get();
            for row in 0..input.rows {
                if row % 4096 == 0 {
                    runtime.check()?;
                }
                for (key, value) in bag(column, row).into_iter().flatten() {
                    if self.ignored.contains(&key) {
                        continue;
                    }
                    if value.is_null() {
                        found.entry(key).or_default();
                        continue;
                    }
                    if let Json::String(text) = &value {
                        let date = is_instant(text);
                        let all = dates.entry(key.clone()).or_insert(true);
                        *all &= date;
                    }
                    let ty = type_of(&value);
                    let slot = found.entry(key).or_default();
                    *slot = match *slot {
                        None => Some(ty),
                        Some(old) if old == ty => Some(ty),
                        Some(_) => Some(Type::Dynamic),
                    };
                }
                if found.len() > MAX_COLUMNS {
                    let message = format!("The bags have more than {MAX_COLUMNS} properties");
                    return Err(stop("KQL-limit", self.name, message));
                }
            }
        }
        let mut warnings = Vec::new();
        let mut made: Schema = Vec::new();
        for (key, ty) in found {
            if ty == Some(Type::String) && dates.get(&key) == Some(&true) {
                let message = format!(
                    "All values of `{key}` are instants written as texts: the column is string here, and may be datetime on the platform"
                );
                warnings.push(
                    Diagnostic::warning("KQL-bag-types", self.name, message)
                        .with_hint("Give the result schema, or convert with `todatetime(…)`"),
                );
            }
            made.push((format!("{}{key}", self.prefix), ty.unwrap_or(Type::Dynamic)));
        }
        made.sort_by(|a, b| a.0.cmp(&b.0));
        let mut taken = Vec::new();
        for (_, (name, ty)) in self.kept(&[]) {
            if let Some(slot) = made.iter_mut().find(|(n, _)| *n == name) {
                if self.conflict == Conflict::Error {
                    let message = format!(
                        "A bag has the property `{name}`, and there is a column of that name already"
                    );
                    let diagnostic = Diagnostic::error("KQL-duplicate", self.name, message).with_hint(
                        "Add `columnsConflict='keep_source'` or `'replace_source'`, or a prefix",
                    );
                    return Err(Stop::Failed(Box::new(diagnostic)));
                }
                if self.conflict == Conflict::Keep {
                    slot.1 = ty;
                }
                taken.push(name);
            }
        }
        let mut schema: Schema = self.kept(&taken).into_iter().map(|(_, c)| c).collect();
        let kept = schema.len();
        schema.extend(made);
        Ok(FoundColumns {
            schema,
            kept,
            warnings,
        })
    }
}

/// Whether a text is an instant as JSON has it: `2024-01-02T03:04:05Z`.
fn is_instant(text: &str) -> bool {
    let shaped = text.len() >= 19 && text.as_bytes().get(10) == Some(&b'T');
    shaped && convert::datetime(text).is_some()
}

impl Operator for BagUnpack {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let Some(source) = input.columns.get(self.unpack.bag) else {
            return Ok(input);
        };
        let source = source.get();
        let mut builders: Vec<Option<ColumnBuilder>> = self
            .columns
            .iter()
            .map(|c| match (c, self.unpack.conflict) {
                (From::Property(_, ty), _) => Some(ColumnBuilder::new(*ty)),
                (From::Checked(at, _), Conflict::Replace) => {
                    let ty = self.unpack.input.get(*at).map_or(Type::Dynamic, |c| c.1);
                    Some(ColumnBuilder::new(ty))
                }
                _ => None,
            })
            .collect();
        for row in 0..input.rows {
            if row % 4096 == 0 {
                runtime.check()?;
            }
            let bag = bag(source, row);
            let property = |key: &str| {
                bag.as_ref()
                    .filter(|_| !self.unpack.ignored.contains(key))
                    .and_then(|b| b.get(key))
            };
            for (column, builder) in self.columns.iter().zip(&mut builders) {
                match (column, builder) {
                    (From::Property(key, ty), Some(builder)) => match property(key) {
                        Some(json) => push(builder, json, *ty),
                        None => builder.push_null(),
                    },
                    (From::Checked(at, key), Some(builder)) => {
                        let ty = self.unpack.input.get(*at).map_or(Type::Dynamic, |c| c.1);
                        match (property(key), input.columns.get(*at)) {
                            (Some(json), _) => push(builder, json, ty),
                            (None, Some(own)) => builder.push(&own.get().value(row)),
                            (None, None) => builder.push_null(),
                        }
                    }
                    (From::Checked(_, key), None) if property(key).is_some() => {
                        let message = format!(
                            "A bag has the property `{key}`, and there is a column of that name already"
                        );
                        let diagnostic =
                            Diagnostic::error("KQL-duplicate", self.unpack.name, message)
                                .with_hint("Add `columnsConflict='keep_source'` or a prefix");
                        return Err(Stop::Failed(Box::new(diagnostic)));
                    }
                    _ => {}
                }
            }
        }
        let columns = self
            .columns
            .iter()
            .zip(builders)
            .filter_map(|(column, builder)| match (column, builder) {
                (_, Some(builder)) => Some(Lazy::new(builder.finish())),
                (From::Input(at) | From::Checked(at, _), None) => input.columns.get(*at).cloned(),
                (From::Property(..), None) => None,
            })
            .collect();
        Ok(input.with_columns(columns))
    }
}

fn push(builder: &mut ColumnBuilder, json: &Json, ty: Type) {
    match (json, ty) {
        (Json::Null, _) => builder.push_null(),
        (json, Type::Dynamic) => builder.push_text(&json.to_string()),
        (Json::String(text), Type::String) => builder.push_text(text),
        (json, ty) => {
            builder.push(&convert::convert(
                &Value::Dynamic(Arc::new(json.clone())),
                ty,
            ));
        }
    }
}

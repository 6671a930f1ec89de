//! `union`: the rows of several tables; columns go together by name and type.

use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Binder, Row, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Operator, Plan, Schema};
use crate::kql::run::datum::repeat;
use crate::kql::run::frame::{Frame, nulls};
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind, Setting};
use crate::value::{Column, ColumnBuilder, Lineage, Type, Value};
use arrow_array::Array;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["union"],
    "[T |] union [kind=inner|outer] [withsource=Column] [isfuzzy=true] table, …",
    "The rows of all these tables, one after the other; columns go together by name. A `*` in a name takes all tables that fit, and `isfuzzy=true` passes over tables that do not exist.",
    "union withsource=Source isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs",
)];

#[derive(Debug)]
struct Union {
    parts: Vec<Part>,
    schema: Schema,
    source: bool,
    span: Span,
}

#[derive(Debug)]
struct Part {
    plan: Arc<Plan>,
    name: String,
    /// For every column of the result the column of this part.
    columns: Vec<Option<usize>>,
}

/// Analyses it; behind a pipe the rows so far are the first table.
pub fn bind(
    binder: &mut Binder,
    settings: &[Setting],
    tables: &[tree::Expr],
    input: Option<Arc<Plan>>,
    span: Span,
) -> Option<Made> {
    let setting = |names: &[&str]| {
        settings
            .iter()
            .find(|s| names.contains(&s.name.text.as_str()))
    };
    let fuzzy = setting(&["isfuzzy"]).is_some_and(|s| s.value.text == "true");
    let inner = setting(&["kind"]).is_some_and(|s| s.value.text == "inner");
    let source = setting(&["withsource", "with_source"]).map(|s| s.value.text.clone());
    let mut parts: Vec<(String, Arc<Plan>)> = Vec::new();
    if let Some(input) = input {
        let name = table_name(&input).unwrap_or_else(|| "union_arg0".to_owned());
        parts.push((name, input));
    }
    for table in tables {
        member(binder, table, fuzzy, &mut parts);
    }
    if parts.is_empty() {
        if fuzzy {
            binder.error("KQL204", span, "None of the tables exists");
        }
        return None;
    }
    let mut made = over(parts, inner, source, span);
    // Where types are guesses, a column may only seem to have two: what it is called then is not known.
    if binder.guessing.is_some() && binder.catalog.more_elsewhere() {
        made.open = Some(true);
    }
    Some(made)
}

/// The rows of tables side by side; each with the name that a source column gives it.
pub fn over(
    parts: Vec<(String, Arc<Plan>)>,
    inner: bool,
    source: Option<String>,
    span: Span,
) -> Made {
    let open = parts.iter().any(|(_, p)| p.open);
    let mut schema: Schema = Vec::new();
    if let Some(source) = &source {
        schema.push((source.clone(), Type::String));
    }
    let first = schema.len();
    // The types of every name, in order, and how many parts have each: tables may be hundreds.
    let mut types: HashMap<&str, Vec<(Type, usize)>> = HashMap::new();
    for (name, ty) in parts.iter().flat_map(|(_, p)| &p.schema) {
        let of_name = types.entry(name).or_default();
        match of_name.iter_mut().find(|(t, _)| t == ty) {
            Some((_, count)) => *count += 1,
            None => of_name.push((*ty, 1)),
        }
    }
    let mut made: HashSet<String> = schema.iter().map(|(n, _)| n.clone()).collect();
    let mut done: HashSet<&str> = HashSet::new();
    // Where the column of a name and type went.
    let mut index: HashMap<(String, Type), usize> = HashMap::new();
    for (name, _) in parts.iter().flat_map(|(_, p)| &p.schema) {
        if !done.insert(name) {
            continue;
        }
        // One name with two types becomes two columns, side by side.
        let of_name = types.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        for (ty, count) in of_name {
            if inner && *count < parts.len() {
                continue;
            }
            let mut title = name.clone();
            if of_name.len() > 1 {
                title = format!("{name}_{ty}");
                // A column that has this name of its own keeps it.
                let wanted = title.clone();
                let mut number = 1;
                while types.contains_key(title.as_str()) || made.contains(&title) {
                    title = format!("{wanted}{number}");
                    number += 1;
                }
            } else if first > 0 && made.contains(&title) {
                title = unique_name(&title, &schema);
            }
            made.insert(title.clone());
            index.insert((name.clone(), *ty), schema.len() - first);
            schema.push((title, *ty));
        }
    }
    let made_parts = parts
        .into_iter()
        .map(|(name, plan)| {
            let mut columns = vec![None; schema.len() - first];
            for (position, column) in plan.schema.iter().enumerate() {
                if let Some(at) = index.get(column)
                    && let Some(slot) = columns.get_mut(*at)
                {
                    *slot = Some(position);
                }
            }
            Part {
                plan,
                name,
                columns,
            }
        })
        .collect();
    let operator = Union {
        parts: made_parts,
        schema: schema.clone(),
        source: source.is_some(),
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(open);
    made.ordered(false)
}

/// The name of a plan that is a table as it is, or that `as` gave.
pub fn table_name(plan: &Plan) -> Option<String> {
    if plan.alias.is_some() {
        return plan.alias.clone();
    }
    match &plan.source {
        crate::kql::plan::Source::Table(name) if plan.steps.is_empty() => Some(name.clone()),
        _ => None,
    }
}

/// Adds the tables that a name, a pattern or an expression stands for.
pub fn member(
    binder: &mut Binder,
    table: &tree::Expr,
    fuzzy: bool,
    parts: &mut Vec<(String, Arc<Plan>)>,
) {
    if let ExprKind::Name(name) = &table.kind
        && name.contains('*')
    {
        let mut names: Vec<String> = binder.catalog.table_names();
        names.extend(binder.views());
        names.retain(|n| super::rename::fits(name, n));
        names.sort();
        names.dedup();
        if names.is_empty() && binder.catalog.more_elsewhere() {
            let plan = binder.taken_for_elsewhere(name, table.span, true);
            parts.push((name.clone(), plan));
        } else if names.is_empty() {
            let message = format!("No table fits `{name}`");
            if fuzzy {
                binder.told(Diagnostic::warning("KQL-fuzzy", table.span, message));
            } else {
                binder.error("KQL204", table.span, message);
            }
        }
        for name in names {
            let one = tree::Expr {
                kind: ExprKind::Name(name.clone()),
                span: table.span,
            };
            let plan = binder.table(&one, Row::NONE);
            parts.push((name, plan));
        }
        return;
    }
    if fuzzy
        && !binder.catalog.more_elsewhere()
        && let Some(missing) = missing(binder, table)
    {
        let message = format!("The table `{missing}` does not exist and is left out");
        binder.told(Diagnostic::warning("KQL-fuzzy", table.span, message));
        return;
    }
    let plan = binder.table(table, Row::NONE);
    // The rows of a `let` have no name of their own, unless it is a view or `as` gave them one.
    let bare = match &table.kind {
        ExprKind::Name(name) if binder.is_view(name) => Some(name.clone()),
        ExprKind::Name(name) if !binder.is_let(name) => table_name(&plan),
        _ => plan.alias.clone(),
    };
    let name = bare.unwrap_or_else(|| format!("union_arg{}", parts.len()));
    parts.push((name, plan));
}

/// The table that an expression reads and that does not exist.
fn missing(binder: &Binder, table: &tree::Expr) -> Option<String> {
    match &table.kind {
        ExprKind::Name(name) => (!binder.knows(name)).then(|| name.clone()),
        ExprKind::Pipe(pipe) => missing(binder, &pipe.source),
        ExprKind::Call(name, arguments) if name.text == "table" => {
            match &arguments.first()?.value.kind {
                ExprKind::Literal(Value::String(name), _) => {
                    (!binder.knows(name)).then(|| name.to_string())
                }
                _ => None,
            }
        }
        _ => None,
    }
}

impl Operator for Union {
    fn run(&self, _: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut frames = Vec::with_capacity(self.parts.len());
        let mut rows = 0;
        for part in &self.parts {
            let frame = runtime.rows(&part.plan)?;
            rows += frame.rows;
            runtime.check_rows(rows, self.span)?;
            frames.push(frame);
        }
        let first = usize::from(self.source);
        let mut columns: Vec<Column> = Vec::with_capacity(self.schema.len());
        if self.source {
            let named = self.parts.iter().zip(&frames);
            let pieces = named.map(|(part, frame)| {
                repeat(
                    &Value::String(Arc::from(part.name.as_str())),
                    Type::String,
                    frame.rows,
                )
            });
            columns.push(concat(Type::String, &pieces.collect::<Vec<_>>()));
        }
        for (at, (_, ty)) in self.schema.iter().skip(first).enumerate() {
            let pieces: Vec<Column> = self
                .parts
                .iter()
                .zip(&frames)
                .map(|(part, frame)| {
                    let own = part.columns.get(at).copied().flatten();
                    match own.and_then(|o| frame.columns.get(o)) {
                        Some(column) => column.get().clone(),
                        None => nulls(*ty, frame.rows),
                    }
                })
                .collect();
            columns.push(concat(*ty, &pieces));
            runtime.check()?;
        }
        let frame = Frame::of_columns(columns, rows);
        if !frames.iter().any(Frame::has_events) {
            return Ok(frame);
        }
        let mut lineage = Lineage::new();
        let mut events = Vec::new();
        for part in &frames {
            for row in 0..part.rows {
                events.clear();
                part.events(row, &mut events);
                lineage.push(events.iter().copied());
            }
        }
        Ok(frame.with_events(lineage))
    }
}

/// The rows of several columns of one type, one behind the other.
pub fn concat(ty: Type, pieces: &[Column]) -> Column {
    let filled: Vec<&Column> = pieces.iter().filter(|p| !p.is_empty()).collect();
    if let [only] = filled.as_slice() {
        return (*only).clone();
    }
    let same = filled.windows(2).all(|w| match w {
        [a, b] => a.array.data_type() == b.array.data_type(),
        _ => true,
    });
    if same && !filled.is_empty() {
        let arrays: Vec<&dyn Array> = filled.iter().map(|p| p.array.as_ref()).collect();
        if let Ok(array) = arrow_select::concat::concat(&arrays) {
            return Column { ty, array };
        }
    }
    let mut builder = ColumnBuilder::new(ty);
    for piece in filled {
        for row in 0..piece.len() {
            if piece.is_null(row) {
                builder.push_null();
            } else if matches!(
                ty,
                Type::String | Type::Dynamic | Type::Guid | Type::Decimal
            ) {
                builder.push_text(piece.text(row));
            } else {
                builder.push(&piece.value(row));
            }
        }
    }
    builder.finish()
}

//! The analysis of `summarize`: keys, aggregates, and expressions over aggregates.

use super::aggregate::{Summarize, Task};
use crate::diagnostic::Diagnostic;
use crate::kql::aggregates::{self, Aggregate};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, auto_name, unique_name};
use crate::kql::functions::Param;
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Schema};
use crate::kql::syntax::tree::{self, Argument, ExprKind};
use crate::value::Type;
use std::cmp::Ordering;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["summarize"],
    "T | summarize [Name =] aggregate(…), … [by [Name =] key, …]",
    "Makes one row of every group of rows that have the same keys; the aggregates say what is kept of the group. Without `by` all rows are one group.",
    "SigninLogs | summarize Failures = countif(ResultType != \"0\"), Addresses = make_set(IPAddress) by UserPrincipalName",
)];

struct Bind<'b, 'a, 'i> {
    binder: &'b mut Binder<'a>,
    input: &'i Pipeline,
    tasks: Vec<Task>,
    /// The types of the columns that the tasks make.
    made: Schema,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    items: &[tree::Named],
    keys: &[tree::Named],
    input: &Pipeline,
) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    let mut key_exprs = Vec::new();
    let mut key_columns = Vec::new();
    let mut unnamed = 0;
    for key in keys {
        let value = binder.scalar(&key.value, input.row());
        super::sort::no_dynamic(binder, &value, "a key of `summarize`");
        let name = match key.names.first() {
            Some(name) => name.text.clone(),
            None => auto_name(&key.value).unwrap_or_else(|| {
                unnamed += 1;
                format!("Column{unnamed}")
            }),
        };
        if let crate::kql::plan::Kind::Column(at) = value.kind {
            key_columns.push(at);
        }
        schema.push((
            unique_name(&name, &schema),
            value.ty.unwrap_or(Type::Dynamic),
        ));
        key_exprs.push(value);
    }
    let mut bind = Bind {
        binder,
        input,
        tasks: Vec::new(),
        made: Vec::new(),
    };
    let mut outputs = Vec::new();
    for item in items {
        for (name, value) in bind.item(item, &key_columns, &mut unnamed) {
            schema.push((
                unique_name(&name, &schema),
                value.ty.unwrap_or(Type::Dynamic),
            ));
            outputs.push(value);
        }
    }
    let operator = Summarize {
        keys: key_exprs,
        tasks: bind.tasks,
        outputs,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(input.open && items.iter().any(|i| has_star(&i.value)));
    Some(made.ordered(false))
}

fn has_star(expr: &tree::Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(_, arguments) => arguments
            .iter()
            .any(|a| matches!(a.value.kind, ExprKind::Star)),
        _ => false,
    }
}

impl Bind<'_, '_, '_> {
    /// The columns of one item: name and expression over the tasks' columns.
    fn item(
        &mut self,
        item: &tree::Named,
        key_columns: &[usize],
        unnamed: &mut usize,
    ) -> Vec<(String, Expr)> {
        if let ExprKind::Call(name, arguments) = &item.value.kind {
            if aggregates::PICKING.contains(&name.text.as_str()) {
                return self.picking(name, arguments, &item.names, key_columns);
            }
            if matches!(name.text.as_str(), "percentiles" | "percentilesw") {
                return self.percentiles(name, arguments, &item.names, &item.value);
            }
        }
        let value = self.over(&item.value);
        let name = match item.names.first() {
            Some(name) => name.text.clone(),
            None => auto_name(&item.value).unwrap_or_else(|| {
                *unnamed += 1;
                format!("Column{unnamed}")
            }),
        };
        vec![(name, value)]
    }

    fn add(&mut self, task: Task, types: &[Type]) -> usize {
        let first = self.made.len();
        self.tasks.push(task);
        for ty in types {
            let name = format!("#{}", self.made.len());
            self.made.push((name, *ty));
        }
        first
    }

    /// An expression in which aggregates are columns `#0`, `#1` …
    fn over(&mut self, expr: &tree::Expr) -> Expr {
        let replaced = self.replace(expr);
        let row = crate::kql::bind::Row {
            schema: Some(&self.made),
            open: self.input.open,
            serialized: false,
            sides: None,
        };
        let before = self.binder.diagnostics.len();
        let value = self.binder.scalar(&replaced, row);
        // A column outside an aggregate: say so, rather than that it is unknown.
        let columns: Vec<String> = self.input.schema.iter().map(|(n, _)| n.clone()).collect();
        for diagnostic in self.binder.diagnostics.iter_mut().skip(before) {
            let named = columns
                .iter()
                .find(|c| diagnostic.message.ends_with(&format!("`{c}` here")));
            if let Some(column) = named {
                diagnostic.code = "KQL-aggregate".to_owned();
                diagnostic.message = format!("The column `{column}` stands outside an aggregate");
                diagnostic.hint = Some(format!(
                    "Put it behind `by`, or take one value with `take_any({column})`"
                ));
            } else if let Some(hint) = &diagnostic.hint
                && hint.starts_with("The columns here are #")
            {
                diagnostic.hint = None;
            }
        }
        value
    }

    /// The tree with every aggregate call computed by a task and replaced by its column's name.
    fn replace(&mut self, expr: &tree::Expr) -> tree::Expr {
        let span = expr.span;
        let boxed = |this: &mut Self, e: &tree::Expr| Box::new(this.replace(e));
        let kind = match &expr.kind {
            ExprKind::Call(name, arguments) => {
                if let Some(aggregate) = aggregates::find_call(&name.text, arguments.len()) {
                    return tree::Expr {
                        kind: self.value(aggregate, name, arguments, span),
                        span,
                    };
                }
                if matches!(name.text.as_str(), "take_anyif" | "anyif") {
                    return tree::Expr {
                        kind: self.any_if(name, arguments),
                        span,
                    };
                }
                if aggregates::PICKING.contains(&name.text.as_str()) {
                    let columns = self.picking(name, arguments, &[], &[]);
                    let at = match columns.first().map(|(_, e)| &e.kind) {
                        Some(crate::kql::plan::Kind::Column(at)) => *at,
                        _ => return tree::Expr::missing(span.start),
                    };
                    return tree::Expr {
                        kind: ExprKind::Name(format!("#{at}")),
                        span,
                    };
                }
                // `toscalar(T | summarize …)` brings its own rows.
                if name.text == "toscalar" {
                    return expr.clone();
                }
                let arguments = arguments
                    .iter()
                    .map(|a| Argument {
                        name: a.name.clone(),
                        value: self.replace(&a.value),
                    })
                    .collect();
                ExprKind::Call(name.clone(), arguments)
            }
            ExprKind::Sign(minus, inner) => ExprKind::Sign(*minus, boxed(self, inner)),
            ExprKind::Binary(op, at, a, b) => {
                ExprKind::Binary(*op, *at, boxed(self, a), boxed(self, b))
            }
            ExprKind::List(test, at, a, items) => {
                let a = boxed(self, a);
                ExprKind::List(
                    *test,
                    *at,
                    a,
                    items.iter().map(|i| self.replace(i)).collect(),
                )
            }
            ExprKind::Between(a, b, c, negated, at) => ExprKind::Between(
                boxed(self, a),
                boxed(self, b),
                boxed(self, c),
                *negated,
                *at,
            ),
            ExprKind::Member(base, name) => ExprKind::Member(boxed(self, base), name.clone()),
            ExprKind::Index(base, index) => ExprKind::Index(boxed(self, base), boxed(self, index)),
            other => other.clone(),
        };
        tree::Expr { kind, span }
    }

    fn arguments_fit(&mut self, aggregate: &Aggregate, name: &tree::Name, count: usize) -> bool {
        let (fewest, most) = aggregate.arity();
        let fits = (fewest..=most).contains(&count);
        if !fits {
            let message = format!("`{}` is called as `{}`", name.text, aggregate.signature);
            self.binder.error("KQL119", name.span, message);
        }
        fits
    }

    fn value(
        &mut self,
        aggregate: &'static Aggregate,
        name: &tree::Name,
        arguments: &[Argument],
        span: crate::diagnostic::Span,
    ) -> ExprKind {
        if !self.arguments_fit(aggregate, name, arguments.len()) {
            return ExprKind::Missing;
        }
        let mut args = Vec::new();
        let mut predicate = None;
        let row = self.input.row();
        for (at, argument) in arguments.iter().enumerate() {
            if aggregate.predicate == Some(at) {
                predicate = Some(self.binder.predicate(&argument.value, row, "KQL107"));
                continue;
            }
            let value = self.binder.scalar(&argument.value, row);
            let param = aggregate.params.get(at).copied().unwrap_or(Param::Any);
            args.push(self.binder.argument(value, param, &name.text));
        }
        let types: Option<Vec<Type>> = args.iter().map(|a| a.ty).collect();
        let Some(types) = types else {
            return ExprKind::Missing;
        };
        match (aggregate.result)(&types) {
            Some(ty) => {
                let task = Task::Value {
                    aggregate,
                    args,
                    predicate,
                    ty,
                };
                let at = self.add(task, &[ty]);
                ExprKind::Name(format!("#{at}"))
            }
            None => {
                let list: Vec<&str> = types.iter().map(|t| t.name()).collect();
                let message = format!(
                    "`{}` cannot be called with ({})",
                    name.text,
                    list.join(", ")
                );
                let mut diagnostic = Diagnostic::error("KQL127", name.span, message);
                if types.contains(&Type::Dynamic) {
                    diagnostic.hint = Some(
                        "Convert it, for example with `tostring(…)` or `tolong(…)`".to_owned(),
                    );
                }
                self.binder.told(diagnostic);
                let _ = span;
                ExprKind::Missing
            }
        }
    }

    fn any_if(&mut self, name: &tree::Name, arguments: &[Argument]) -> ExprKind {
        let [value, predicate] = arguments else {
            let message = format!("`{0}` is called as `{0}(value, predicate:bool)`", name.text);
            self.binder.error("KQL119", name.span, message);
            return ExprKind::Missing;
        };
        let row = self.input.row();
        let value = self.binder.scalar(&value.value, row);
        let predicate = self.binder.predicate(&predicate.value, row, "KQL107");
        let Some(ty) = value.ty else {
            return ExprKind::Missing;
        };
        let task = Task::Row {
            key: None,
            predicate: Some(predicate),
            columns: vec![value],
        };
        let at = self.add(task, &[ty]);
        ExprKind::Name(format!("#{at}"))
    }

    /// `arg_max(key, a, *)`, `take_any(a, *)`: the key first, then the columns of the picked row.
    fn picking(
        &mut self,
        name: &tree::Name,
        arguments: &[Argument],
        names: &[tree::Name],
        key_columns: &[usize],
    ) -> Vec<(String, Expr)> {
        if arguments.is_empty() {
            let message = format!("`{}` needs a column", name.text);
            self.binder.error("KQL119", name.span, message);
            return Vec::new();
        }
        let wanted = match name.text.as_str() {
            "arg_max" | "argmax" => Some(Ordering::Greater),
            "arg_min" | "argmin" => Some(Ordering::Less),
            _ => None,
        };
        let mut columns: Vec<Expr> = Vec::new();
        let mut titles: Vec<String> = Vec::new();
        let mut unnamed = 0;
        let mut used: Vec<usize> = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            if matches!(argument.value.kind, ExprKind::Star) {
                for (column, (title, ty)) in self.input.schema.iter().enumerate() {
                    if key_columns.contains(&column) || used.contains(&column) {
                        continue;
                    }
                    columns.push(Expr::column(column, *ty, argument.value.span));
                    titles.push(title.clone());
                }
                continue;
            }
            let value = self.binder.scalar(&argument.value, self.input.row());
            if at == 0 && wanted.is_some() {
                super::sort::no_dynamic(self.binder, &value, "what is compared");
            }
            if let crate::kql::plan::Kind::Column(column) = value.kind {
                used.push(column);
            }
            let title = auto_name(&argument.value);
            // The older names stand before the columns' own.
            let older = match (name.text.as_str(), title.as_deref()) {
                ("any", Some(title)) => Some(format!("any_{title}")),
                ("argmax", Some(title)) if at == 0 => Some(format!("max_{title}")),
                ("argmin", Some(title)) if at == 0 => Some(format!("min_{title}")),
                ("argmax" | "argmin", Some(title)) => {
                    titles.first().map(|first| format!("{first}_{title}"))
                }
                _ => None,
            };
            titles.push(older.or(title).unwrap_or_else(|| {
                unnamed += 1;
                let prefix = match wanted {
                    Some(Ordering::Greater) => "max_",
                    _ => "min_",
                };
                match (wanted, titles.first()) {
                    (Some(_), None) => prefix.to_owned(),
                    // `arg_max(TimeGenerated, 1m)` names its second column after the first.
                    (Some(_), Some(first)) if !first.starts_with(prefix) => {
                        format!("{prefix}{first}_arg{at}")
                    }
                    _ => format!("Column{unnamed}"),
                }
            }));
            columns.push(value);
        }
        for (title, name) in titles.iter_mut().zip(names) {
            title.clone_from(&name.text);
        }
        let key = match (wanted, columns.first()) {
            (Some(wanted), Some(first)) => Some((first.clone(), wanted)),
            _ => None,
        };
        let types: Vec<Type> = columns.iter().map(Expr::type_or_dynamic).collect();
        let spans: Vec<crate::diagnostic::Span> = columns.iter().map(|c| c.span).collect();
        let task = Task::Row {
            key,
            predicate: None,
            columns,
        };
        let first = self.add(task, &types);
        titles
            .into_iter()
            .zip(types)
            .zip(spans)
            .enumerate()
            .map(|(at, ((title, ty), span))| (title, Expr::column(first + at, ty, span)))
            .collect()
    }

    fn percentiles(
        &mut self,
        name: &tree::Name,
        arguments: &[Argument],
        names: &[tree::Name],
        whole: &tree::Expr,
    ) -> Vec<(String, Expr)> {
        // A column, with `w` its weight, and the percents.
        let (single, first) = match name.text.as_str() {
            "percentilesw" => ("percentilew", 2),
            _ => ("percentile", 1),
        };
        let Some((column, percents)) = arguments
            .split_at_checked(first)
            .filter(|(_, percents)| !percents.is_empty())
        else {
            let message = format!("`{}` needs a column and percents", name.text);
            self.binder.error("KQL119", name.span, message);
            return Vec::new();
        };
        let mut made = Vec::new();
        for (at, percent) in percents.iter().enumerate() {
            let call = tree::Expr {
                kind: ExprKind::Call(
                    tree::Name {
                        text: single.to_owned(),
                        span: name.span,
                    },
                    [column, std::slice::from_ref(percent)].concat(),
                ),
                span: whole.span,
            };
            let title = match names.get(at) {
                Some(name) => name.text.clone(),
                None => auto_name(&call).unwrap_or_default(),
            };
            made.push((title, self.over(&call)));
        }
        made
    }
}

//! The analysis of `scan`: steps whose conditions and assignments see the row and the state, `step.column`.

use super::docs::Doc;
use super::scan_run::{Part, Reference, Scan, Step};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row};
use crate::kql::plan::{Expr, Schema};
use crate::kql::syntax::tree::{self, Argument, ExprKind};
use crate::kql::syntax::tree_rows;
use crate::value::{Type, Value};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["scan"],
    "T | scan [with_match_id=Name] [declare (Column:type [= default], …)] with (step Name [output=all|last|none]: condition [=> Column = value, …]; …)",
    "Goes over the rows in their order and follows sequences of steps: a row fits a step when its condition holds with the state, whose columns are `step.Column`. A row of the result names its own event and those of the state that it looked at.",
    "SigninLogs | sort by TimeGenerated asc | scan with_match_id=Id with (step fail: ResultType != \"0\"; step ok: ResultType == \"0\" and TimeGenerated - fail.TimeGenerated < 5m;)",
)];

/// Most steps of a scan.
const MAX_STEPS: usize = 16;

struct Bind<'s> {
    steps: &'s [tree_rows::ScanStep],
    /// The columns of the state: those of the input, then the declared ones.
    columns: Schema,
    references: Vec<Reference>,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    scan: &tree_rows::Scan,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    if !input.serialized && !input.open {
        let message = "`scan` goes over the rows in their order, and they have none to rely on";
        binder.told(
            Diagnostic::warning("KQL-serialize", span, message)
                .with_hint("Put `sort by …` or `serialize` before it"),
        );
    }
    if scan.steps.len() > MAX_STEPS {
        let message = format!("A scan has at most {MAX_STEPS} steps here");
        binder.error("KQL-limit", span, message);
        return None;
    }
    let mut columns = input.schema.clone();
    let mut defaults = Vec::new();
    for (name, ty, default) in &scan.declared {
        if columns.iter().any(|(n, _)| *n == name.text) {
            let message = format!("The column `{}` is there already", name.text);
            binder.error("KQL-duplicate", name.span, message);
        }
        let value = match default {
            Some(default) => binder.scalar(default, Row::NONE),
            None => Expr::constant(Value::Null, *ty, name.span),
        };
        defaults.push(assigned(binder, value, *ty));
        columns.push((name.text.clone(), *ty));
    }
    for (at, step) in scan.steps.iter().enumerate() {
        let name = &step.name;
        if scan.steps.iter().take(at).any(|s| s.name.text == name.text) {
            let message = format!("There is a step `{}` already", name.text);
            binder.error("KQL-duplicate", name.span, message);
        }
    }
    let mut steps = Vec::new();
    for at in 0..scan.steps.len() {
        let mut bind = Bind {
            steps: &scan.steps,
            columns: columns.clone(),
            references: Vec::new(),
        };
        if let Some(step) = bind.step(binder, at, scan, input) {
            steps.push(step);
        }
    }
    let declared: Vec<Type> = scan.declared.iter().map(|(_, ty, _)| *ty).collect();
    let mut schema = columns;
    if let Some(name) = &scan.match_id {
        schema.push((name.text.clone(), Type::Long));
    }
    let operator = Scan {
        width: input.schema.len(),
        declared,
        defaults,
        steps,
        match_id: scan.match_id.is_some(),
        span,
    };
    let made = Made::new(operator, schema);
    Some(made)
}

/// A value for a declared column: of its type, or a whole number for a wider one.
fn assigned(binder: &mut Binder, value: Expr, ty: Type) -> Expr {
    let widens = matches!(
        (value.ty, ty),
        (Some(Type::Int), Type::Long | Type::Real) | (Some(Type::Long), Type::Int | Type::Real)
    );
    let null = matches!(value.kind, crate::kql::plan::Kind::Const(Value::Null));
    if let Some(own) = value.ty
        && own != ty
        && own != Type::Dynamic
        && !widens
        && !null
    {
        let message = format!("The column is declared as {ty}, and this is {own}");
        binder.error("KQL107", value.span, message);
    }
    binder.convert(value, ty)
}

impl Bind<'_> {
    fn step(
        &mut self,
        binder: &mut Binder,
        at: usize,
        scan: &tree_rows::Scan,
        input: &Pipeline,
    ) -> Option<Step> {
        let step = self.steps.get(at)?;
        // The state's columns that an expression names stand behind those of the row.
        let condition = self.renamed(binder, at, &step.condition);
        let mut values = Vec::new();
        for (name, value) in &step.assignments {
            values.push((name, self.renamed(binder, at, value)));
        }
        let mut schema = input.schema.clone();
        for reference in &self.references {
            schema.push((reference.title(), reference.ty));
        }
        let row = Row {
            schema: Some(&schema),
            open: input.open,
            serialized: false,
            sides: None,
        };
        let condition = binder.predicate(&condition, row, "KQL107");
        let mut assignments = Vec::new();
        for (name, value) in values {
            let value = binder.scalar(&value, row);
            let column = scan
                .declared
                .iter()
                .position(|(n, _, _)| n.text == name.text);
            let Some(column) = column else {
                let message = format!("The scan declares no column `{}`", name.text);
                let diagnostic = Diagnostic::error("KQL142", name.span, message);
                binder
                    .told(diagnostic.with_hint("Declare it: `scan declare (name:type) with (…)`"));
                continue;
            };
            let ty = scan
                .declared
                .get(column)
                .map_or(Type::Dynamic, |(_, ty, _)| *ty);
            let value = assigned(binder, value, ty);
            assignments.push((column, Part::new(value, input.schema.len())));
        }
        Some(Step {
            output: step.output,
            condition: Part::new(condition, input.schema.len()),
            assignments,
            references: std::mem::take(&mut self.references),
        })
    }

    /// The tree with `step.column` replaced by the name of a column of the state.
    fn renamed(&mut self, binder: &mut Binder, at: usize, expr: &tree::Expr) -> tree::Expr {
        if let ExprKind::Member(base, name) = &expr.kind
            && let ExprKind::Name(step) = &base.kind
            && let Some(of) = self.steps.iter().position(|s| s.name.text == *step)
        {
            return self.reference(binder, at, of, name, expr.span);
        }
        let mut boxed = |e: &tree::Expr| Box::new(self.renamed(binder, at, e));
        let kind = match &expr.kind {
            ExprKind::Sign(minus, a) => ExprKind::Sign(*minus, boxed(a)),
            ExprKind::Binary(op, place, a, b) => ExprKind::Binary(*op, *place, boxed(a), boxed(b)),
            ExprKind::Between(a, b, c, negated, place) => {
                ExprKind::Between(boxed(a), boxed(b), boxed(c), *negated, *place)
            }
            ExprKind::Member(base, name) => ExprKind::Member(boxed(base), name.clone()),
            ExprKind::Index(a, b) => ExprKind::Index(boxed(a), boxed(b)),
            ExprKind::List(test, place, a, items) => {
                let a = boxed(a);
                let items = items.iter().map(|i| self.renamed(binder, at, i)).collect();
                ExprKind::List(*test, *place, a, items)
            }
            ExprKind::Call(name, arguments) => {
                let arguments = arguments.iter().map(|a| Argument {
                    name: a.name.clone(),
                    value: self.renamed(binder, at, &a.value),
                });
                ExprKind::Call(name.clone(), arguments.collect())
            }
            other => other.clone(),
        };
        tree::Expr {
            kind,
            span: expr.span,
        }
    }

    fn reference(
        &mut self,
        binder: &mut Binder,
        at: usize,
        of: usize,
        name: &tree::Name,
        span: Span,
    ) -> tree::Expr {
        let step = self.steps.get(of).map_or("", |s| s.name.text.as_str());
        if of > at {
            let message = format!("The step `{step}` comes after this one: it has no state here");
            binder.error("KQL142", span, message);
            return tree::Expr::missing(span.start);
        }
        let found = self.columns.iter().position(|(n, _)| *n == name.text);
        let Some(column) = found else {
            let message = format!(
                "There is no column `{}` in the state of `{step}`",
                name.text
            );
            binder.error("KQL142", name.span, message);
            return tree::Expr::missing(span.start);
        };
        let ty = self.columns.get(column).map_or(Type::Dynamic, |(_, t)| *t);
        let reference = Reference {
            step: of,
            column,
            ty,
        };
        let title = reference.title();
        if !self.references.contains(&reference) {
            self.references.push(reference);
        }
        tree::Expr {
            kind: ExprKind::Name(title),
            span,
        }
    }
}

//! Calls that give several columns: `series_stats(x)` and its like. Each column is one part of the bag that the
//! function of that name makes.

use super::{Binder, Row, auto_name};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::functions;
use crate::kql::plan::{Expr, Kind, Step};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Type::{self, Dynamic, Long, Real};
use std::sync::Arc;

/// The parts of a function's result: the end of the column's name and its type.
type Parts = &'static [(&'static str, Type)];

const FUNCTIONS: [(&str, Parts); 11] = [
    (
        "series_stats",
        &[
            ("min", Real),
            ("min_idx", Long),
            ("max", Real),
            ("max_idx", Long),
            ("avg", Real),
            ("stdev", Real),
            ("variance", Real),
        ],
    ),
    (
        "series_fit_line",
        &[
            ("rsquare", Real),
            ("slope", Real),
            ("variance", Real),
            ("rvariance", Real),
            ("interception", Real),
            ("line_fit", Dynamic),
        ],
    ),
    (
        "series_fit_2lines",
        &[
            ("rsquare", Real),
            ("split_idx", Long),
            ("variance", Real),
            ("rvariance", Real),
            ("line_fit", Dynamic),
            ("right_rsquare", Real),
            ("right_slope", Real),
            ("right_interception", Real),
            ("right_variance", Real),
            ("right_rvariance", Real),
            ("left_rsquare", Real),
            ("left_slope", Real),
            ("left_interception", Real),
            ("left_variance", Real),
            ("left_rvariance", Real),
        ],
    ),
    (
        "series_fit_poly",
        &[
            ("rsquare", Real),
            ("coefficients", Dynamic),
            ("variance", Real),
            ("rvariance", Real),
            ("poly_fit", Dynamic),
        ],
    ),
    (
        "series_decompose",
        &[
            ("baseline", Dynamic),
            ("seasonal", Dynamic),
            ("trend", Dynamic),
            ("residual", Dynamic),
        ],
    ),
    (
        "series_decompose_anomalies",
        &[
            ("ad_flag", Dynamic),
            ("ad_score", Dynamic),
            ("baseline", Dynamic),
        ],
    ),
    (
        "series_decompose_forecast",
        &[
            ("forecast", Dynamic),
            ("seasonal", Dynamic),
            ("trend", Dynamic),
            ("residual", Dynamic),
        ],
    ),
    (
        "series_periods_detect",
        &[("periods", Dynamic), ("scores", Dynamic)],
    ),
    (
        "series_periods_validate",
        &[("periods", Dynamic), ("scores", Dynamic)],
    ),
    ("series_fft", &[("real", Dynamic), ("imag", Dynamic)]),
    ("series_ifft", &[("real", Dynamic), ("imag", Dynamic)]),
];

fn find(name: &str) -> Option<Parts> {
    let entry = FUNCTIONS.iter().find(|(n, _)| *n == name)?;
    Some(entry.1)
}

/// Functions that are analysed and refused where they would have to run on a row.
const NOT_RUN: [&str; 10] = [
    "series_decompose",
    "series_decompose_anomalies",
    "series_decompose_forecast",
    "series_fft",
    "series_fit_2lines",
    "series_fit_2lines_dynamic",
    "series_fit_poly",
    "series_ifft",
    "series_outliers",
    "series_periods_detect",
];

impl Binder<'_> {
    /// Whether a call of this name gives several columns.
    pub(super) fn is_several(&self, name: &str) -> bool {
        find(name).is_some()
    }

    /// Whether an item gets its columns' names from such a call.
    pub fn names_several(&self, item: &tree::Named) -> bool {
        matches!(&item.value.kind, ExprKind::Call(name, _)
            if self.is_several(&name.text) && !self.is_let(&name.text))
    }

    /// Warns of a function that is only analysed.
    pub(super) fn warn_not_run(&mut self, name: &tree::Name) {
        if NOT_RUN.contains(&name.text.as_str()) {
            let message = format!(
                "`{}` is checked and does not run here: the query ends with an error once a row reaches it",
                name.text
            );
            self.told(Diagnostic::warning("KQL-unsupported", name.span, message));
        }
    }

    /// The columns of an item that calls such a function: name, value, whether the query gives the name.
    pub fn several(
        &mut self,
        item: &tree::Named,
        row: Row,
    ) -> Option<Vec<(Option<String>, Expr, bool)>> {
        let ExprKind::Call(name, arguments) = &item.value.kind else {
            return None;
        };
        let parts = find(&name.text).filter(|_| !self.is_let(&name.text))?;
        let function = functions::find(&name.text)?;
        self.warn_not_run(name);
        let whole = self.builtin(function, name, arguments, item.value.span, row);
        let first = arguments.first().and_then(|a| auto_name(&a.value));
        let first = first.unwrap_or_default();
        let columns = parts.iter().enumerate().map(|(at, (part, ty))| {
            let value = self.part(&whole, part, *ty);
            match item.names.get(at) {
                Some(given) => (Some(given.text.clone()), value, true),
                None => (Some(format!("{}_{first}_{part}", name.text)), value, false),
            }
        });
        let columns: Vec<_> = columns.collect();
        for extra in item.names.iter().skip(parts.len()) {
            let message = format!("`{}` gives {} columns", name.text, parts.len());
            self.error("KQL-names", extra.span, message);
        }
        Some(columns)
    }

    fn part(&mut self, whole: &Expr, part: &str, ty: Type) -> Expr {
        if whole.ty.is_none() {
            return Expr {
                ty: Some(ty),
                ..Expr::error(whole.span)
            };
        }
        let value = Expr {
            kind: Kind::Path(Box::new(whole.clone()), vec![Step::Key(Arc::from(part))]),
            ty: Some(Type::Dynamic),
            span: whole.span,
        };
        match ty {
            Type::Dynamic => value,
            ty => self.convert(value, ty),
        }
    }

    /// Such a call where one value is needed.
    pub(super) fn not_several(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Expr {
        for argument in arguments {
            self.bind(&argument.value, row);
        }
        let message = format!(
            "`{}` gives several columns and cannot be part of an expression",
            name.text
        );
        let diagnostic = Diagnostic::error("KQL-several", name.span, message);
        self.told(diagnostic.with_hint(format!(
            "Put it into an `extend` or `project` by itself: `| extend {}(…)`",
            name.text
        )));
        Expr::error(span)
    }
}

//! The analysis of functions that look at other rows. They need rows in an order.

use super::{Binder, Row, names};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::plan::{Expr, Kind, Window};
use crate::kql::syntax::tree;
use crate::value::{Type, Value};

/// Name, what it is, how it is called, fewest and most arguments, where the restart stands.
type Entry = (&'static str, Window, &'static str, usize, usize, usize);

const ENTRIES: &[Entry] = &[
    (
        "prev",
        Window::Prev,
        "prev(column [, offset [, default]])",
        1,
        3,
        9,
    ),
    (
        "next",
        Window::Next,
        "next(column [, offset [, default]])",
        1,
        3,
        9,
    ),
    (
        "row_number",
        Window::RowNumber,
        "row_number([start [, restart:bool]])",
        0,
        2,
        1,
    ),
    (
        "row_cumsum",
        Window::CumSum,
        "row_cumsum(term [, restart:bool])",
        1,
        2,
        1,
    ),
    (
        "row_rank_dense",
        Window::RankDense,
        "row_rank_dense(term [, restart:bool])",
        1,
        2,
        1,
    ),
    (
        "row_window_session",
        Window::Session,
        "row_window_session(value:datetime, longest:timespan, farthest:timespan [, restart:bool])",
        3,
        4,
        3,
    ),
    (
        "row_rank_min",
        Window::RankMin,
        "row_rank_min(term [, restart:bool])",
        1,
        2,
        1,
    ),
];

impl Binder<'_> {
    /// A call of such a function; none where the name is not one.
    pub(super) fn window_call(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Option<Expr> {
        let (_, window, signature, fewest, most, restart) =
            *ENTRIES.iter().find(|e| e.0 == name.text)?;
        if !(fewest..=most).contains(&arguments.len()) {
            let message = format!("`{}` is called as `{signature}`", name.text);
            self.error("KQL119", name.span, message);
            return Some(Expr::error(span));
        }
        if !row.serialized && !row.open {
            let message = format!("`{}` needs rows in an order", name.text);
            self.told(
                Diagnostic::error("KQL-serialize", name.span, message)
                    .with_hint("Put `sort by …` or `serialize` before it"),
            );
        }
        let mut args = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            args.push(if at == restart {
                self.predicate(&argument.value, row, "KQL107")
            } else {
                self.scalar(&argument.value, row)
            });
        }
        if args.iter().any(|a| a.ty.is_none()) {
            return Some(Expr::error(span));
        }
        let first = args.first().and_then(|a| a.ty);
        let ty = match window {
            Window::Prev | Window::Next => {
                self.whole_constant(args.get(1), &name.text);
                first.unwrap_or(Type::Dynamic)
            }
            Window::RowNumber => {
                self.whole_constant(args.first(), &name.text);
                Type::Long
            }
            Window::RankDense | Window::RankMin => Type::Long,
            Window::Session => {
                for (argument, wanted) in
                    args.iter()
                        .zip([Type::DateTime, Type::TimeSpan, Type::TimeSpan])
                {
                    if argument.ty != Some(wanted) {
                        let message = format!("A {wanted} is expected here");
                        self.error("KQL107", argument.span, message);
                    }
                }
                Type::DateTime
            }
            Window::CumSum => match first {
                Some(ty @ (Type::Int | Type::Long | Type::Real | Type::TimeSpan)) => ty,
                Some(ty) => {
                    let message = format!(
                        "`row_cumsum` of {ty} is not supported; int, long, real and timespan are"
                    );
                    self.error("KQL-unsupported", span, message);
                    return Some(Expr::error(span));
                }
                None => return Some(Expr::error(span)),
            },
        };
        if let (Window::Prev | Window::Next, Some(default)) = (window, args.get(2))
            && default.ty != Some(ty)
            && !matches!(
                (default.ty, ty),
                (
                    Some(Type::Int | Type::Long),
                    Type::Int | Type::Long | Type::Real
                )
            )
        {
            let message = format!("The default must be {ty}, as the column is");
            self.error("KQL107", default.span, message);
        }
        Some(Expr {
            kind: Kind::Window(window, args),
            ty: Some(ty),
            span,
        })
    }

    fn whole_constant(&mut self, value: Option<&Expr>, function: &str) {
        let Some(value) = value else { return };
        let known = matches!(names::constant(value), Some(Value::Int(_) | Value::Long(_)));
        if !known {
            let message = format!("`{function}` takes a constant whole number here");
            self.error("KQL129", value.span, message);
        }
    }
}

//! What may become of an expression: a set of outcomes for each event. Sets are joined, never guessed: an event is
//! passed over only where the set of `rule(event)` is [`FALSE`] alone.

use super::expr::{Expr, Kind};
use super::value::Val;

/// A set of outcomes.
pub(super) type Mask = u8;

/// The `bool` true.
pub(super) const TRUE: Mask = 1;
/// The `bool` false.
pub(super) const FALSE: Mask = 2;
/// Another value that counts as true.
pub(super) const TRUTHY: Mask = 4;
/// Another value that counts as false.
pub(super) const FALSY: Mask = 8;
/// It raises, changes something, or nobody can tell.
pub(super) const OPEN: Mask = 16;
/// Any value.
pub(super) const VALUE: Mask = TRUE | FALSE | TRUTHY | FALSY;
/// Anything at all.
pub(super) const ALL: Mask = VALUE | OPEN;

const YES: Mask = TRUE | TRUTHY;
const NO: Mask = FALSE | FALSY;

/// The outcome that is a value; [`ALL`] where there is none to be had.
pub(super) fn of(value: Option<Val>) -> Mask {
    match value {
        Some(Val::Bool(true)) => TRUE,
        Some(Val::Bool(false)) => FALSE,
        Some(other) if other.is_true() => TRUTHY,
        Some(_) => FALSY,
        None => ALL,
    }
}

pub(super) fn may_hold(mask: Mask) -> bool {
    mask & YES != 0
}

pub(super) fn may_fail(mask: Mask) -> bool {
    mask & NO != 0
}

/// `if condition: a else: b`, of one event.
pub(super) fn choose(condition: Mask, a: Mask, b: Mask) -> Mask {
    let a = if may_hold(condition) { a } else { 0 };
    let b = if may_fail(condition) { b } else { 0 };
    (condition & OPEN) | a | b
}

/// `a and b`.
pub(super) fn and(a: Mask, b: Mask) -> Mask {
    (a & (NO | OPEN)) | if may_hold(a) { b } else { 0 }
}

/// `a or b`.
pub(super) fn or(a: Mask, b: Mask) -> Mask {
    (a & (YES | OPEN)) | if may_fail(a) { b } else { 0 }
}

/// First `a`, then `b` for its value.
pub(super) fn then(a: Mask, b: Mask) -> Mask {
    (a & OPEN) | if a & VALUE != 0 { b } else { 0 }
}

/// `bool(a)`.
pub(super) fn truth(a: Mask) -> Mask {
    let yes = if may_hold(a) { TRUE } else { 0 };
    let no = if may_fail(a) { FALSE } else { 0 };
    (a & OPEN) | yes | no
}

/// `not a`.
pub(super) fn not(a: Mask) -> Mask {
    let yes = if may_fail(a) { TRUE } else { 0 };
    let no = if may_hold(a) { FALSE } else { 0 };
    (a & OPEN) | yes | no
}

/// What may become of an expression where nothing is known of the event's values.
pub(super) fn whatever(expr: &Expr) -> Mask {
    if !expr.never_raises() {
        return ALL;
    }
    match expr.kind() {
        Kind::Compare(..) | Kind::Not(_) | Kind::Bool(_) | Kind::IsInstance(..) => TRUE | FALSE,
        _ => VALUE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_raise_is_never_lost() {
        assert_eq!(and(OPEN | FALSE, TRUE), OPEN | FALSE);
        assert_eq!(and(TRUE | FALSE, FALSE), FALSE);
        assert_eq!(and(FALSY, FALSE), FALSY);
        assert_eq!(or(FALSE, FALSE), FALSE);
        assert_eq!(or(OPEN, FALSE), OPEN);
        assert_eq!(choose(ALL, FALSE, FALSE), OPEN | FALSE);
        assert_eq!(choose(TRUE | FALSE, FALSE, TRUE), TRUE | FALSE);
        assert_eq!(then(OPEN, FALSE), OPEN);
        assert_eq!(not(TRUTHY | OPEN), FALSE | OPEN);
        assert_eq!(truth(FALSY), FALSE);
    }
}

//! An expression over all events at once: once for each distinct value of a path, then over the codes.

use super::expr::{Expr, Kind, Paths};
use super::mask::{self, Mask};
use super::value::Found;

/// The values of all events.
pub trait Columns {
    /// How many events there are.
    fn rows(&self) -> usize;
    /// The values at a path; none where they cannot be had.
    fn column(&self, path: &[String]) -> Option<Box<dyn Column + '_>>;
}

/// The values of all events at a path.
pub trait Column {
    /// How many different ones there are.
    fn distinct(&self) -> usize;
    /// One of them.
    fn found(&self, code: usize) -> Option<Found<'_>>;
    /// One answer for each event, from one answer for each different value.
    fn spread(&self, answers: &[u8]) -> Option<Vec<u8>>;
}

/// A column is read only for at least one event of so many: to read it costs a look at every event,
/// to ask the interpreter costs as much as some dozens.
const WORTH: usize = 64;

/// An event for which the expression may give anything else than `False`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its row.
    pub at: usize,
    /// Whether it surely gives `True`, without an exception and without changing anything.
    pub holds: bool,
}

/// The events for which the expression may give anything else than `False`. None where that is all of them.
pub(super) fn left(rule: &Expr, paths: &[Vec<String>], columns: &dyn Columns) -> Option<Vec<Left>> {
    let rows = columns.rows();
    let filter = Filter {
        paths,
        columns,
        rows,
    };
    match filter.masks(rule, &Rows::All) {
        Masks::Same(mask::FALSE) => Some(Vec::new()),
        Masks::Same(_) => None,
        Masks::Each(masks) => {
            let asked = |(at, mask): (usize, &Mask)| {
                let holds = *mask == mask::TRUE;
                (*mask != mask::FALSE).then_some(Left { at, holds })
            };
            Some(masks.iter().enumerate().filter_map(asked).collect())
        }
    }
}

struct Filter<'a> {
    paths: &'a [Vec<String>],
    columns: &'a dyn Columns,
    rows: usize,
}

/// The events whose outcome matters.
enum Rows {
    All,
    Some(Vec<bool>),
}

/// The outcomes for all events. Where an event does not matter, anything.
enum Masks {
    Same(Mask),
    Each(Vec<Mask>),
}

impl Masks {
    fn map(self, change: impl Fn(Mask) -> Mask) -> Masks {
        match self {
            Masks::Same(mask) => Masks::Same(change(mask)),
            Masks::Each(masks) => Masks::Each(masks.into_iter().map(change).collect()),
        }
    }

    fn with(self, other: Masks, join: impl Fn(Mask, Mask) -> Mask) -> Masks {
        match (self, other) {
            (Masks::Same(a), Masks::Same(b)) => Masks::Same(join(a, b)),
            (Masks::Same(a), Masks::Each(b)) => {
                Masks::Each(b.into_iter().map(|b| join(a, b)).collect())
            }
            (Masks::Each(a), Masks::Same(b)) => {
                Masks::Each(a.into_iter().map(|a| join(a, b)).collect())
            }
            (Masks::Each(a), Masks::Each(b)) => {
                Masks::Each(a.into_iter().zip(b).map(|(a, b)| join(a, b)).collect())
            }
        }
    }
}

impl Rows {
    /// Those of them for which something holds.
    fn of(&self, masks: &Masks, holds: impl Fn(Mask) -> bool) -> Rows {
        match (self, masks) {
            (Rows::All, Masks::Same(mask)) if holds(*mask) => Rows::All,
            (Rows::Some(rows), Masks::Same(mask)) if holds(*mask) => Rows::Some(rows.clone()),
            (_, Masks::Same(_)) => Rows::Some(Vec::new()),
            (Rows::All, Masks::Each(masks)) => {
                Rows::Some(masks.iter().map(|mask| holds(*mask)).collect())
            }
            (Rows::Some(rows), Masks::Each(masks)) => {
                let both = rows.iter().zip(masks);
                Rows::Some(both.map(|(row, mask)| *row && holds(*mask)).collect())
            }
        }
    }

    fn count(&self, all: usize) -> usize {
        match self {
            Rows::All => all,
            Rows::Some(rows) => rows.iter().filter(|row| **row).count(),
        }
    }
}

impl Filter<'_> {
    fn masks(&self, expr: &Expr, rows: &Rows) -> Masks {
        match expr.paths() {
            Paths::None => return Masks::Same(mask::of(expr.value(&|_| None))),
            Paths::One(path) => return self.of_column(expr, path, rows),
            Paths::Several => {}
        }
        match expr.kind() {
            Kind::If(condition, a, b) => {
                let condition = self.masks(condition, rows);
                let holds = self.part(a, rows.of(&condition, mask::may_hold));
                let fails = self.part(b, rows.of(&condition, mask::may_fail));
                match (condition, holds, fails) {
                    (Masks::Same(c), holds, fails) => {
                        holds.with(fails, |a, b| mask::choose(c, a, b))
                    }
                    (Masks::Each(c), holds, fails) => {
                        let at = |masks: &Masks, row: usize| match masks {
                            Masks::Same(mask) => *mask,
                            Masks::Each(masks) => masks.get(row).copied().unwrap_or(mask::ALL),
                        };
                        let each = c.into_iter().enumerate();
                        Masks::Each(
                            each.map(|(row, c)| mask::choose(c, at(&holds, row), at(&fails, row)))
                                .collect(),
                        )
                    }
                }
            }
            Kind::And(a, b) => {
                let first = self.masks(a, rows);
                let second = self.part(b, rows.of(&first, mask::may_hold));
                first.with(second, mask::and)
            }
            Kind::Or(a, b) => {
                let first = self.masks(a, rows);
                let second = self.part(b, rows.of(&first, mask::may_fail));
                first.with(second, mask::or)
            }
            Kind::Then(a, b) => {
                let first = self.masks(a, rows);
                let second = self.part(b, rows.of(&first, |mask| mask & mask::VALUE != 0));
                first.with(second, mask::then)
            }
            Kind::Not(a) => self.masks(a, rows).map(mask::not),
            Kind::Bool(a) => self.masks(a, rows).map(mask::truth),
            // All parts are evaluated: one that raises raises whatever the others say.
            Kind::All(parts) => parts
                .iter()
                .map(|part| self.masks(part, rows).map(mask::truth))
                .reduce(|all, part| all.with(part, every))
                .unwrap_or(Masks::Same(mask::TRUE)),
            Kind::Any(parts) => parts
                .iter()
                .map(|part| self.masks(part, rows).map(mask::truth))
                .reduce(|any, part| any.with(part, some))
                .unwrap_or(Masks::Same(mask::FALSE)),
            // Values of several paths are not computed with.
            _ => Masks::Same(mask::whatever(expr)),
        }
    }

    /// A part that is evaluated for some of the events only, if for any.
    fn part(&self, expr: &Expr, rows: Rows) -> Masks {
        if rows.count(self.rows) == 0 {
            return Masks::Same(mask::ALL);
        }
        self.masks(expr, &rows)
    }

    fn of_column(&self, expr: &Expr, path: usize, rows: &Rows) -> Masks {
        let worth = rows.count(self.rows).saturating_mul(WORTH) >= self.rows;
        let path = self.paths.get(path).filter(|_| worth);
        let spread = path.and_then(|path| {
            let column = self.columns.column(path)?;
            let answers: Vec<Mask> = (0..column.distinct())
                .map(|code| mask::of(column.found(code).and_then(|f| expr.value(&|_| Some(f)))))
                .collect();
            let masks = column.spread(&answers)?;
            (masks.len() == self.rows).then_some(masks)
        });
        match spread {
            Some(masks) => Masks::Each(masks),
            None => Masks::Same(mask::whatever(expr)),
        }
    }
}

/// `all([a, b])` of two that are booleans.
fn every(a: Mask, b: Mask) -> Mask {
    let open = (a | b) & mask::OPEN;
    let holds = a & b & mask::TRUE;
    let fails = (a | b) & mask::FALSE;
    open | holds | fails
}

/// `any([a, b])` of two that are booleans.
fn some(a: Mask, b: Mask) -> Mask {
    let open = (a | b) & mask::OPEN;
    let holds = (a | b) & mask::TRUE;
    let fails = a & b & mask::FALSE;
    open | holds | fails
}

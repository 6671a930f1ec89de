//! Which columns are shown, in which order and how wide: remembered for each table while the window lives.

use super::cell;
use super::facts::Facts;
use crate::value::Type;
use std::collections::{HashMap, HashSet};

/// Widths in points.
pub const NARROWEST: f32 = 48.0;
const WIDEST: f32 = 280.0;
/// Points of a sign, about.
const SIGN: f32 = 7.4;

/// What a person did with the columns of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Names in the order that was chosen; empty: the table's own.
    pub order: Vec<String>,
    /// Widths that were chosen.
    pub widths: HashMap<String, f32>,
    /// Columns that were hidden (false) or brought back although they are empty (true).
    pub chosen: HashMap<String, bool>,
    /// Whether columns that hold nothing are shown.
    pub show_empty: bool,
}

/// A column that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its place in the table.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Its width in points.
    pub width: f32,
}

impl Columns {
    /// Whether nothing was changed.
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a column is shown.
    pub fn is_shown(&self, name: &str, filled: bool) -> bool {
        self.chosen
            .get(name)
            .copied()
            .unwrap_or(filled || self.show_empty)
    }

    /// The columns that are shown, in their order.
    pub fn shown(&self, schema: &[(String, Type)], facts: Option<&Facts>) -> Vec<Shown> {
        let filled = |at: usize| facts.is_none_or(|f| f.filled.get(at) != Some(&false));
        let columns = self.ordered(schema).into_iter();
        let shown = columns.filter(|at| {
            let name = schema.get(*at).map_or("", |c| c.0.as_str());
            self.is_shown(name, filled(*at))
        });
        let shown = shown.filter_map(|index| {
            let (name, ty) = schema.get(index)?;
            let chars = facts.and_then(|f| f.chars.get(index)).copied();
            let width = self.widths.get(name).copied();
            Some(Shown {
                index,
                name: name.clone(),
                ty: *ty,
                width: width.unwrap_or_else(|| fitting(name, *ty, chars)),
            })
        });
        shown.collect()
    }

    /// All columns in the order that was chosen; those that it does not know come last.
    pub fn ordered(&self, schema: &[(String, Type)]) -> Vec<usize> {
        let mut all: Vec<usize> = (0..schema.len()).collect();
        if !self.order.is_empty() {
            let places: HashMap<&str, usize> =
                self.order.iter().map(String::as_str).zip(0..).collect();
            let place = |at: &usize| {
                let name = schema.get(*at).map_or("", |c| c.0.as_str());
                places.get(name).copied().unwrap_or(usize::MAX)
            };
            all.sort_by_key(|at| (place(at), *at));
        }
        all
    }

    /// Moves a column in front of another one; none: behind all.
    pub fn put(&mut self, schema: &[(String, Type)], name: &str, before: Option<&str>) {
        let names = self.ordered(schema).into_iter();
        let names = names.filter_map(|at| schema.get(at).map(|c| c.0.clone()));
        let mut names: Vec<String> = names.filter(|n| n != name).collect();
        let at = before.and_then(|b| names.iter().position(|n| n == b));
        names.insert(at.unwrap_or(names.len()), name.to_owned());
        // Names that are gone keep their place for when they come back.
        let known: HashSet<&String> = names.iter().collect();
        let gone = self.order.iter().filter(|n| !known.contains(n));
        let gone: Vec<String> = gone.cloned().collect();
        names.extend(gone);
        self.order = names;
    }

    /// Shows or hides a column.
    pub fn choose(&mut self, name: &str, shown: bool, filled: bool) {
        match shown == (filled || self.show_empty) {
            true => self.chosen.remove(name),
            false => self.chosen.insert(name.to_owned(), shown),
        };
    }
}

/// As wide as the texts are, within reason.
fn fitting(name: &str, ty: Type, chars: Option<usize>) -> f32 {
    let chars = chars.unwrap_or(match ty {
        Type::DateTime => 19,
        Type::Bool => 5,
        ty if cell::is_right(ty) => 10,
        _ => 18,
    });
    let head = name.chars().count() as f32 * SIGN + 36.0;
    (chars as f32 * SIGN + 24.0)
        .max(head)
        .clamp(NARROWEST, WIDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(columns: &Columns, schema: &[(String, Type)], facts: Option<&Facts>) -> Vec<String> {
        let shown = columns.shown(schema, facts).into_iter();
        shown.map(|c| c.name).collect()
    }

    #[test]
    fn order_hiding_and_empty_columns() {
        let schema = ["A", "B", "C", "D"].map(|n| (n.to_owned(), Type::String));
        let facts = Facts {
            filled: vec![true, false, true, true],
            ..Facts::default()
        };
        let mut columns = Columns::default();
        assert_eq!(names(&columns, &schema, Some(&facts)), ["A", "C", "D"]);
        columns.show_empty = true;
        assert_eq!(names(&columns, &schema, Some(&facts)), ["A", "B", "C", "D"]);
        columns.show_empty = false;
        columns.choose("B", true, false);
        columns.choose("C", false, true);
        assert_eq!(names(&columns, &schema, Some(&facts)), ["A", "B", "D"]);
        columns.put(&schema, "D", Some("A"));
        assert_eq!(names(&columns, &schema, Some(&facts)), ["D", "A", "B"]);
        columns.put(&schema, "D", None);
        assert_eq!(names(&columns, &schema, Some(&facts)), ["A", "B", "D"]);
        // A run gives other columns: what is known keeps its place, what is new comes last.
        let other = ["E", "D", "A"].map(|n| (n.to_owned(), Type::Long));
        assert_eq!(names(&columns, &other, None), ["A", "D", "E"]);
        columns.choose("C", true, true);
        columns.choose("B", false, false);
        assert!(columns.chosen.is_empty(), "as it would be anyway");
    }
}

//! Which columns of a result a chart draws: the first axis, the values, and what splits them into series.

use super::Kind;
use crate::kql::plan::Render;
use crate::value::{Type, Value, time};
use serde_json::Value as Json;

/// What a column can serve for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Dates.
    Time,
    /// Numbers.
    Number,
    /// Timespans, drawn as seconds.
    Span,
    /// Texts and everything else.
    Text,
    /// Arrays of dates, as make-series gives them.
    Times,
    /// Arrays of numbers.
    Numbers,
}

impl Role {
    /// Whether its cells hold many values each.
    pub fn is_array(self) -> bool {
        matches!(self, Role::Times | Role::Numbers)
    }

    fn is_value(self) -> bool {
        matches!(self, Role::Number | Role::Span | Role::Numbers)
    }

    fn is_time(self) -> bool {
        matches!(self, Role::Time | Role::Times)
    }
}

/// The columns of a chart, as indexes.
#[derive(Debug)]
pub struct Chosen {
    /// The first axis.
    pub x: usize,
    /// What the first axis is.
    pub x_role: Role,
    /// The values, with what they are.
    pub ys: Vec<(usize, Role)>,
    /// What splits the values into series.
    pub split: Vec<usize>,
}

impl Chosen {
    /// The columns that the query names, else those that fit.
    pub fn of(
        kind: Kind,
        render: &Render,
        columns: &[(String, Type)],
        rows: &[&[Value]],
    ) -> Result<Self, String> {
        let roles: Vec<Role> = (0..columns.len())
            .map(|at| role(columns, at, rows))
            .collect();
        let role = |at: usize| roles.get(at).copied().unwrap_or(Role::Text);
        let named = |property: &str| -> Result<Vec<usize>, String> {
            let names = render.property(property).iter();
            names
                .map(|name| {
                    let found = columns.iter().position(|(n, _)| n == name);
                    found.ok_or_else(|| {
                        format!("The result has no column {name}, which {property} names")
                    })
                })
                .collect()
        };
        let (x, mut ys, split) = (named("xcolumn")?, named("ycolumns")?, named("series")?);
        let free = |at: &usize| !ys.contains(at) && !split.contains(at);
        let name = render.kind.as_str();
        let x = match x.first() {
            Some(at) => *at,
            None => {
                let mut all = (0..columns.len()).filter(free);
                let found = match name {
                    "timechart" => all.find(|at| role(*at).is_time()),
                    _ => first_axis(kind, &all.collect::<Vec<_>>(), role),
                };
                found.ok_or_else(|| match name {
                    "timechart" => {
                        "A timechart needs a datetime column, and the result has none".to_owned()
                    }
                    _ => format!("A {name} needs a column for its first axis"),
                })?
            }
        };
        if name == "timechart" && !role(x).is_time() {
            let column = columns.get(x).map_or("", |(n, _)| n.as_str());
            return Err(format!(
                "A timechart needs a datetime column, and {column} is none"
            ));
        }
        if ys.is_empty() {
            ys = (0..columns.len())
                .filter(|at| *at != x && !split.contains(at))
                .filter(|at| role(*at).is_value())
                .filter(|at| !role(x).is_array() || role(*at).is_array())
                .collect();
            // Seconds and counts do not share an axis.
            if ys.iter().any(|at| role(*at) != Role::Span) {
                ys.retain(|at| role(*at) != Role::Span);
            }
        }
        ys.retain(|at| role(*at).is_value() && role(*at).is_array() == role(x).is_array());
        if ys.is_empty() {
            return Err(format!(
                "A {name} needs a numeric column beside its first axis, and the result has none"
            ));
        }
        let split = match split.is_empty() {
            false => split,
            // A share belongs to its category alone.
            true if kind == Kind::Shares => Vec::new(),
            true => (0..columns.len())
                .filter(|at| *at != x && role(*at) == Role::Text)
                .collect(),
        };
        Ok(Self {
            x,
            x_role: role(x),
            ys: ys.into_iter().map(|at| (at, role(at))).collect(),
            split,
        })
    }

    /// What the axes are called.
    pub fn axis_names(&self, columns: &[(String, Type)]) -> (String, String) {
        let name = |at: usize, role: Role| {
            let name = columns.get(at).map_or("", |(n, _)| n.as_str());
            match role {
                Role::Span => format!("{name} (seconds)"),
                _ => name.to_owned(),
            }
        };
        let ys = self.ys.iter().map(|(at, role)| name(*at, *role));
        let ys: Vec<String> = ys.take(3).collect();
        (name(self.x, self.x_role), ys.join(", "))
    }
}

/// The column of the first axis where the query names none.
fn first_axis(kind: Kind, all: &[usize], role: impl Fn(usize) -> Role) -> Option<usize> {
    let first = *all.first()?;
    let bars = matches!(kind, Kind::Column | Kind::Bar | Kind::Shares);
    let a_value = all.iter().filter(|at| role(**at).is_value()).count();
    if bars {
        // Bars stand on categories: the first column, unless it holds the only numbers.
        let other = all.iter().copied().find(|at| !role(*at).is_value());
        return match role(first).is_value() && a_value < 2 {
            true => other.or(Some(first)),
            false => Some(first),
        };
    }
    if role(first) != Role::Text {
        let alone = role(first).is_value() && a_value < 2;
        let time = all.iter().copied().find(|at| role(*at).is_time());
        return if alone {
            time.or_else(|| all.iter().copied().find(|at| *at != first))
        } else {
            Some(first)
        };
    }
    let time = all.iter().copied().find(|at| role(*at).is_time());
    time.or(Some(first))
}

fn role(columns: &[(String, Type)], at: usize, rows: &[&[Value]]) -> Role {
    match columns.get(at).map(|(_, ty)| *ty) {
        Some(Type::DateTime) => Role::Time,
        Some(Type::Int | Type::Long | Type::Real | Type::Decimal) => Role::Number,
        Some(Type::TimeSpan) => Role::Span,
        Some(Type::Dynamic) => {
            let mut cells = rows.iter().filter_map(|row| row.get(at));
            let first = cells.find(|cell| !matches!(cell, Value::Null));
            match first {
                Some(Value::Dynamic(json)) => match json.as_array() {
                    Some(items) => array_role(items),
                    // `summarize sum(Properties.bytes)`-like values of a bag.
                    None if json.is_number() => Role::Number,
                    None => Role::Text,
                },
                _ => Role::Text,
            }
        }
        _ => Role::Text,
    }
}

fn array_role(items: &[Json]) -> Role {
    let date = |item: &Json| item.as_str().and_then(time::parse_datetime).is_some();
    if items.iter().all(|i| i.is_null()) {
        Role::Text
    } else if items.iter().all(|i| i.is_number() || i.is_null()) {
        Role::Numbers
    } else if items.iter().all(date) {
        Role::Times
    } else {
        Role::Text
    }
}

//! The points of the series, gathered from the rows.

use super::columns::{Chosen, Role};
use super::{Axis, Kind, MOST_CATEGORIES, MOST_POINTS, MOST_SERIES, Point, Series};
use crate::value::{Type, Value, time};
use indexmap::IndexMap;
use serde_json::Value as Json;

/// Where a cell lies on the first axis.
enum Place {
    At(f64),
    /// A text, with its place in the order where it has one.
    Named(String, Option<f64>),
}

/// The first axis and the series.
pub fn collect(
    kind: Kind,
    chosen: &Chosen,
    columns: &[(String, Type)],
    rows: &[&[Value]],
    notes: &mut Vec<String>,
) -> Result<(Axis, Vec<Series>), String> {
    // Bars that lie and shares are named; everything else stands on its number where it has one.
    let named = matches!(kind, Kind::Bar | Kind::Shares) || chosen.x_role == Role::Text;
    let mut categories: IndexMap<String, Option<f64>> = IndexMap::new();
    let mut series: IndexMap<String, Vec<Point>> = IndexMap::new();
    let (mut points, mut cut) = (0, false);
    for row in rows {
        if points >= MOST_POINTS {
            cut = true;
            break;
        }
        let places = places(row.get(chosen.x), chosen.x_role, named);
        for (y, role) in &chosen.ys {
            let name = series_name(row, chosen, columns, *y);
            let values = numbers(row.get(*y), *role);
            let own = series.entry(name).or_default();
            for (place, value) in places.iter().zip(values) {
                let (Some(place), Some(y)) = (place, value) else {
                    continue;
                };
                let x = match place {
                    Place::At(x) => *x,
                    Place::Named(text, order) => {
                        let (at, _) = categories.insert_full(text.clone(), *order);
                        at as f64
                    }
                };
                own.push(Point { x, y, base: 0.0 });
                points += 1;
            }
        }
    }
    if cut {
        notes.push(format!("The chart shows the first {MOST_POINTS} points"));
    }
    let mut series: Vec<Series> = series
        .into_iter()
        .filter(|(_, points)| !points.is_empty())
        .map(|(name, points)| Series { name, points })
        .collect();
    if series.is_empty() {
        return Err("No row has a number to draw".to_owned());
    }
    let axis = match (named, chosen.x_role) {
        (true, _) => Axis::Categories(ordered(categories, &mut series)),
        (false, Role::Time | Role::Times) => Axis::Time,
        (false, _) => Axis::Number,
    };
    let summed = !matches!(kind, Kind::Line | Kind::Scatter) && sum_same(&mut series);
    if summed {
        notes.push("Rows of the same place and series are added up".to_owned());
    }
    if kind != Kind::Scatter {
        for one in &mut series {
            one.points.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
    }
    let axis = match (kind, axis) {
        (Kind::Shares, Axis::Categories(names)) => shares(names, &mut series)?,
        (_, Axis::Categories(names)) => fewer(names, &mut series, notes),
        (_, axis) => axis,
    };
    if series.len() > MOST_SERIES {
        let all = series.len();
        let size = |s: &Series| s.points.iter().map(|p| p.y.abs()).sum::<f64>();
        series.sort_by(|a, b| size(b).total_cmp(&size(a)));
        series.truncate(MOST_SERIES);
        notes.push(format!(
            "The {MOST_SERIES} largest of {all} series are drawn"
        ));
    }
    Ok((axis, series))
}

fn places(cell: Option<&Value>, role: Role, named: bool) -> Vec<Option<Place>> {
    let Some(cell) = cell else {
        return Vec::new();
    };
    let of_ticks = |ticks: i64| match named {
        true => Place::Named(time::format_short(ticks), Some(seconds(ticks))),
        false => Place::At(seconds(ticks)),
    };
    let of_number = |number: f64, text: String| match named {
        true => Place::Named(text, Some(number)),
        false => Place::At(number),
    };
    match (role, cell) {
        (Role::Time, Value::DateTime(ticks)) => vec![Some(of_ticks(*ticks))],
        (Role::Times, Value::Dynamic(json)) => items(json)
            .iter()
            .map(|item| item.as_str().and_then(time::parse_datetime).map(of_ticks))
            .collect(),
        (Role::Numbers, Value::Dynamic(json)) => items(json)
            .iter()
            .map(|item| item.as_f64().map(|n| of_number(n, item.to_string())))
            .collect(),
        (Role::Number | Role::Span, cell) => {
            let number = number(cell);
            vec![number.map(|n| of_number(n, cell.display()))]
        }
        (Role::Text, Value::Null) => vec![Some(Place::Named("(null)".to_owned(), None))],
        (Role::Text, cell) => {
            let text = cell.display();
            let text = match text.is_empty() {
                true => "(empty)".to_owned(),
                false => short(&text),
            };
            vec![Some(Place::Named(text, None))]
        }
        _ => Vec::new(),
    }
}

fn numbers(cell: Option<&Value>, role: Role) -> Vec<Option<f64>> {
    match (role, cell) {
        (Role::Numbers, Some(Value::Dynamic(json))) => {
            items(json).iter().map(Json::as_f64).collect()
        }
        (_, Some(cell)) => vec![number(cell)],
        _ => Vec::new(),
    }
}

fn items(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn number(cell: &Value) -> Option<f64> {
    let number = match cell {
        Value::Int(n) => f64::from(*n),
        Value::Long(n) => *n as f64,
        Value::Real(n) => *n,
        Value::Decimal(text) => text.parse().ok()?,
        Value::TimeSpan(ticks) => *ticks as f64 / time::SECOND as f64,
        Value::Dynamic(json) => json.as_f64()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// Since 1970: as ticks since the year 1 a double would be off by microseconds.
fn seconds(ticks: i64) -> f64 {
    ticks.saturating_sub(time::UNIX_EPOCH) as f64 / time::SECOND as f64
}

fn series_name(row: &[Value], chosen: &Chosen, columns: &[(String, Type)], y: usize) -> String {
    let column = columns.get(y).map_or("", |(n, _)| n.as_str());
    if chosen.split.is_empty() {
        return column.to_owned();
    }
    let cell = |at: &usize| match row.get(*at) {
        None | Some(Value::Null) => "(null)".to_owned(),
        Some(cell) => match cell.display() {
            text if text.is_empty() => "(empty)".to_owned(),
            text => short(&text),
        },
    };
    let split = chosen.split.iter().map(cell).collect::<Vec<_>>().join(", ");
    match chosen.ys.len() {
        1 => split,
        _ => format!("{split}: {column}"),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The categories: those of numbers and dates by size, texts as they came. The points follow.
fn ordered(categories: IndexMap<String, Option<f64>>, series: &mut [Series]) -> Vec<String> {
    let mut order: Vec<(usize, (String, Option<f64>))> =
        categories.into_iter().enumerate().collect();
    order.sort_by(|(_, (_, a)), (_, (_, b))| match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(b),
        _ => std::cmp::Ordering::Equal,
    });
    let mut now = vec![0.0; order.len()];
    for (new, (old, _)) in order.iter().enumerate() {
        if let Some(place) = now.get_mut(*old) {
            *place = new as f64;
        }
    }
    for point in series.iter_mut().flat_map(|s| &mut s.points) {
        if let Some(place) = now.get(point.x as usize) {
            point.x = *place;
        }
    }
    order.into_iter().map(|(_, (text, _))| text).collect()
}

/// Adds up the points of a series that lie at one place. Gives whether there were any.
fn sum_same(series: &mut [Series]) -> bool {
    let mut any = false;
    for one in series {
        let mut sums: IndexMap<u64, Point> = IndexMap::new();
        for point in one.points.drain(..) {
            sums.entry(point.x.to_bits())
                .and_modify(|sum| {
                    sum.y += point.y;
                    any = true;
                })
                .or_insert(point);
        }
        one.points = sums.into_values().collect();
    }
    any
}

/// Only so many categories as can be told apart: the first ones.
fn fewer(mut names: Vec<String>, series: &mut Vec<Series>, notes: &mut Vec<String>) -> Axis {
    if names.len() > MOST_CATEGORIES {
        let all = names.len();
        notes.push(format!(
            "The first {MOST_CATEGORIES} of {all} categories are drawn"
        ));
        names.truncate(MOST_CATEGORIES);
        for one in series.iter_mut() {
            one.points.retain(|p| p.x < MOST_CATEGORIES as f64);
        }
        series.retain(|s| !s.points.is_empty());
    }
    Axis::Categories(names)
}

/// One series of shares, the largest first; the small ones together.
fn shares(names: Vec<String>, series: &mut Vec<Series>) -> Result<Axis, String> {
    series.truncate(1);
    let points = series.iter().flat_map(|s| s.points.iter());
    let mut parts: Vec<(String, f64)> = points
        .filter_map(|p| Some((names.get(p.x as usize)?.clone(), p.y)))
        .collect();
    if parts.iter().any(|(_, y)| *y < 0.0) {
        return Err("A piechart cannot show shares of numbers below 0".to_owned());
    }
    parts.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    if parts.len() > MOST_CATEGORIES {
        let rest = parts.split_off(MOST_CATEGORIES - 1);
        let sum = rest.iter().map(|(_, y)| y).sum();
        parts.push((format!("{} others", rest.len()), sum));
    }
    if let Some(one) = series.first_mut() {
        let points = parts.iter().enumerate().map(|(at, (_, y))| Point {
            x: at as f64,
            y: *y,
            base: 0.0,
        });
        one.points = points.collect();
    }
    Ok(Axis::Categories(
        parts.into_iter().map(|(name, _)| name).collect(),
    ))
}

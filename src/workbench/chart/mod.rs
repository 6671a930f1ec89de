//! What `render` asks for, made ready to draw: which columns, which series, which points. Nothing here draws.

mod columns;
mod points;
mod stack;

use crate::kql::plan::Render;
use crate::value::{Type, Value};
use columns::Chosen;

/// So many series have colours and lines of their own; the smaller ones are left out and it is said.
const MOST_SERIES: usize = 24;
/// So many points are drawn in a frame without a pause.
const MOST_POINTS: usize = 50_000;
/// So many categories can be told apart.
const MOST_CATEGORIES: usize = 50;

/// How the points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `timechart`, `linechart`
    Line,
    /// `areachart`, `stackedareachart`
    Area,
    /// `columnchart`: bars that stand.
    Column,
    /// `barchart`: bars that lie.
    Bar,
    /// `scatterchart`
    Scatter,
    /// `piechart`: drawn as bars with their shares, the largest first.
    Shares,
}

/// Whether series stand on one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stacking {
    /// Each on its own.
    None,
    /// Each on those before.
    Sum,
    /// The same in percent of all.
    Percent,
}

/// What stands along the first axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// Seconds since 1970.
    Time,
    /// Numbers.
    Number,
    /// Texts: a point's `x` is the index of one.
    Categories(Vec<String>),
}

/// One point of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Along the first axis.
    pub x: f64,
    /// Its value.
    pub y: f64,
    /// Where it stands: 0 but for stacked series.
    pub base: f64,
}

/// One line, area, or colour of bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What the legend says.
    pub name: String,
    /// Its points.
    pub points: Vec<Point>,
}

/// A chart that is ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// How.
    pub kind: Kind,
    /// The query's own title; empty where it gives none.
    pub title: String,
    /// What the first axis is called.
    pub x_name: String,
    /// What the second axis is called.
    pub y_name: String,
    /// The first axis.
    pub axis: Axis,
    /// Whether series stand on one another.
    pub stacking: Stacking,
    /// The series.
    pub series: Vec<Series>,
    /// Whether the legend is shown.
    pub legend: bool,
    /// Ends of the second axis that the query gives.
    pub limits: (Option<f64>, Option<f64>),
    /// What is drawn otherwise than the rows say: sentences for the person.
    pub notes: Vec<String>,
}

/// The chart of a result: none where the query asks for a table or a card.
///
/// # Errors
/// In words, why the rows cannot be drawn as the query says.
pub fn prepare(
    render: &Render,
    columns: &[(String, Type)],
    rows: &[&[Value]],
) -> Option<Result<Chart, String>> {
    let (kind, stacked) = match render.kind.as_str() {
        "table" | "card" => return None,
        "timechart" | "linechart" => (Kind::Line, false),
        "areachart" => (Kind::Area, false),
        "stackedareachart" => (Kind::Area, true),
        "columnchart" => (Kind::Column, false),
        "barchart" => (Kind::Bar, false),
        "scatterchart" => (Kind::Scatter, false),
        "piechart" => (Kind::Shares, false),
        other => return Some(Err(format!("The window does not draw the kind {other}"))),
    };
    Some(of_kind(kind, stacked, render, columns, rows))
}

fn of_kind(
    kind: Kind,
    stacked: bool,
    render: &Render,
    columns: &[(String, Type)],
    rows: &[&[Value]],
) -> Result<Chart, String> {
    let one = |name: &str| render.property(name).first().map(String::as_str);
    let stackable = matches!(kind, Kind::Area | Kind::Column | Kind::Bar);
    let stacking = match one("kind") {
        Some("stacked") if stackable => Stacking::Sum,
        Some("stacked100") if stackable => Stacking::Percent,
        _ if stacked => Stacking::Sum,
        _ => Stacking::None,
    };
    let chosen = Chosen::of(kind, render, columns, rows)?;
    let mut notes = Vec::new();
    let (axis, mut series) = points::collect(kind, &chosen, columns, rows, &mut notes)?;
    if one("accumulate") == Some("true") {
        for one in &mut series {
            let mut sum = 0.0;
            for point in &mut one.points {
                sum += point.y;
                point.y = sum;
            }
        }
    }
    stack::apply(stacking, &mut series);
    for (property, words) in [
        (
            "yaxis",
            "A logarithmic axis is not drawn: the axis is linear",
        ),
        (
            "xaxis",
            "A logarithmic axis is not drawn: the axis is linear",
        ),
    ] {
        if one(property) == Some("log") {
            notes.push(words.to_owned());
        }
    }
    if matches!(one("ysplit"), Some("axes" | "panels")) {
        notes.push("All series share one axis".to_owned());
    }
    notes.dedup();
    let number = |name| one(name).and_then(|text| text.parse().ok());
    let text = |name| one(name).filter(|text| !text.is_empty());
    let (x_name, y_name) = chosen.axis_names(columns);
    Ok(Chart {
        kind,
        title: one("title").unwrap_or_default().to_owned(),
        x_name: text("xtitle").map_or(x_name, str::to_owned),
        y_name: match (text("ytitle"), stacking) {
            (Some(title), _) => title.to_owned(),
            (None, Stacking::Percent) => format!("{y_name} (%)"),
            _ => y_name,
        },
        axis,
        stacking,
        legend: one("legend") != Some("hidden"),
        series,
        limits: (number("ymin"), number("ymax")),
        notes,
    })
}

#[cfg(test)]
mod tests;

//! Lines fitted to a series by least squares. The abscissa counts from 1.

use super::filters::refused;
use super::{Number, full, of, reals};
use crate::kql::functions::{Context, Function, Naming, Param};
use crate::value::Value;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

const TWO_LINES: &str = "`series_fit_2lines` does not run here: how the platform splits the series is not documented exactly";

pub const FUNCTIONS: &[Function] = &[
    of(
        &["series_fit_line_dynamic"],
        "series_fit_line_dynamic(series:dynamic)",
        "A bag of the straight line that fits a series best: rsquare, slope, variance, rvariance (of what is left), interception, line_fit.",
        &[Param::Dynamic],
        0,
        Naming::None,
        line,
    ),
    of(
        &["series_fit_line"],
        "series_fit_line(series:dynamic)",
        "The straight line that fits a series best, in columns: rsquare, slope, variance, rvariance (of what is left), interception, line_fit.",
        &[Param::Dynamic],
        0,
        Naming::None,
        line,
    ),
    of(
        &["series_fit_2lines"],
        "series_fit_2lines(series:dynamic)",
        "The two straight lines that fit a series best, in columns. It is analysed; it does not run here.",
        &[Param::Dynamic],
        0,
        Naming::None,
        |c, _| refused(c, TWO_LINES),
    ),
    of(
        &["series_fit_2lines_dynamic"],
        "series_fit_2lines_dynamic(series:dynamic)",
        "A bag of the two straight lines that fit a series best. It is analysed; it does not run here.",
        &[Param::Dynamic],
        0,
        Naming::None,
        |c, _| refused(c, TWO_LINES),
    ),
    of(
        &["series_fit_poly"],
        "series_fit_poly(series:dynamic [, x:dynamic [, degree:long]])",
        "The polynomial that fits a series best. The columns are known; it does not run here.",
        &[Param::Dynamic, Param::Dynamic, Param::Integer],
        2,
        Naming::None,
        |c, _| refused(c, "`series_fit_poly` does not run here yet"),
    ),
];

/// Slope and interception of the line through a series whose abscissa counts from 1.
pub fn slope(series: &[f64]) -> (f64, f64) {
    let count = series.len() as f64;
    let mean_x = (count + 1.0) / 2.0;
    let mean_y = series.iter().sum::<f64>() / count;
    let (mut xy, mut xx) = (0.0, 0.0);
    for (at, y) in series.iter().enumerate() {
        let x = (at + 1) as f64 - mean_x;
        xy += x * (y - mean_y);
        xx += x * x;
    }
    let slope = xy / xx;
    (slope, mean_y - slope * mean_x)
}

fn line(context: &Context, args: &[Value]) -> Value {
    let Some(series) = full(context, args.first()) else {
        return Value::Null;
    };
    if series.len() < 2 {
        return refused(context, "A line needs a series of at least two numbers");
    }
    let count = series.len() as f64;
    let (slope, interception) = slope(&series);
    let fit: Vec<f64> = (1..=series.len())
        .map(|x| slope * x as f64 + interception)
        .collect();
    let mean = series.iter().sum::<f64>() / count;
    let spread: f64 = series.iter().map(|y| (y - mean).powi(2)).sum();
    let left: f64 = series.iter().zip(&fit).map(|(y, f)| (y - f).powi(2)).sum();
    if spread == 0.0 {
        return refused(context, "A line through a constant series is not supported");
    }
    let real = |r: f64| Number::Real(r).json();
    let Value::Dynamic(fit) = reals(fit) else {
        return Value::Null;
    };
    let parts = [
        ("rsquare", real(1.0 - left / spread)),
        ("slope", real(slope)),
        ("variance", real(spread / (count - 1.0))),
        ("rvariance", real(left / (count - 1.0))),
        ("interception", real(interception)),
        ("line_fit", fit.as_ref().clone()),
    ];
    let bag: Map<String, Json> = parts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    Value::Dynamic(Arc::new(Json::Object(bag)))
}

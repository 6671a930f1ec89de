//! Seasons, trends and outliers of a series.
//!
//! The score that the platform gives to a period and to an outlier is not documented as a formula. What depends on
//! it is analysed, so that the columns are known, and refused where it would have to run on a row.

use super::filters::refused;
use super::periods::{self, Found};
use super::{full, of, reals};
use crate::kql::functions::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::Value;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

const PERIODS: &str = "The platform's choice among the periods of this series is not documented, so it does not run here";
const OUTLIERS: &str =
    "Outliers of a series do not run here: the platform's score of an outlier is not documented";

pub const FUNCTIONS: &[Function] = &[
    of(
        &["series_seasonal"],
        "series_seasonal(series:dynamic [, period:long])",
        "The seasonal part of a series: for every place the median of the values at the same place of all periods. Without a period the most marked one is taken, where it is certain which that is.",
        &[Param::Dynamic, Param::Integer],
        1,
        Naming::None,
        seasonal,
    ),
    of(
        &["series_outliers"],
        "series_outliers(series:dynamic [, kind:string [, ignore [, min_percentile [, max_percentile]]]])",
        "A score for every element of how far it stands out. It is analysed; it does not run here.",
        &[
            Param::Dynamic,
            Param::Text,
            Param::Number,
            Param::Number,
            Param::Number,
        ],
        4,
        Naming::First,
        |c, _| refused(c, OUTLIERS),
    ),
    of(
        &["series_decompose"],
        "series_decompose(series:dynamic [, seasonality:long [, trend:string [, test_points:long [, threshold:real]]]])",
        "A series taken apart into baseline, seasonal part, trend and the rest. The columns are known; it does not run here.",
        &[
            Param::Dynamic,
            Param::Integer,
            Param::Text,
            Param::Integer,
            Param::Real,
        ],
        4,
        Naming::None,
        |c, _| {
            refused(
                c,
                "`series_decompose` does not run here: its details are not documented",
            )
        },
    ),
    of(
        &["series_decompose_anomalies"],
        "series_decompose_anomalies(series:dynamic [, threshold:real [, seasonality:long [, trend:string [, test_points:long [, method:string [, seasonality_threshold:real]]]]]])",
        "For every element of a series whether it stands out (1, -1 or 0), by which score, and the value that was expected. The columns are known; it does not run here.",
        &[
            Param::Dynamic,
            Param::Real,
            Param::Integer,
            Param::Text,
            Param::Integer,
            Param::Text,
            Param::Real,
        ],
        6,
        Naming::None,
        |c, _| refused(c, OUTLIERS),
    ),
    of(
        &["series_decompose_forecast"],
        "series_decompose_forecast(series:dynamic, points:long [, seasonality:long [, trend:string [, threshold:real]]])",
        "The series with its last points forecast from season and trend. The columns are known; it does not run here.",
        &[
            Param::Dynamic,
            Param::Integer,
            Param::Integer,
            Param::Text,
            Param::Real,
        ],
        3,
        Naming::None,
        |c, _| {
            refused(
                c,
                "`series_decompose_forecast` does not run here: its details are not documented",
            )
        },
    ),
    of(
        &["series_periods_detect"],
        "series_periods_detect(series:dynamic, min_period:real, max_period:real, count:long)",
        "The most marked periods of a series and their scores. The columns are known; it does not run here.",
        &[Param::Dynamic, Param::Real, Param::Real, Param::Integer],
        0,
        Naming::None,
        |c, _| refused(c, PERIODS),
    ),
    Function {
        repeat: 1,
        ..of(
            &["series_periods_validate"],
            "series_periods_validate(series:dynamic, period:real, …)",
            "How marked given periods of a series are, from 0 to 1. It runs for the most marked period and for those that are none; in between the platform's answer is not documented and the query ends with an error.",
            &[Param::Dynamic, Param::Real],
            0,
            Naming::None,
            validate,
        )
    },
];

/// The median of the values at the same place of all periods, for every place of so many.
fn season(series: &[f64], period: usize, places: usize) -> Vec<f64> {
    let median = |place: usize| {
        let mut own: Vec<f64> = series.iter().skip(place).step_by(period).copied().collect();
        own.sort_by(f64::total_cmp);
        let middle = own.len() / 2;
        let at = |i: usize| own.get(i).copied().unwrap_or(0.0);
        match own.len() {
            0 => 0.0,
            n if n.is_multiple_of(2) => (at(middle - 1) + at(middle)) / 2.0,
            _ => at(middle),
        }
    };
    let one: Vec<f64> = (0..period.min(places)).map(median).collect();
    one.iter().copied().cycle().take(places).collect()
}

fn seasonal(context: &Context, args: &[Value]) -> Value {
    let Some(series) = full(context, args.first()) else {
        return Value::Null;
    };
    match args.get(1).and_then(convert::long) {
        Some(period) if period > 0 => {
            let period = usize::try_from(period).unwrap_or(usize::MAX);
            reals(season(&series, period, series.len()))
        }
        None | Some(-1) => match periods::detect(&series, 0.7) {
            Found::Period(period) => reals(season(&series, period, series.len())),
            Found::None => reals(vec![0.0; series.len()]),
            Found::Unknown => refused(context, PERIODS),
        },
        Some(_) => reals(vec![0.0; series.len()]),
    }
}

fn validate(context: &Context, args: &[Value]) -> Value {
    let Some(series) = full(context, args.first()) else {
        return Value::Null;
    };
    let asked: Vec<f64> = args.iter().skip(1).filter_map(convert::real).collect();
    if asked.len() > 16 || asked.len() + 1 != args.len() {
        return refused(context, "`series_periods_validate` takes 1 to 16 periods");
    }
    let mut scores = Vec::with_capacity(asked.len());
    for period in &asked {
        match periods::score(&series, *period) {
            Some(score) => scores.push(score),
            None => return refused(context, PERIODS),
        }
    }
    let part = |value: Value| match value {
        Value::Dynamic(json) => json.as_ref().clone(),
        _ => Json::Null,
    };
    let mut bag = Map::new();
    bag.insert("periods".to_owned(), part(reals(asked)));
    bag.insert("scores".to_owned(), part(reals(scores)));
    Value::Dynamic(Arc::new(Json::Object(bag)))
}

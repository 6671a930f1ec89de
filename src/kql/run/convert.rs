//! Conversions between the scalar types: `tostring()`, `toint()` and the others, and what operators need.

use super::json_text::json_text;
use crate::kql::syntax::literal;
use crate::value::{Type, Value, time};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value as Json;
use std::sync::Arc;

/// A value as another type. What cannot be read is null.
pub fn convert(value: &Value, to: Type) -> Value {
    match to {
        Type::String => Value::String(text(value)),
        Type::Bool => boolean(value).map_or(Value::Null, Value::Bool),
        Type::Int => long(value).map_or(Value::Null, |n| Value::Int(n as i32)),
        Type::Long => long(value).map_or(Value::Null, Value::Long),
        Type::Real => real(value).map_or(Value::Null, Value::Real),
        Type::Decimal => decimal(value),
        Type::DateTime => to_datetime(value).map_or(Value::Null, Value::DateTime),
        Type::TimeSpan => to_timespan(value).map_or(Value::Null, Value::TimeSpan),
        Type::Guid => {
            literal::guid(&text(value)).map_or(Value::Null, |g| Value::Guid(Arc::from(g)))
        }
        Type::Dynamic => match value {
            Value::Null | Value::Dynamic(_) => value.clone(),
            other => match json(other) {
                Json::Null => Value::Null,
                json => Value::Dynamic(Arc::new(json)),
            },
        },
    }
}

/// A real as Kusto prints it: always with a point or an exponent.
pub fn real_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// The text of a value: strings as they are, dynamic strings unquoted, null `""`.
pub fn text(value: &Value) -> Arc<str> {
    match value {
        Value::Null => Arc::from(""),
        Value::String(s) | Value::Decimal(s) | Value::Guid(s) => s.clone(),
        Value::Bool(b) => Arc::from(if *b { "True" } else { "False" }),
        Value::Int(n) => Arc::from(n.to_string()),
        Value::Long(n) => Arc::from(n.to_string()),
        Value::Real(r) => Arc::from(real_text(*r)),
        Value::DateTime(t) => Arc::from(time::format_datetime(*t)),
        Value::TimeSpan(t) => Arc::from(time::format_timespan(*t)),
        Value::Dynamic(json) => match json.as_ref() {
            Json::String(s) => Arc::from(s.as_str()),
            Json::Null => Arc::from(""),
            other => Arc::from(json_text(other)),
        },
    }
}

/// The JSON of a value inside a dynamic one.
pub fn json(value: &Value) -> Json {
    value.to_json()
}

/// The value of a JSON scalar; arrays and bags stay dynamic.
pub fn scalar(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(n) => Value::Long(n),
            None => n.as_f64().map_or(Value::Null, Value::Real),
        },
        Json::String(s) => Value::String(Arc::from(s.as_str())),
        other => Value::Dynamic(Arc::new(other.clone())),
    }
}

/// A whole number; a real is cut off, text must be a whole number.
pub fn long(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(b) => Some(i64::from(*b)),
        Value::Int(n) => Some(i64::from(*n)),
        Value::Long(n) => Some(*n),
        Value::Real(r) => (r.is_finite() && r.abs() < 9.3e18).then_some(*r as i64),
        Value::Decimal(s) => s.parse::<f64>().ok().map(|r| r as i64),
        Value::String(s) => literal::long(s),
        Value::DateTime(t) | Value::TimeSpan(t) => Some(*t),
        Value::Dynamic(json) => match scalar(json) {
            Value::Dynamic(_) => None,
            scalar => long(&scalar),
        },
        Value::Null | Value::Guid(_) => None,
    }
}

/// A real number.
pub fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(b) => Some(f64::from(u8::from(*b))),
        Value::Int(n) => Some(f64::from(*n)),
        Value::Long(n) => Some(*n as f64),
        Value::Real(r) => Some(*r),
        Value::Decimal(s) => s.parse().ok(),
        Value::String(s) => literal::real(s).or_else(|| literal::long(s).map(|n| n as f64)),
        Value::DateTime(t) | Value::TimeSpan(t) => Some(*t as f64),
        Value::Dynamic(json) => match scalar(json) {
            Value::Dynamic(_) => None,
            scalar => real(&scalar),
        },
        Value::Null | Value::Guid(_) => None,
    }
}

/// A truth value: `true`, `false` and numbers; other text is null.
pub fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::Int(n) => Some(*n != 0),
        Value::Long(n) => Some(*n != 0),
        Value::Real(r) => Some(*r != 0.0),
        Value::String(s) => match s.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            other => literal::long(other).map(|n| n != 0),
        },
        Value::Dynamic(json) => match scalar(json) {
            Value::Dynamic(_) => None,
            scalar => boolean(&scalar),
        },
        _ => None,
    }
}

fn decimal(value: &Value) -> Value {
    let made = match value {
        Value::Decimal(_) => return value.clone(),
        Value::Int(n) => Some(n.to_string()),
        Value::Long(n) => Some(n.to_string()),
        Value::Real(r) if r.is_finite() => Some(format!("{r}")),
        Value::String(s) => literal::decimal(s),
        Value::Dynamic(json) => literal::decimal(&text(&scalar(json))),
        _ => None,
    };
    made.map_or(Value::Null, |s| Value::Decimal(Arc::from(s)))
}

/// An instant; whole numbers are ticks.
pub fn to_datetime(value: &Value) -> Option<i64> {
    match value {
        Value::DateTime(t) => Some(*t),
        Value::Long(n) => (0..=time::MAX_DATETIME).contains(n).then_some(*n),
        Value::Int(n) => u32::try_from(*n).ok().map(i64::from),
        Value::String(s) => datetime(s),
        Value::Dynamic(json) => match scalar(json) {
            Value::Dynamic(_) => None,
            scalar => to_datetime(&scalar),
        },
        _ => None,
    }
}

/// A span of time; whole numbers are ticks.
pub fn to_timespan(value: &Value) -> Option<i64> {
    match value {
        Value::TimeSpan(t) => Some(*t),
        Value::Real(_) => long(value),
        Value::Long(n) => Some(*n),
        Value::Int(n) => Some(i64::from(*n)),
        Value::String(s) => literal::timespan(s),
        Value::Dynamic(json) => match scalar(json) {
            Value::Dynamic(_) => None,
            scalar => to_timespan(&scalar),
        },
        _ => None,
    }
}

/// An instant's text: ISO 8601 with or without a zone, RFC 822, a bare date or month.
pub fn datetime(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    let in_range = |t: i64| (0..=time::MAX_DATETIME).contains(&t).then_some(t);
    if let Some(t) = time::parse_datetime(text) {
        return in_range(t);
    }
    // An offset after a blank or without a colon.
    for format in [
        "%Y-%m-%d %H:%M:%S%.f %:z",
        "%Y-%m-%d %H:%M:%S%.f%:z",
        "%Y-%m-%dT%H:%M:%S%.f%z",
        "%Y-%m-%dT%H:%M%:z",
        "%a, %d %b %Y %H:%M:%S %z",
        "%d %b %Y %H:%M:%S %z",
    ] {
        if let Ok(at) = chrono::DateTime::parse_from_str(text, format) {
            return in_range(time::from_chrono(at.with_timezone(&chrono::Utc)));
        }
    }
    let bare = text
        .strip_suffix(['Z', 'z'])
        .or_else(|| text.strip_suffix("GMT"))
        .or_else(|| text.strip_suffix("UTC"))
        .unwrap_or(text)
        .trim_end();
    for format in [
        "%Y-%m-%dT%H",
        "%m/%d/%Y %H:%M:%S%.f",
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %H:%M",
        "%a, %d %b %Y %H:%M:%S",
        "%d %b %Y %H:%M:%S",
        "%d %b %y %H:%M:%S",
        "%a, %d %b %y %H:%M:%S",
        "%A, %B %d, %Y %H:%M:%S",
        "%B %d, %Y %H:%M:%S",
        "%a %b %d %H:%M:%S %Y",
        "%Y.%m.%d %H:%M:%S%.f",
        "%Y/%m/%d %H:%M:%S%.f",
        "%m-%d-%Y %H:%M:%S%.f",
        "%m.%d.%Y %H:%M:%S%.f",
        "%Y%m%d %H:%M:%S",
        "%Y%m%dT%H%M%S",
    ] {
        if let Ok(at) = NaiveDateTime::parse_from_str(bare, format) {
            return in_range(time::from_chrono(at.and_utc()));
        }
    }
    let midnight = |date: NaiveDate| {
        let at = date.and_hms_opt(0, 0, 0)?;
        in_range(time::from_chrono(at.and_utc()))
    };
    for format in [
        "%m/%d/%Y",
        "%Y/%m/%d",
        "%m-%d-%Y",
        "%m.%d.%Y",
        "%Y.%m.%d",
        "%Y%m%d",
        "%d %b %Y",
        "%a, %d %b %Y",
        "%B %d, %Y",
    ] {
        if let Ok(date) = NaiveDate::parse_from_str(bare, format) {
            return midnight(date);
        }
    }
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if let Some((year, month)) = bare.split_once('-')
        && year.len() == 4
        && digits(year)
        && (1..=2).contains(&month.len())
        && digits(month)
    {
        return midnight(NaiveDate::from_ymd_opt(
            year.parse().ok()?,
            month.parse().ok()?,
            1,
        )?);
    }
    None
}

//! KQL's scalar types, values, columns and tables. Columns are Arrow arrays.
//!
//! Physical layouts (`Column::array`):
//! | type | array |
//! |---|---|
//! | bool | `BooleanArray` |
//! | int | `Int32Array` |
//! | long | `Int64Array` |
//! | real | `Float64Array` |
//! | decimal | `StringArray` of the canonical text |
//! | string | `StringArray`, or `DictionaryArray<Int32Type>` of it; never null, an absent string is `""` |
//! | datetime | `Int64Array`, 100 ns ticks since 0001-01-01T00:00:00Z |
//! | timespan | `Int64Array`, 100 ns ticks |
//! | guid | `StringArray` of the lower-case text with hyphens |
//! | dynamic | `StringArray` of JSON text, or `DictionaryArray<Int32Type>` of it; null is `dynamic(null)` |

pub mod cells;
mod column;
pub mod path;
pub mod profile;
mod table;
pub mod time;

pub use column::{Column, ColumnBuilder};
pub use table::{Lineage, Table};

use std::fmt;
use std::sync::Arc;

/// Identifies one loaded raw event within a [`crate::logs::Dataset`].
pub type EventId = u32;

/// A KQL scalar type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// `bool`
    Bool,
    /// `int`, 32 bits
    Int,
    /// `long`, 64 bits
    Long,
    /// `real`, IEEE double
    Real,
    /// `decimal`
    Decimal,
    /// `string`
    String,
    /// `datetime`, 100 ns ticks since 0001-01-01
    DateTime,
    /// `timespan`, 100 ns ticks
    TimeSpan,
    /// `guid`
    Guid,
    /// `dynamic`
    Dynamic,
}

impl Type {
    /// The type's name in KQL.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Long => "long",
            Type::Real => "real",
            Type::Decimal => "decimal",
            Type::String => "string",
            Type::DateTime => "datetime",
            Type::TimeSpan => "timespan",
            Type::Guid => "guid",
            Type::Dynamic => "dynamic",
        }
    }

    /// The type of a KQL name or one of its aliases (`boolean`, `date`, `double`, `time`, `uuid` …).
    pub fn from_name(name: &str) -> Option<Type> {
        Some(match name.to_ascii_lowercase().as_str() {
            "bool" | "boolean" => Type::Bool,
            "int" | "int8" | "int32" => Type::Int,
            "long" | "int64" => Type::Long,
            "real" | "double" => Type::Real,
            "decimal" => Type::Decimal,
            "string" => Type::String,
            "datetime" | "date" => Type::DateTime,
            "timespan" | "time" => Type::TimeSpan,
            "guid" | "uuid" | "uniqueid" => Type::Guid,
            "dynamic" | "object" => Type::Dynamic,
            _ => return None,
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One scalar value. A null has no type of its own: the column it stands in knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Null of any type but string.
    Null,
    /// A truth value.
    Bool(bool),
    /// 32 bits.
    Int(i32),
    /// 64 bits.
    Long(i64),
    /// IEEE double.
    Real(f64),
    /// Canonical text of a decimal.
    Decimal(Arc<str>),
    /// Text.
    String(Arc<str>),
    /// Ticks of 100 ns since 0001-01-01T00:00:00Z.
    DateTime(i64),
    /// Ticks of 100 ns.
    TimeSpan(i64),
    /// Lower-case text with hyphens.
    Guid(Arc<str>),
    /// A JSON value. `dynamic(null)` is [`Value::Null`].
    Dynamic(Arc<serde_json::Value>),
}

impl Value {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The JSON form of the command line's contract: datetime and timespan as text,
    /// reals that JSON lacks as `"NaN"`, `"Infinity"`, `"-Infinity"`, dynamic as plain JSON.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(i) => Json::from(*i),
            Value::Long(i) => Json::from(*i),
            Value::Real(r) => match serde_json::Number::from_f64(*r) {
                Some(n) => Json::Number(n),
                None if r.is_nan() => Json::from("NaN"),
                None if *r > 0.0 => Json::from("Infinity"),
                None => Json::from("-Infinity"),
            },
            Value::Decimal(s) | Value::String(s) | Value::Guid(s) => Json::from(s.as_ref()),
            Value::DateTime(t) => Json::from(time::format_datetime(*t)),
            Value::TimeSpan(t) => Json::from(time::format_timespan(*t)),
            Value::Dynamic(j) => j.as_ref().clone(),
        }
    }

    /// The text shown in a table cell: strings as they are, dynamic as compact JSON, null as nothing.
    pub fn display(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Bool(b) => b.to_string(),
            Value::Dynamic(j) => j.to_string(),
            other => match other.to_json() {
                serde_json::Value::String(s) => s,
                json => json.to_string(),
            },
        }
    }
}

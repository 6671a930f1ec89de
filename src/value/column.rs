//! A typed column over an Arrow array, and the builder that makes one from values.

use super::{Type, Value};
use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
    StringDictionaryBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use std::sync::Arc;

/// A column of one KQL type; see the module's table for the physical layout.
#[derive(Clone, Debug)]
pub struct Column {
    /// The KQL type.
    pub ty: Type,
    /// The values.
    pub array: ArrayRef,
}

impl Column {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.array.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.array.is_empty()
    }

    /// Whether the value of a row is null (a string never is).
    pub fn is_null(&self, row: usize) -> bool {
        self.ty != Type::String && self.array.is_null(row)
    }

    /// The text of a row of a string, decimal, guid or dynamic column; `""` where null or another type.
    pub fn text(&self, row: usize) -> &str {
        if self.array.is_null(row) {
            return "";
        }
        if let Some(strings) = self.array.as_string_opt::<i32>() {
            return strings.value(row);
        }
        if let Some(dictionary) = self.array.as_dictionary_opt::<Int32Type>()
            && let Some(values) = dictionary.values().as_string_opt::<i32>()
            && let Some(key) = dictionary.key(row)
        {
            return values.value(key);
        }
        ""
    }

    /// The value of a row. A dynamic cell whose text is not JSON is given as a JSON string.
    pub fn value(&self, row: usize) -> Value {
        if self.ty == Type::String {
            return Value::String(Arc::from(self.text(row)));
        }
        if self.array.is_null(row) {
            return Value::Null;
        }
        match self.ty {
            Type::Bool => Value::Bool(self.array.as_boolean().value(row)),
            Type::Int => Value::Int(self.array.as_primitive::<Int32Type>().value(row)),
            Type::Long => Value::Long(self.array.as_primitive::<Int64Type>().value(row)),
            Type::Real => Value::Real(self.array.as_primitive::<Float64Type>().value(row)),
            Type::DateTime => Value::DateTime(self.array.as_primitive::<Int64Type>().value(row)),
            Type::TimeSpan => Value::TimeSpan(self.array.as_primitive::<Int64Type>().value(row)),
            Type::Decimal => Value::Decimal(Arc::from(self.text(row))),
            Type::Guid => Value::Guid(Arc::from(self.text(row))),
            Type::String | Type::Dynamic => {
                let text = self.text(row);
                match serde_json::from_str(text) {
                    Ok(serde_json::Value::Null) => Value::Null,
                    Ok(json) => Value::Dynamic(Arc::new(json)),
                    Err(_) => Value::Dynamic(Arc::new(serde_json::Value::from(text))),
                }
            }
        }
    }
}

enum Inner {
    Bool(BooleanBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Real(Float64Builder),
    Text(StringBuilder),
    Dictionary(StringDictionaryBuilder<Int32Type>),
}

/// Makes a column from values, one row after another. Strings become dictionary-coded.
pub struct ColumnBuilder {
    ty: Type,
    inner: Inner,
}

impl ColumnBuilder {
    /// A builder for a type. String columns are dictionary-coded.
    pub fn new(ty: Type) -> Self {
        let inner = match ty {
            Type::Bool => Inner::Bool(BooleanBuilder::new()),
            Type::Int => Inner::Int(Int32Builder::new()),
            Type::Long | Type::DateTime | Type::TimeSpan => Inner::Long(Int64Builder::new()),
            Type::Real => Inner::Real(Float64Builder::new()),
            Type::String => Inner::Dictionary(StringDictionaryBuilder::new()),
            Type::Decimal | Type::Guid | Type::Dynamic => Inner::Text(StringBuilder::new()),
        };
        Self { ty, inner }
    }

    /// A builder whose texts are stored one by one: for columns that hardly repeat.
    pub fn plain(ty: Type) -> Self {
        match ty {
            Type::String => Self {
                ty,
                inner: Inner::Text(StringBuilder::new()),
            },
            _ => Self::new(ty),
        }
    }

    /// Adds the text of a string, decimal, guid or dynamic (JSON text) row; a null on other types.
    pub fn push_text(&mut self, text: &str) {
        match &mut self.inner {
            Inner::Text(b) => b.append_value(text),
            Inner::Dictionary(b) => b.append_value(text),
            _ => self.push_null(),
        }
    }

    /// Adds a null (`""` in a string column).
    pub fn push_null(&mut self) {
        match &mut self.inner {
            Inner::Bool(b) => b.append_null(),
            Inner::Int(b) => b.append_null(),
            Inner::Long(b) => b.append_null(),
            Inner::Real(b) => b.append_null(),
            Inner::Text(b) if self.ty == Type::String => b.append_value(""),
            Inner::Text(b) => b.append_null(),
            Inner::Dictionary(b) => b.append_value(""),
        }
    }

    /// Adds a value. It must be of the builder's type or null; anything else is added as null.
    pub fn push(&mut self, value: &Value) {
        match (&mut self.inner, value) {
            (Inner::Bool(b), Value::Bool(v)) => b.append_value(*v),
            (Inner::Int(b), Value::Int(v)) => b.append_value(*v),
            (Inner::Long(b), Value::Long(v)) if self.ty == Type::Long => b.append_value(*v),
            (Inner::Long(b), Value::DateTime(v)) if self.ty == Type::DateTime => b.append_value(*v),
            (Inner::Long(b), Value::TimeSpan(v)) if self.ty == Type::TimeSpan => b.append_value(*v),
            (Inner::Real(b), Value::Real(v)) => b.append_value(*v),
            (Inner::Text(_), Value::Dynamic(j)) if self.ty == Type::Dynamic => {
                self.push_text(&j.to_string())
            }
            (Inner::Text(_), Value::Decimal(s)) if self.ty == Type::Decimal => self.push_text(s),
            (Inner::Text(_), Value::Guid(s)) if self.ty == Type::Guid => self.push_text(s),
            (Inner::Text(_) | Inner::Dictionary(_), Value::String(s))
                if self.ty == Type::String =>
            {
                self.push_text(s)
            }
            _ => self.push_null(),
        }
    }

    /// The column.
    pub fn finish(mut self) -> Column {
        let array: ArrayRef = match &mut self.inner {
            Inner::Bool(b) => Arc::new(b.finish()),
            Inner::Int(b) => Arc::new(b.finish()),
            Inner::Long(b) => Arc::new(b.finish()),
            Inner::Real(b) => Arc::new(b.finish()),
            Inner::Text(b) => Arc::new(b.finish()),
            Inner::Dictionary(b) => Arc::new(b.finish()),
        };
        Column { ty: self.ty, array }
    }
}

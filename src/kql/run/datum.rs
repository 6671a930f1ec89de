//! A value for all rows, or a column of values.

use crate::value::{Column, ColumnBuilder, Type, Value};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, BooleanArray, DictionaryArray, Int32Array, StringArray};
use std::sync::Arc;

/// The result of an expression.
#[derive(Clone, Debug)]
pub enum Datum {
    /// The same in every row.
    Const(Value, Type),
    /// One a row.
    Column(Column),
}

/// A null string is `""`.
pub fn normal(ty: Type, value: Value) -> Value {
    match (ty, value) {
        (Type::String, Value::Null) => Value::String(Arc::from("")),
        (_, value) => value,
    }
}

impl Datum {
    /// The KQL type.
    pub fn ty(&self) -> Type {
        match self {
            Datum::Const(_, ty) => *ty,
            Datum::Column(column) => column.ty,
        }
    }

    /// The value of a row.
    pub fn value(&self, row: usize) -> Value {
        match self {
            Datum::Const(value, ty) => normal(*ty, value.clone()),
            Datum::Column(column) => column.value(row),
        }
    }

    /// Whether the value of a row is null.
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Datum::Const(value, ty) => *ty != Type::String && value.is_null(),
            Datum::Column(column) => column.is_null(row),
        }
    }

    /// As a column of so many rows.
    pub fn into_column(self, rows: usize) -> Column {
        match self {
            Datum::Column(column) => column,
            Datum::Const(value, ty) => repeat(&normal(ty, value), ty, rows),
        }
    }

    /// The truth of a row: none for null.
    pub fn truth(&self, row: usize) -> Option<bool> {
        match self {
            Datum::Const(Value::Bool(b), _) => Some(*b),
            Datum::Const(..) => None,
            Datum::Column(column) => {
                let bools = column.array.as_boolean_opt()?;
                (!bools.is_null(row)).then(|| bools.value(row))
            }
        }
    }

    /// A column of truths.
    pub fn bools(array: BooleanArray) -> Self {
        Datum::Column(Column {
            ty: Type::Bool,
            array: Arc::new(array),
        })
    }
}

/// One value in every row.
pub fn repeat(value: &Value, ty: Type, rows: usize) -> Column {
    let text = match (ty, value) {
        (Type::String, Value::String(s)) => Some(s.to_string()),
        (Type::Dynamic, Value::Dynamic(j)) => Some(j.to_string()),
        _ => None,
    };
    if let Some(text) = text {
        let keys = Int32Array::from_value(0, rows);
        let values = StringArray::from_iter_values([text.as_str()]);
        if let Ok(array) = DictionaryArray::try_new(keys, Arc::new(values)) {
            return Column {
                ty,
                array: Arc::new(array),
            };
        }
    }
    let mut builder = ColumnBuilder::new(ty);
    for _ in 0..rows {
        builder.push(value);
    }
    builder.finish()
}

/// The dictionary of a column, where it has one that is not larger than the column:
/// worth working on each distinct value once.
pub fn small_dictionary(column: &Column) -> Option<(&DictionaryArray<Int32Type>, &StringArray)> {
    let dictionary = column.array.as_dictionary_opt::<Int32Type>()?;
    let values = dictionary.values().as_string_opt::<i32>()?;
    (values.len() <= column.len() + 16).then_some((dictionary, values))
}

/// A column of a dictionary's distinct values, one a row, nulls as they are.
pub fn dictionary_values(ty: Type, values: &StringArray) -> Column {
    Column {
        ty,
        array: Arc::new(values.clone()),
    }
}

/// Spreads a result computed for each distinct value to the rows.
pub fn spread(result: &Column, keys: &Int32Array) -> Column {
    // A text result stays a dictionary: nothing is copied.
    if matches!(result.ty, Type::String | Type::Dynamic)
        && let Some(texts) = result.array.as_string_opt::<i32>()
    {
        let keys: Int32Array = if result.ty == Type::Dynamic && texts.null_count() > 0 {
            // A row whose value is null must have a null key: that is what "null" means to the array.
            keys.iter()
                .map(|k| k.filter(|k| !texts.is_null(usize::try_from(*k).unwrap_or(0))))
                .collect()
        } else {
            keys.clone()
        };
        if let Ok(array) = DictionaryArray::try_new(keys, result.array.clone()) {
            return Column {
                ty: result.ty,
                array: Arc::new(array),
            };
        }
    }
    match arrow_select::take::take(result.array.as_ref(), keys, None) {
        Ok(array) => Column {
            ty: result.ty,
            array,
        },
        Err(_) => super::frame::nulls(result.ty, keys.len()),
    }
}

//! Whole columns at once for the functions that queries call on every row. What is not here, or a column of another
//! layout, goes through the function's own code row by row; a test holds both to the same values.

use crate::kql::run::{
    bits, chunks, compare::Numbers, convert, datum::Datum, datum::small_dictionary,
};
use crate::task::CancelToken;
use crate::value::{Column, Type, Value};
use arrow_array::builder::StringBuilder;
use arrow_array::{Array, BooleanArray, Int64Array};
use arrow_buffer::BooleanBuffer;
use std::borrow::Cow;
use std::sync::Arc;

/// The function's values; none where there is no faster way than row by row.
pub fn call(name: &str, args: &[Datum], ty: Type, cancel: &CancelToken) -> Option<Datum> {
    let Some(Datum::Column(column)) = args.first() else {
        return None;
    };
    match (name, args) {
        ("not", [truth]) => bits::not(truth),
        ("isnull" | "isnotnull", [_]) if column.ty != Type::Dynamic => {
            let null = |row| column.is_null(row) == (name == "isnull");
            Some(truths(BooleanBuffer::collect_bool(column.len(), null)))
        }
        ("isempty" | "isnotempty", [_]) if column.ty == Type::String => {
            if small_dictionary(column).is_some() {
                return None;
            }
            let empty = |row| column.text(row).is_empty() == (name == "isempty");
            Some(truths(BooleanBuffer::collect_bool(column.len(), empty)))
        }
        ("bin", [_, Datum::Const(size, size_type)]) => bin(column, size, *size_type, ty),
        ("tostring", [_]) if column.ty == Type::Dynamic => texts(column, cancel, quoted),
        ("tolower", [_]) if column.ty == Type::String => texts(column, cancel, |t| Some(lower(t))),
        ("toupper", [_]) if column.ty == Type::String => texts(column, cancel, |t| Some(upper(t))),
        _ => None,
    }
}

fn truths(values: BooleanBuffer) -> Datum {
    Datum::bools(BooleanArray::new(values, None))
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|b| b.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    Cow::Owned(text.to_lowercase())
}

fn upper(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|b| b.is_ascii_lowercase()) {
            true => Cow::Owned(text.to_ascii_uppercase()),
            false => Cow::Borrowed(text),
        };
    }
    Cow::Owned(text.to_uppercase())
}

/// The text of a JSON string that stands for itself; other JSON is read by the function's own code.
fn quoted(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    let plain = |b: u8| b != b'\\' && b != b'"' && b >= 0x20;
    inner.bytes().all(plain).then_some(Cow::Borrowed(inner))
}

/// A text of each text. A null, and what `of` does not know, is converted as a value.
fn texts<'a>(
    column: &'a Column,
    cancel: &CancelToken,
    of: impl Fn(&'a str) -> Option<Cow<'a, str>> + Sync,
) -> Option<Datum> {
    let distinct = small_dictionary(column);
    let source = match distinct {
        Some((_, values)) => Column {
            ty: column.ty,
            array: Arc::new(values.clone()),
        },
        None => column.clone(),
    };
    let text = |row: usize| -> Option<Cow<'a, str>> {
        let text = match distinct {
            Some((_, values)) => (!values.is_null(row)).then(|| values.value(row)),
            None => (!column.array.is_null(row)).then(|| column.text(row)),
        };
        of(text?)
    };
    let blocks = chunks::map(source.len(), cancel, |block| {
        let one = |row| match text(row) {
            Some(text) => text,
            None => Cow::Owned(convert::text(&source.value(row)).to_string()),
        };
        block.map(one).collect::<Vec<_>>()
    });
    // Who asked for the end is told so by the next check.
    let blocks = blocks.ok()?;
    let bytes: usize = blocks.iter().flatten().map(|t| t.len()).sum();
    if bytes > super::MAX_COLUMN {
        return None;
    }
    let mut builder = StringBuilder::with_capacity(source.len() + 1, bytes);
    blocks
        .iter()
        .flatten()
        .for_each(|t| builder.append_value(t));
    let Some((dictionary, values)) = distinct else {
        return Some(Datum::Column(Column {
            ty: Type::String,
            array: Arc::new(builder.finish()),
        }));
    };
    builder.append_value("");
    let missing = i32::try_from(values.len()).ok()?;
    let keys = match dictionary.null_count() {
        0 => dictionary.keys().clone(),
        _ => dictionary
            .keys()
            .iter()
            .map(|k| Some(k.unwrap_or(missing)))
            .collect(),
    };
    let each = Column {
        ty: Type::String,
        array: Arc::new(builder.finish()),
    };
    Some(Datum::Column(crate::kql::run::datum::spread(&each, &keys)))
}

/// Times and whole numbers rounded down to a multiple of a constant.
fn bin(column: &Column, size: &Value, size_type: Type, ty: Type) -> Option<Datum> {
    let whole = matches!(
        (column.ty, size_type),
        (Type::DateTime | Type::TimeSpan, Type::TimeSpan) | (Type::Long, Type::Long | Type::Int)
    );
    let size = convert::long(size).filter(|s| *s > 0)?;
    let Numbers::Long(longs) = Numbers::of_column(column) else {
        return None;
    };
    if !whole || ty != column.ty {
        return None;
    }
    let down = |v: i64| v.div_euclid(size).checked_mul(size);
    // Below the smallest multiple: left to the function.
    if longs.iter().flatten().any(|v| down(v).is_none()) {
        return None;
    }
    let values = longs.values().iter().map(|v| down(*v).unwrap_or(0));
    let array = Int64Array::new(values.collect(), longs.nulls().cloned());
    Some(Datum::Column(Column {
        ty,
        array: Arc::new(array),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::kql::functions::{Context, find};
    use crate::kql::run::eval::map_rows;
    use crate::value::ColumnBuilder;

    fn random(rng: &mut fastrand::Rng, ty: Type) -> Value {
        let words = [
            "",
            "Ab",
            "zoë",
            "ǅ",
            "A\\n\"q",
            "İx",
            "ẞ",
            "plain",
            "UPPER",
            "ὈΔΥΣΣΕΎΣ",
        ];
        let json = [
            "\"Ab\"",
            "\"a\\u00e9\\\"b\"",
            "1.50",
            "[1, 2]",
            "{\"a\": \"x\"}",
            "\"\"",
            "true",
            "1e3",
        ];
        match ty {
            _ if rng.u8(..5) == 0 => Value::Null,
            Type::String => Value::String(Arc::from(words[rng.usize(..words.len())])),
            Type::Dynamic => Value::Dynamic(Arc::new(
                serde_json::from_str(json[rng.usize(..json.len())]).expect("JSON"),
            )),
            Type::Bool => Value::Bool(rng.bool()),
            Type::Int => Value::Int(rng.i32(-20..20)),
            Type::Real => Value::Real(*rng.choice(&[f64::NAN, -0.0, 1.5]).expect("three")),
            Type::DateTime => Value::DateTime(rng.i64(0..1 << 60)),
            Type::TimeSpan => Value::TimeSpan(rng.i64(-1 << 40..1 << 40)),
            _ => Value::Long(
                *rng.choice(&[0, 7, -7, -8, i64::MAX, i64::MIN, 100])
                    .expect("seven"),
            ),
        }
    }

    #[test]
    fn whole_columns_get_the_values_of_the_functions_own_code() {
        let mut rng = fastrand::Rng::with_seed(11);
        let mut fast = 0;
        let constants = [
            None,
            Some((Value::Long(7), Type::Long)),
            Some((Value::Int(-3), Type::Int)),
            Some((Value::TimeSpan(36_000_000_000), Type::TimeSpan)),
            Some((Value::TimeSpan(0), Type::TimeSpan)),
        ];
        for name in [
            "not",
            "isnull",
            "isnotnull",
            "isempty",
            "isnotempty",
            "bin",
            "tostring",
            "tolower",
            "toupper",
        ] {
            let function = find(name).expect("a function");
            for ty in [
                Type::Bool,
                Type::Int,
                Type::Long,
                Type::Real,
                Type::String,
                Type::DateTime,
                Type::TimeSpan,
                Type::Dynamic,
            ] {
                for (constant, plain, rows) in constants
                    .iter()
                    .flat_map(|c| [(c, true, 300), (c, false, 300), (c, true, 3), (c, false, 3)])
                {
                    let mut builder = if plain {
                        ColumnBuilder::plain(ty)
                    } else {
                        ColumnBuilder::new(ty)
                    };
                    for _ in 0..rows {
                        builder.push(&random(&mut rng, ty));
                    }
                    let mut column = builder.finish();
                    if ty == Type::Dynamic && !plain {
                        column = coded(&column);
                    }
                    let mut args = vec![Datum::Column(column)];
                    let mut types = vec![ty];
                    if let Some((value, ty)) = constant {
                        args.push(Datum::Const(value.clone(), *ty));
                        types.push(*ty);
                    }
                    let (least, most) = function.arity();
                    let Some(result) =
                        (function.result)(&types).filter(|_| (least..=most).contains(&types.len()))
                    else {
                        continue;
                    };
                    if name == "not" && ty != Type::Bool {
                        continue;
                    }
                    let Some(made) = call(name, &args, result, &CancelToken::new()) else {
                        continue;
                    };
                    fast += 1;
                    let regexes = Default::default();
                    let context = Context {
                        now: 0,
                        ty: result,
                        types: &types,
                        span: Span::default(),
                        regexes: &regexes,
                        geo: Default::default(),
                        refused: Default::default(),
                    };
                    let refs: Vec<&Datum> = args.iter().collect();
                    let slow = map_rows(&refs, rows, result, |v| (function.body)(&context, v));
                    assert_eq!(made.ty(), slow.ty());
                    for row in 0..rows {
                        assert_eq!(
                            made.value(row),
                            slow.value(row),
                            "{name} of {:?}",
                            args[0].value(row)
                        );
                    }
                }
            }
        }
        assert!(fast > 40, "{fast} were compared");
    }

    fn coded(column: &Column) -> Column {
        use arrow_array::builder::StringDictionaryBuilder;
        let mut builder = StringDictionaryBuilder::<arrow_array::types::Int32Type>::new();
        for row in 0..column.len() {
            builder.append_option((!column.is_null(row)).then(|| column.text(row)));
        }
        Column {
            ty: column.ty,
            array: Arc::new(builder.finish()),
        }
    }
}

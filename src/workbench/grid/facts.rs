//! What a table looks like before anybody asks: which columns hold anything, how wide their texts are.

use super::cell;
use super::source::Source;
use crate::task::CancelToken;
use crate::value::{Column, Type};
use arrow_array::Array;

/// Rows whose texts are measured, and rows that are looked at where a column has to be read.
const SAMPLE: usize = 200;

/// What is known of the columns, in their order.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether a column holds anything.
    pub filled: Vec<bool>,
    /// Signs of the longest text in the sample.
    pub chars: Vec<usize>,
    /// Whether all rows were looked at; otherwise a sample.
    pub exact: bool,
}

/// Looks at a table.
///
/// # Errors
/// Why it cannot be read, in one sentence.
pub fn look(source: &Source, cancel: &CancelToken) -> Result<Facts, String> {
    let rows = source.rows();
    // Spread over the table, or all of it.
    let step = rows.div_ceil(SAMPLE).max(1);
    let sample: Vec<u32> = (0..rows)
        .step_by(step)
        .filter_map(|row| u32::try_from(row).ok())
        .collect();
    let mut facts = Facts {
        exact: true,
        ..Facts::default()
    };
    for (at, _) in source.schema().iter().enumerate() {
        if cancel.is_cancelled() {
            return Err("it was cancelled".to_owned());
        }
        let some = source.some(at, &sample, cancel)?;
        let chars = (0..some.len()).map(|row| cell::shown(&some.value(row)).0.chars().count());
        facts.chars.push(chars.max().unwrap_or(0));
        let filled = is_filled(&some)
            || rows > sample.len() && {
                match source.is_instant().then(|| source.made(at)).flatten() {
                    Some(made) => is_filled(&made),
                    None => {
                        facts.exact = false;
                        false
                    }
                }
            };
        facts.filled.push(filled);
    }
    Ok(facts)
}

fn is_filled(column: &Column) -> bool {
    match column.ty {
        Type::String => (0..column.len()).any(|row| !column.text(row).is_empty()),
        _ => column.array.null_count() < column.len(),
    }
}

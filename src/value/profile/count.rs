//! Counting values, up to a limit.

use crate::value::Value;
use std::collections::HashMap;

/// Bytes of texts that are told apart at most.
const MOST_BYTES: usize = 64 << 20;

/// What is known of some values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// Rows that were looked at.
    pub rows: usize,
    /// Rows that hold something: neither null nor an empty text.
    pub filled: usize,
    /// Values that were counted: as many as the filled rows, but for paths through arrays.
    pub counted: usize,
    /// Different values.
    pub distinct: usize,
    /// Values that came after the limit of different ones and are none of those: `distinct` is a lower bound then.
    pub beyond: usize,
    /// The most frequent values, the first of those that are equally frequent first met.
    pub top: Vec<(Value, usize)>,
}

impl Values {
    /// The part of the rows that are filled, from 0 to 1.
    pub fn fill(&self) -> f64 {
        match self.rows {
            0 => 0.0,
            rows => self.filled as f64 / rows as f64,
        }
    }
}

#[derive(Default)]
pub(super) struct Counter {
    limit: usize,
    bytes: usize,
    pub rows: usize,
    pub filled: usize,
    counted: usize,
    beyond: usize,
    /// Value or text, in the order they were met: place and count.
    texts: HashMap<Box<str>, (usize, usize)>,
    plain: HashMap<Plain, (usize, usize)>,
}

/// A value that is no text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Plain {
    Bool(bool),
    Int(i32),
    Long(i64),
    Real(u64),
    DateTime(i64),
    TimeSpan(i64),
}

impl Counter {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Rows that hold nothing.
    pub fn nothing(&mut self, rows: usize) {
        self.rows += rows;
    }

    /// Rows that hold a text; an empty one is nothing.
    pub fn text(&mut self, text: &str, rows: usize) {
        self.rows += rows;
        if !text.is_empty() {
            self.filled += rows;
            self.occurs(text, rows);
        }
    }

    /// A row that holds a value.
    pub fn value(&mut self, value: &Value) {
        self.rows += 1;
        let plain = match value {
            Value::Bool(v) => Plain::Bool(*v),
            Value::Int(v) => Plain::Int(*v),
            Value::Long(v) => Plain::Long(*v),
            // One zero, one not-a-number.
            Value::Real(v) if *v == 0.0 => Plain::Real(0),
            Value::Real(v) if v.is_nan() => Plain::Real(f64::NAN.to_bits()),
            Value::Real(v) => Plain::Real(v.to_bits()),
            Value::DateTime(v) => Plain::DateTime(*v),
            Value::TimeSpan(v) => Plain::TimeSpan(*v),
            _ => return,
        };
        self.filled += 1;
        self.counted += 1;
        if let Some((_, count)) = self.plain.get_mut(&plain) {
            *count += 1;
        } else if self.plain.len() < self.limit {
            self.plain.insert(plain, (self.plain.len(), 1));
        } else {
            self.beyond += 1;
        }
    }

    /// A text that is there so many times, in rows that were counted already.
    pub fn occurs(&mut self, text: &str, times: usize) {
        self.counted += times;
        if let Some((_, count)) = self.texts.get_mut(text) {
            *count += times;
        } else if self.texts.len() < self.limit && self.bytes + text.len() <= MOST_BYTES {
            self.bytes += text.len();
            let place = self.texts.len();
            self.texts.insert(text.into(), (place, times));
        } else {
            self.beyond += times;
        }
    }

    pub fn finish(self, top: usize, of_text: impl Fn(&str) -> Value) -> Values {
        let distinct = self.texts.len() + self.plain.len();
        let first = |mut all: Vec<(usize, usize, Value)>| {
            all.sort_by_key(|(place, count, _)| (std::cmp::Reverse(*count), *place));
            all.truncate(top);
            all.into_iter()
                .map(|(_, count, value)| (value, count))
                .collect()
        };
        // Only the frequent ones are made into values.
        let mut texts: Vec<_> = self.texts.iter().collect();
        texts.sort_by_key(|(_, (place, count))| (std::cmp::Reverse(*count), *place));
        texts.truncate(top);
        let texts = texts
            .into_iter()
            .map(|(text, (place, count))| (*place, *count, of_text(text)));
        let plain = self
            .plain
            .iter()
            .map(|(plain, (place, count))| (*place, *count, plain.value()));
        Values {
            rows: self.rows,
            filled: self.filled,
            counted: self.counted,
            distinct,
            beyond: self.beyond,
            top: first(texts.chain(plain).collect()),
        }
    }
}

impl Plain {
    fn value(self) -> Value {
        match self {
            Plain::Bool(v) => Value::Bool(v),
            Plain::Int(v) => Value::Int(v),
            Plain::Long(v) => Value::Long(v),
            Plain::Real(v) => Value::Real(f64::from_bits(v)),
            Plain::DateTime(v) => Value::DateTime(v),
            Plain::TimeSpan(v) => Value::TimeSpan(v),
        }
    }
}

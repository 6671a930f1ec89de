//! Rows of Arrow arrays as JSON lines.

use crate::logs::Reject;
use crate::logs::memory::size;
use crate::logs::pile::{PIECE, Pile};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, TimeUnit};
use base64::Engine;
use chrono::DateTime;
use std::sync::Arc;

/// The same schema with texts and bytes as views.
pub(super) fn as_views(schema: &Schema) -> Schema {
    let fields: Fields = schema.fields().iter().map(field).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

fn field(field: &FieldRef) -> FieldRef {
    let ty = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(self::field).collect()),
        DataType::List(item) => DataType::List(self::field(item)),
        DataType::LargeList(item) => DataType::LargeList(self::field(item)),
        DataType::Map(entries, sorted) => DataType::Map(self::field(entries), *sorted),
        other => other.clone(),
    };
    let made = Field::new(field.name(), ty, field.is_nullable());
    Arc::new(made.with_metadata(field.metadata().clone()))
}

/// Writes rows until there is no more room.
pub(super) struct Writer {
    /// What was written, a line a row. Its pieces are whole rows.
    text: Pile,
    /// Lines of its pieces but the last.
    lines: usize,
    /// Where the current row begins in the last piece.
    begin: usize,
    /// Rows that are too long: an empty line stands for each of them.
    pub rejects: Vec<Reject>,
    /// Something was not written because there is no room.
    over: bool,
    /// How many rows were passed, written or not.
    pub rows: usize,
    /// Of a sample: the number of the row of each line, from 1. The lines of all rows number themselves.
    pub numbers: Vec<usize>,
    limit: usize,
    /// None: all rows, and empty lines for those that are missing.
    every: Option<usize>,
}

type Done = Result<(), String>;

const FULL: &str = "the text is too long";
/// Most bytes of a row: a text that is there once may stand in many rows.
const LONGEST: usize = 64 << 20;
const LONG: &str = "the row is too long";

impl Writer {
    /// One that writes up to so many bytes: all rows, or every so-many-th of them.
    pub fn new(limit: u64, every: Option<usize>) -> Self {
        Self {
            text: Pile::default(),
            lines: 0,
            begin: 0,
            rejects: Vec::new(),
            over: false,
            rows: 0,
            numbers: Vec::new(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            every: every.map(|every| every.max(1)),
        }
    }

    /// Whether there was too much to write.
    pub fn is_full(&self) -> bool {
        self.over || self.text.len() > self.limit
    }

    /// Drops what was begun of a row.
    pub fn drop_last(&mut self) {
        let last = &mut self.text.last;
        last.truncate(memchr::memrchr(b'\n', last).map_or(0, |n| n + 1));
        let lines = memchr::memchr_iter(b'\n', last).count();
        self.numbers.truncate(self.lines + lines);
    }

    /// What was written.
    ///
    /// # Errors
    /// That there is no memory for it.
    pub fn finish(self) -> Result<(Vec<u8>, Vec<usize>), String> {
        Ok((self.text.join()?, self.numbers))
    }

    /// Passes rows that are missing.
    pub fn skip(&mut self, rows: usize) {
        if self.every.is_none() {
            let mut left = rows.min(self.limit.saturating_sub(self.text.len()));
            while left > 0 {
                let more = left.min(PIECE);
                let last = &mut self.text.last;
                last.resize(last.len() + more, b'\n');
                self.settle();
                left -= more;
            }
        }
        self.rows = self.rows.saturating_add(rows);
    }

    /// Lays whole rows aside.
    fn settle(&mut self) {
        if self.text.last.len() >= PIECE {
            self.lines += memchr::memchr_iter(b'\n', &self.text.last).count();
            self.text.settle();
        }
    }

    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// That there is no room left, or a type that cannot be written.
    pub fn batch(&mut self, batch: &RecordBatch) -> Done {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            self.begin = self.text.last.len();
            if self.every.is_none_or(|n| self.rows.is_multiple_of(n)) {
                let written = self.object(schema.fields(), batch.columns(), row);
                if written.is_err() && !self.is_full() {
                    self.text.last.truncate(self.begin);
                }
                match written {
                    Err(reason) if reason == LONG && !self.is_full() => {
                        self.rejects.push(Reject {
                            line: self.rows + 1,
                            reason: format!("the row makes more than {}", size(LONGEST as u64)),
                            excerpt: String::new(),
                        });
                    }
                    written => written?,
                }
                self.plain("\n")?;
                if self.every.is_some() {
                    self.numbers.push(self.rows + 1);
                }
            }
            self.settle();
            self.rows += 1;
        }
        Ok(())
    }

    fn object(&mut self, fields: &Fields, columns: &[Arc<dyn Array>], row: usize) -> Done {
        self.text.last.push(b'{');
        let mut first = true;
        for (field, column) in fields.iter().zip(columns) {
            if column.is_null(row) || *column.data_type() == DataType::Null {
                continue;
            }
            if !first {
                self.text.last.push(b',');
            }
            first = false;
            self.quoted(field.name())?;
            self.text.last.push(b':');
            self.value(column.as_ref(), row)?;
        }
        self.text.last.push(b'}');
        Ok(())
    }

    fn quoted(&mut self, text: &str) -> Done {
        self.fits(text.len())?;
        if self.text.len().saturating_add(text.len()) > self.limit {
            self.over = true;
            return Err(FULL.to_owned());
        }
        serde_json::to_writer(&mut self.text.last, text).map_err(|error| error.to_string())
    }

    /// Whether the row can have so many bytes more.
    fn fits(&self, more: usize) -> Done {
        match (self.text.last.len() - self.begin).saturating_add(more) > LONGEST {
            true => Err(LONG.to_owned()),
            false => Ok(()),
        }
    }

    fn real(&mut self, number: f64) -> Done {
        match serde_json::Number::from_f64(number) {
            Some(number) => self.plain(&number.to_string()),
            None if number.is_nan() => self.quoted("NaN"),
            None if number > 0.0 => self.quoted("Infinity"),
            None => self.quoted("-Infinity"),
        }
    }

    fn plain(&mut self, text: &str) -> Done {
        self.text.last.extend_from_slice(text.as_bytes());
        if self.is_full() {
            return Err(FULL.to_owned());
        }
        self.fits(0)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Done {
        // Older writers mark texts as bytes.
        match std::str::from_utf8(bytes) {
            Ok(text) => self.quoted(text),
            Err(_) => self.quoted(&base64::engine::general_purpose::STANDARD.encode(bytes)),
        }
    }

    fn list(&mut self, items: &dyn Array) -> Done {
        self.text.last.push(b'[');
        for at in 0..items.len() {
            if at > 0 {
                self.text.last.push(b',');
            }
            self.value(items, at)?;
            self.plain("")?;
        }
        self.text.last.push(b']');
        Ok(())
    }

    fn map(&mut self, array: &dyn Array, row: usize) -> Done {
        let entries = array.as_map().value(row);
        let (keys, values) = (entries.column(0), entries.column(1));
        self.text.last.push(b'{');
        for at in 0..entries.len() {
            if at > 0 {
                self.text.last.push(b',');
            }
            let start = self.text.last.len();
            self.value(keys.as_ref(), at)?;
            if self.text.last.get(start) != Some(&b'"') {
                // A key that is no text is written like one.
                let key = self.text.last.split_off(start);
                self.bytes(&key)?;
            }
            self.text.last.push(b':');
            self.value(values.as_ref(), at)?;
        }
        self.text.last.push(b'}');
        Ok(())
    }

    /// Writes a cell. Its depth is that of the schema, which is bounded.
    fn value(&mut self, array: &dyn Array, row: usize) -> Done {
        if array.is_null(row) {
            return self.plain("null");
        }
        macro_rules! number {
            ($ty:ty) => {
                self.plain(&array.as_primitive::<$ty>().value(row).to_string())
            };
        }
        macro_rules! decimal {
            ($ty:ty) => {
                self.plain(&array.as_primitive::<$ty>().value_as_string(row))
            };
        }
        match array.data_type() {
            DataType::Null => self.plain("null"),
            DataType::Boolean => {
                let truth = array.as_boolean().value(row);
                self.plain(if truth { "true" } else { "false" })
            }
            DataType::Int8 => number!(Int8Type),
            DataType::Int16 => number!(Int16Type),
            DataType::Int32 => number!(Int32Type),
            DataType::Int64 => number!(Int64Type),
            DataType::UInt8 => number!(UInt8Type),
            DataType::UInt16 => number!(UInt16Type),
            DataType::UInt32 => number!(UInt32Type),
            DataType::UInt64 => number!(UInt64Type),
            DataType::Float16 => self.real(array.as_primitive::<Float16Type>().value(row).to_f64()),
            // The shortest text of a narrow number, not that of the same number made wide.
            DataType::Float32 => {
                let number = array.as_primitive::<Float32Type>().value(row);
                self.real(number.to_string().parse().unwrap_or(f64::from(number)))
            }
            DataType::Float64 => self.real(array.as_primitive::<Float64Type>().value(row)),
            DataType::Decimal32(..) => decimal!(Decimal32Type),
            DataType::Decimal64(..) => decimal!(Decimal64Type),
            DataType::Decimal128(..) => decimal!(Decimal128Type),
            DataType::Decimal256(..) => decimal!(Decimal256Type),
            DataType::Utf8 => self.quoted(array.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => self.quoted(array.as_string::<i64>().value(row)),
            DataType::Utf8View => self.quoted(array.as_string_view().value(row)),
            DataType::Binary => self.bytes(array.as_binary::<i32>().value(row)),
            DataType::LargeBinary => self.bytes(array.as_binary::<i64>().value(row)),
            DataType::BinaryView => self.bytes(array.as_binary_view().value(row)),
            DataType::FixedSizeBinary(16) => self.guid(array.as_fixed_size_binary().value(row)),
            DataType::FixedSizeBinary(_) => self.bytes(array.as_fixed_size_binary().value(row)),
            DataType::Date32 => {
                let days = i64::from(array.as_primitive::<Date32Type>().value(row));
                self.date(days.saturating_mul(86_400))
            }
            DataType::Date64 => {
                let millis = array.as_primitive::<Date64Type>().value(row);
                self.date(millis.div_euclid(1000))
            }
            DataType::Time32(TimeUnit::Second) => {
                let time = array.as_primitive::<Time32SecondType>().value(row);
                self.time(i64::from(time), 1, 0)
            }
            DataType::Time32(_) => {
                let time = array.as_primitive::<Time32MillisecondType>().value(row);
                self.time(i64::from(time), 1000, 3)
            }
            DataType::Time64(TimeUnit::Nanosecond) => {
                let time = array.as_primitive::<Time64NanosecondType>().value(row);
                self.time(time, 1_000_000_000, 9)
            }
            DataType::Time64(_) => {
                let time = array.as_primitive::<Time64MicrosecondType>().value(row);
                self.time(time, 1_000_000, 6)
            }
            DataType::Timestamp(unit, zone) => {
                let zone = if zone.is_some() { "Z" } else { "" };
                match unit {
                    TimeUnit::Second => {
                        let at = array.as_primitive::<TimestampSecondType>().value(row);
                        self.instant(at, 1, 0, zone)
                    }
                    TimeUnit::Millisecond => {
                        let at = array.as_primitive::<TimestampMillisecondType>().value(row);
                        self.instant(at, 1000, 3, zone)
                    }
                    TimeUnit::Microsecond => {
                        let at = array.as_primitive::<TimestampMicrosecondType>().value(row);
                        self.instant(at, 1_000_000, 6, zone)
                    }
                    TimeUnit::Nanosecond => {
                        let at = array.as_primitive::<TimestampNanosecondType>().value(row);
                        self.instant(at, 1_000_000_000, 9, zone)
                    }
                }
            }
            DataType::Struct(fields) => {
                let columns = array.as_struct().columns();
                self.object(fields, columns, row)
            }
            DataType::List(_) => self.list(array.as_list::<i32>().value(row).as_ref()),
            DataType::LargeList(_) => self.list(array.as_list::<i64>().value(row).as_ref()),
            DataType::FixedSizeList(..) => {
                self.list(array.as_fixed_size_list().value(row).as_ref())
            }
            DataType::Map(..) => self.map(array, row),
            other => Err(format!("a column of the type {other} cannot be read")),
        }
    }

    /// Sixteen bytes: an identifier, or what they are as text.
    fn guid(&mut self, bytes: &[u8]) -> Done {
        if std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|c| !c.is_control())) {
            return self.bytes(bytes);
        }
        let mut text = String::new();
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push_str(&format!("{byte:02x}"));
        }
        self.quoted(&text)
    }

    fn date(&mut self, seconds: i64) -> Done {
        match DateTime::from_timestamp(seconds, 0) {
            Some(at) => self.quoted(&at.format("%Y-%m-%d").to_string()),
            None => self.plain(&seconds.to_string()),
        }
    }

    /// A time of the day in units of a second.
    fn time(&mut self, units: i64, each: i64, digits: usize) -> Done {
        let seconds = units.div_euclid(each);
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let fraction = fraction(units.rem_euclid(each), digits);
        self.quoted(&format!("{h:02}:{m:02}:{s:02}{fraction}"))
    }

    /// An instant in units of a second since 1970.
    fn instant(&mut self, units: i64, each: i64, digits: usize, zone: &str) -> Done {
        let Some(at) = DateTime::from_timestamp(units.div_euclid(each), 0) else {
            return self.plain(&units.to_string());
        };
        let fraction = fraction(units.rem_euclid(each), digits);
        let text = format!("{}{fraction}{zone}", at.format("%Y-%m-%dT%H:%M:%S"));
        self.quoted(&text)
    }
}

/// The fraction of a second, without noughts at its end.
fn fraction(units: i64, digits: usize) -> String {
    if units == 0 {
        return String::new();
    }
    let text = format!(".{units:0digits$}");
    text.trim_end_matches('0').to_owned()
}

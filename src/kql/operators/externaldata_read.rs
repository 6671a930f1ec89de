//! The forms of files that `externaldata` and watchlists read.

use crate::kql::plan::Schema;
use crate::kql::run::convert;
use crate::value::{Type, Value, cells};
use serde_json::Value as Json;
use std::io::Read;
use std::sync::Arc;

/// Largest file after unpacking.
const MAX_BYTES: usize = 256 << 20;

/// A form of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Cells between a separator, quoted as RFC 4180 says.
    Separated(u8),
    /// JSON records, one behind the other or in an array.
    Json,
    /// A record is a line.
    Lines,
    /// The file is one record.
    Whole,
}

impl Form {
    /// The form of a name, in lower case.
    pub fn of(name: &str) -> Option<Form> {
        Some(match name {
            "csv" => Form::Separated(b','),
            "tsv" => Form::Separated(b'\t'),
            "psv" => Form::Separated(b'|'),
            "scsv" => Form::Separated(b';'),
            "sohsv" => Form::Separated(1),
            "json" | "multijson" => Form::Json,
            "txt" => Form::Lines,
            "raw" => Form::Whole,
            _ => return None,
        })
    }

    /// The form that an address ends in; CSV where it says nothing.
    pub fn of_address(address: &str) -> Form {
        let path = address.split(['?', ';', '#']).next().unwrap_or(address);
        let path = path.to_ascii_lowercase();
        let path = path.strip_suffix(".gz").unwrap_or(&path);
        path.rsplit_once('.')
            .and_then(|(_, end)| Form::of(end))
            .unwrap_or(Form::Separated(b','))
    }
}

/// A cell of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing there.
    Missing,
    /// Text of a file of cells.
    Text(String),
    /// A value of a JSON record.
    Json(Json),
}

/// Where a column comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Mapped {
    /// Nowhere.
    Nothing,
    /// The cell at a place.
    Ordinal(usize),
    /// A path into a JSON record.
    Path(Vec<String>),
}

/// Reads an `ingestionMapping`: for each column where it comes from.
///
/// # Errors
/// What is wrong with it, in words.
pub fn mapping(text: &str, schema: &Schema) -> Result<Vec<Mapped>, String> {
    let json: Json = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let list = json.as_array().ok_or("it is no JSON array")?;
    let mut mapped = vec![Mapped::Nothing; schema.len()];
    for item in list {
        let get = |names: [&str; 2]| {
            let own = names.iter().find_map(|n| item.get(*n));
            own.or_else(|| {
                let properties = item.get("Properties").or_else(|| item.get("properties"))?;
                names.iter().find_map(|n| properties.get(*n))
            })
        };
        let column = get(["Column", "column"])
            .or_else(|| get(["Name", "name"]))
            .and_then(Json::as_str)
            .ok_or("an entry names no column")?;
        let at = schema
            .iter()
            .position(|(n, _)| n == column)
            .ok_or_else(|| format!("there is no column `{column}`"))?;
        if get(["Transform", "transform"]).is_some_and(|t| t.as_str() != Some("None")) {
            return Err(format!("the transformation of `{column}` is not supported"));
        }
        let from = if let Some(path) = get(["Path", "path"]).and_then(Json::as_str) {
            Mapped::Path(
                path_of(path).ok_or_else(|| format!("the path `{path}` is not supported"))?,
            )
        } else if let Some(ordinal) = get(["Ordinal", "ordinal"]) {
            let number = ordinal
                .as_u64()
                .or_else(|| ordinal.as_str().and_then(|s| s.parse().ok()))
                .and_then(|n| usize::try_from(n).ok());
            Mapped::Ordinal(number.ok_or("an ordinal is no number")?)
        } else {
            return Err(format!("`{column}` has neither a path nor an ordinal"));
        };
        if let Some(slot) = mapped.get_mut(at) {
            *slot = from;
        }
    }
    Ok(mapped)
}

/// `$.a.b`, `$['a']['b']`; `$` alone is the record.
fn path_of(path: &str) -> Option<Vec<String>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix("['").or_else(|| rest.strip_prefix("[\"")) {
            let end = inner.find(['\'', '"'])?;
            steps.push(inner.get(..end)?.to_owned());
            rest = inner.get(end + 1..)?.strip_prefix(']')?;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let end = inner.find(']')?;
            let number = inner.get(..end)?;
            number.parse::<usize>().ok()?;
            steps.push(number.to_owned());
            rest = inner.get(end + 1..)?;
        } else {
            let inner = rest.strip_prefix('.')?;
            let end = inner.find(['.', '[']).unwrap_or(inner.len());
            let step = inner.get(..end).filter(|s| !s.is_empty())?;
            steps.push(step.to_owned());
            rest = inner.get(end..)?;
        }
    }
    Some(steps)
}

fn follow<'a>(json: &'a Json, path: &[String]) -> Option<&'a Json> {
    let mut at = json;
    for step in path {
        at = match at {
            Json::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            other => other.get(step)?,
        };
    }
    Some(at)
}

/// The records of a file, each with a cell a column.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn records(
    bytes: &[u8],
    form: Form,
    skip_first: bool,
    schema: &Schema,
    mapping: Option<&[Mapped]>,
    limit: usize,
) -> Result<Vec<Vec<Cell>>, String> {
    let text = text(bytes)?;
    let mut rows = match form {
        Form::Json => json_records(&text, schema, mapping, limit)?,
        Form::Whole => vec![vec![Cell::Text(text)]],
        Form::Lines => text
            .lines()
            .map(|l| vec![Cell::Text(l.to_owned())])
            .collect(),
        Form::Separated(by) => separated(&text, by, schema, mapping, limit)?,
    };
    if skip_first && !rows.is_empty() {
        rows.remove(0);
    }
    Ok(rows)
}

/// The text of a file, unpacked, without a byte order mark.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn text(bytes: &[u8]) -> Result<String, String> {
    let unpacked;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut out = Vec::new();
        let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(MAX_BYTES as u64 + 1);
        reader.read_to_end(&mut out).map_err(|e| e.to_string())?;
        unpacked = out;
        unpacked.as_slice()
    } else if bytes.starts_with(b"PK\x03\x04") {
        return Err("it is a ZIP archive; unpack it first".to_owned());
    } else {
        bytes
    };
    if bytes.len() > MAX_BYTES {
        return Err(format!("it is larger than {} MB", MAX_BYTES >> 20));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The records of a file of cells.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn cells(text: &str, by: u8, limit: usize) -> Result<Vec<Vec<String>>, String> {
    let mut rows = Vec::new();
    for record in cells::records(text, by) {
        let record = record.map_err(|line| format!("a quote is not closed, in line {line}"))?;
        rows.push(record.cells);
        if rows.len() > limit {
            return Err(format!("it has more than {limit} records"));
        }
    }
    Ok(rows)
}

fn separated(
    text: &str,
    by: u8,
    schema: &Schema,
    mapping: Option<&[Mapped]>,
    limit: usize,
) -> Result<Vec<Vec<Cell>>, String> {
    let rows = cells(text, by, limit)?;
    let pick = |row: &[String], column: usize| -> Cell {
        let at = match mapping.map(|m| m.get(column)) {
            None => Some(column),
            Some(Some(Mapped::Ordinal(at))) => Some(*at),
            Some(_) => None,
        };
        match at.and_then(|at| row.get(at)) {
            Some(text) => Cell::Text(text.clone()),
            None => Cell::Missing,
        }
    };
    Ok(rows
        .iter()
        .map(|row| (0..schema.len()).map(|c| pick(row, c)).collect())
        .collect())
}

fn json_records(
    text: &str,
    schema: &Schema,
    mapping: Option<&[Mapped]>,
    limit: usize,
) -> Result<Vec<Vec<Cell>>, String> {
    let mut rows = Vec::new();
    let mut add = |record: &Json| -> Result<(), String> {
        let cells = schema.iter().enumerate().map(|(at, (name, _))| {
            let found = match mapping.map(|m| m.get(at)) {
                None => record.get(name),
                Some(Some(Mapped::Path(path))) => follow(record, path),
                Some(_) => None,
            };
            found.map_or(Cell::Missing, |json| Cell::Json(json.clone()))
        });
        rows.push(cells.collect());
        if rows.len() > limit {
            return Err(format!("it has more than {limit} records"));
        }
        Ok(())
    };
    for value in serde_json::Deserializer::from_str(text).into_iter::<Json>() {
        match value.map_err(|e| e.to_string())? {
            Json::Array(items) => {
                for item in &items {
                    add(item)?;
                }
            }
            one => add(&one)?,
        }
    }
    Ok(rows)
}

/// A cell as a value of a column.
pub fn cell(cell: &Cell, ty: Type) -> Value {
    match cell {
        Cell::Missing | Cell::Json(Json::Null) => Value::Null,
        Cell::Text(text) if text.is_empty() => Value::Null,
        Cell::Text(text) if ty == Type::Dynamic => {
            let json = serde_json::from_str(text).unwrap_or_else(|_| Json::from(text.as_str()));
            convert::convert(&Value::Dynamic(Arc::new(json)), ty)
        }
        Cell::Text(text) => convert::convert(&Value::String(Arc::from(text.as_str())), ty),
        Cell::Json(json) => convert::convert(&Value::Dynamic(Arc::new(json.clone())), ty),
    }
}

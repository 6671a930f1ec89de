//! The tables a check knows. Others may exist elsewhere, so they are no errors.

use crate::kql::{Catalog, Late, Watchlist};
use crate::logs::Beside;
use crate::value::cells::{self, Record};
use crate::value::{Table, Type};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Columns that every table of a workspace has.
const STANDARD: [(&str, Type); 3] = [
    ("TimeGenerated", Type::DateTime),
    ("TenantId", Type::String),
    ("Type", Type::String),
];

/// A table whose columns depend on the resources that write into it: no list of them is whole.
const OF_ANY_COLUMNS: &str = "AzureDiagnostics";

/// Tables of which only names and columns are known, on top of a catalog.
pub struct Schemas<'a> {
    inner: &'a dyn Catalog,
    tables: HashMap<String, Vec<(String, Type)>>,
}

impl<'a> Schemas<'a> {
    /// A catalog with no further table yet.
    pub fn new(inner: &'a dyn Catalog) -> Self {
        Self {
            inner,
            tables: HashMap::new(),
        }
    }

    /// Adds tables; one of the same name in the catalog beneath keeps its columns. The columns that every table of a
    /// workspace has are added where a schema leaves them out.
    pub fn add(&mut self, tables: impl IntoIterator<Item = (String, Vec<(String, Type)>)>) {
        for (name, mut columns) in tables {
            for (standard, ty) in STANDARD {
                if !columns.iter().any(|(column, _)| column == standard) {
                    columns.push((standard.to_owned(), ty));
                }
            }
            self.tables.insert(name, columns);
        }
    }
}

impl Catalog for Schemas<'_> {
    fn table_names(&self) -> Vec<String> {
        let mut names = self.inner.table_names();
        names.extend(self.tables.keys().cloned());
        names.sort();
        names.dedup();
        names
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        self.inner
            .schema(table)
            .or_else(|| self.tables.get(table).cloned())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.inner.table(table)
    }

    fn late(&self, table: &str) -> Option<(Arc<dyn Late>, Option<crate::kql::run::frame::Rows>)> {
        self.inner.late(table)
    }
}

/// A table's name and columns.
pub type Schema = (String, Vec<(String, Type)>);

/// Reads the columns of tables from CSV with the headings TableName, ColumnName and ColumnType, in any order and case
/// and with or without `_`; other columns are passed over. What `getschema` answers has no TableName: it is of the table
/// `of`, where that is known.
///
/// # Errors
/// What is wrong and on which line.
pub fn read_schemas(bytes: &[u8], of: Option<&str>) -> Result<Vec<Schema>, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|_| "it cannot be read as CSV: it is not UTF-8".to_owned())?;
    let mut records = cells::records(text, b',');
    let open = |line: usize| {
        format!("it cannot be read as CSV: a quote is opened on line {line} and never closed")
    };
    let plain = |name: &str| name.trim().replace(['_', ' '], "").to_ascii_lowercase();
    let headings = records.next().transpose().map_err(open)?;
    let headings = headings.map_or(Vec::new(), |record| record.cells);
    let headings: Vec<String> = headings.iter().map(|name| plain(name)).collect();
    let place = |names: &[&str]| {
        let heading = |name: &&str| headings.iter().position(|h| h.as_str() == *name);
        names.iter().find_map(heading).ok_or_else(|| {
            "its first line has to name the columns TableName, ColumnName and ColumnType".to_owned()
        })
    };
    let table = match (place(&["tablename", "table"]), of) {
        (Err(_), Some(_)) => None,
        (table, _) => Some(table?),
    };
    let column = place(&["columnname", "column"])?;
    let kind = place(&["columntype", "type", "datatype"])?;
    let mut tables: Vec<Schema> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for record in records {
        let Record { line, cells } = record.map_err(open)?;
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let name = cell(kind);
        let Some(ty) = type_of(name) else {
            return Err(format!(
                "line {line} has the type `{name}`, which KQL does not have"
            ));
        };
        let table = table.map_or(of.unwrap_or(""), cell);
        let column = cell(column);
        if table.is_empty() || column.is_empty() {
            return Err(format!("line {line} names no table or no column"));
        }
        let at = *places.entry(table.to_owned()).or_insert_with(|| {
            tables.push((table.to_owned(), Vec::new()));
            tables.len() - 1
        });
        if let Some((_, columns)) = tables.get_mut(at)
            && !columns.iter().any(|(known, _)| known == column)
        {
            columns.push((column.to_owned(), ty));
        }
    }
    Ok(tables)
}

/// A type by its name in KQL or in .NET.
fn type_of(name: &str) -> Option<Type> {
    let plain = name.strip_prefix("System.").unwrap_or(name);
    match plain.to_ascii_lowercase().as_str() {
        "sbyte" => Some(Type::Bool),
        "single" | "float" => Some(Type::Real),
        "text" => Some(Type::String),
        "timestamp" => Some(Type::DateTime),
        "json" => Some(Type::Dynamic),
        _ => Type::from_name(plain),
    }
}

/// What a rule's query can name: the known tables, the watchlists beside the rule, and what may be elsewhere.
pub(super) struct Known<'a> {
    beside: Beside<'a>,
}

impl<'a> Known<'a> {
    pub(super) fn new(path: &Path, tables: &'a dyn Catalog) -> Self {
        Self {
            beside: Beside::new(path, tables),
        }
    }
}

impl Catalog for Known<'_> {
    fn table_names(&self) -> Vec<String> {
        let mut names = self.beside.table_names();
        names.retain(|name| name != OF_ANY_COLUMNS);
        names
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        (table != OF_ANY_COLUMNS).then(|| self.beside.schema(table))?
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.beside.table(table)
    }

    fn watchlist_names(&self) -> Vec<String> {
        self.beside.watchlist_names()
    }

    fn watchlist(&self, alias: &str) -> Option<Result<Watchlist, String>> {
        self.beside.watchlist(alias)
    }

    fn more_elsewhere(&self) -> bool {
        true
    }
}

//! The tables a check knows. Others may exist elsewhere, so they are no errors.

use crate::kql::{Catalog, Late, Watchlist};
use crate::logs::Beside;
use crate::value::{Table, Type};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

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

    /// Adds tables; one of the same name in the catalog beneath keeps its columns.
    pub fn add(&mut self, tables: impl IntoIterator<Item = (String, Vec<(String, Type)>)>) {
        self.tables.extend(tables);
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
        self.beside.table_names()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        self.beside.schema(table)
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

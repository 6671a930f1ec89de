//! What a connector file says, read and checked.

use super::conditions::Conditions;
use crate::kql::Prepared;
use crate::kql::plan::{Origin, Origins};
use crate::value::Type;
use std::sync::Arc;

/// A kind of raw event and its tables.
#[derive(Debug)]
pub(in crate::logs) struct Connector {
    /// A number for the text of its file.
    pub print: u64,
    /// Its name, such as `openai-audit`.
    pub id: String,
    /// What its events are, for people.
    pub title: String,
    /// Panther's log type of the same events.
    pub log_type: Option<String>,
    /// The lists of texts that Panther adds to such an event, and the paths of the texts.
    pub indicators: Vec<(String, Arc<Vec<Vec<String>>>)>,
    /// The member whose text is the log type of each event; log types that another connector has are not its own.
    pub log_type_of: Option<String>,
    /// Which records it takes.
    pub recognise: Conditions,
    /// Records that look like its events and are none, and what is said of them.
    pub near_misses: Vec<(Conditions, String)>,
    /// What is read of a record.
    pub inputs: Vec<Input>,
    /// The index of the input that is the event's time.
    pub time: Option<usize>,
    /// Whether the time is in unix seconds, so that anything else is worth a remark.
    pub in_seconds: bool,
    /// Its tables. The first is filled while loading, the others when they are first asked for.
    pub tables: Vec<TableDef>,
}

impl Connector {
    /// The name of its first table.
    pub fn table(&self) -> &str {
        let names = self.tables.first().and_then(|t| t.names.first());
        names.map_or("", String::as_str)
    }
}

impl Connector {
    /// What tells which records its first table leaves out, where it leaves out any.
    pub fn sieve(&self) -> Option<&Sieve> {
        self.tables.first()?.sieve.as_ref()
    }

    /// Whether its first table can be made column by column when columns are asked for, all that is needed before
    /// (the time, the record's own identifier) being read of a record without the transform.
    pub fn is_late(&self) -> bool {
        let Some(table) = self.tables.first() else {
            return false;
        };
        let passes = |name: &Option<String>| table.input(name.as_ref()?);
        let named = |at: &usize| {
            let input = self.inputs.get(*at);
            input.is_some_and(|i| matches!(i.from, Member::Named(_)))
        };
        let id = passes(&table.id).filter(named);
        let is_text = |at: usize| self.inputs.get(at).is_some_and(|i| i.ty == Type::String);
        let origins = table.origins.as_ref();
        origins.is_some_and(|o| o.filter.is_none() || table.sieve.is_some())
            && self.time.filter(named).is_some()
            && passes(&table.time) == self.time
            && (table.id.is_none() || id.is_some_and(is_text))
    }

    /// The number of the input that is the record's own identifier.
    pub fn id_input(&self) -> Option<usize> {
        let table = self.tables.first()?;
        table.input(table.id.as_ref()?)
    }
}

impl TableDef {
    /// The number of the input that a column gives as it is.
    pub fn input(&self, column: &str) -> Option<usize> {
        let column = self.columns.iter().find(|c| c.name == column)?;
        match self.origins.as_ref()?.columns.get(column.from?)? {
            Origin::Same(input) => Some(*input),
            Origin::Of(_) => None,
        }
    }

    /// Whether every record gives a row, made of that record alone.
    pub fn is_whole(&self) -> bool {
        let origins = self.origins.as_ref();
        origins.is_some_and(|origins| origins.filter.is_none())
    }
}

/// A column of `source`, read from a record.
#[derive(Debug)]
pub(in crate::logs) struct Input {
    /// The column's name in the transform.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The member of the record.
    pub from: Member,
}

/// A member of a record.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::logs) enum Member {
    /// The one of this name.
    Named(String),
    /// The one named like the text of this member, with dots or with underscores in their place.
    NamedBy(String),
    /// The record itself.
    Whole,
}

/// A table that a connector fills.
#[derive(Debug)]
pub(in crate::logs) struct TableDef {
    /// Its name as rules use it, then its aliases.
    pub names: Vec<String>,
    /// The column that holds the record's own identifier.
    pub id: Option<String>,
    /// The column of the event's time.
    pub time: Option<String>,
    /// Columns that may differ between two files' rows of the same event.
    pub not_compared: Vec<String>,
    /// How long after its time a row arrives on the platform, ticks.
    pub ingestion_delay: Option<i64>,
    /// What turns rows of `source` into rows of the table.
    pub transform: Prepared,
    /// Where the transform's rows come from in `source`; none where it does not make each row of one record.
    pub origins: Option<Origins>,
    /// What tells the records that the transform leaves out; none where that cannot be told of each by itself, or where
    /// it leaves out none.
    pub sieve: Option<Sieve>,
    /// Its columns.
    pub columns: Vec<ColumnDef>,
}

/// Tells which records a transform makes rows of, without making the rows.
#[derive(Debug)]
pub(in crate::logs) struct Sieve {
    /// The inputs that it looks at, by number.
    pub inputs: Vec<usize>,
    /// The transform without its columns.
    pub rows: Prepared,
}

impl Sieve {
    /// That of a transform.
    pub fn of(transform: &Prepared, origins: Option<&Origins>) -> Option<Self> {
        let inputs = origins?.filter.as_ref()?;
        Some(Self {
            inputs: inputs.iter().copied().collect(),
            rows: transform.rows_only()?,
        })
    }
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(in crate::logs) struct ColumnDef {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The text that every row has: what the platform fills in by itself.
    pub value: Option<String>,
    /// The transform's column; none where it gives none and the column stands empty.
    pub from: Option<usize>,
}

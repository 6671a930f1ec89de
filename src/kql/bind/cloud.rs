//! Functions of the workspace: watchlists, and those that only the cloud has.

use super::{Binder, Bound, Row, names};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::operators::externaldata_read as read;
use crate::kql::plan::{Expr, Operator, Plan, Schema, Source};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree;
use crate::value::cells::{self, Record};
use crate::value::{Column, ColumnBuilder, Type, Value};
use std::sync::Arc;

/// Columns that every watchlist has before its own: the platform's number of the item (made up here), when
/// it was changed (not known here: null), and the value of the key column.
const ITEM: [(&str, Type); 3] = [
    ("_DTItemId", Type::String),
    ("LastUpdatedTimeUTC", Type::DateTime),
    (SEARCH_KEY, Type::String),
];

const SEARCH_KEY: &str = "SearchKey";

/// Functions that live in the cloud, and where.
const CLOUD: [(&str, &str); 12] = [
    ("FileProfile", "Microsoft Defender XDR"),
    ("DeviceFromIP", "Microsoft Defender XDR"),
    ("SeenBy", "Microsoft Defender XDR"),
    ("AADSignIn", "the workspace"),
    ("AssignedIPAddresses", "Microsoft Defender XDR"),
    ("arg", "Azure Resource Graph"),
    ("adx", "Azure Data Explorer"),
    ("app", "Application Insights"),
    ("workspace", "another workspace"),
    ("cluster", "another cluster"),
    ("database", "another database"),
    ("external_table", "the cluster"),
];

/// Rows that are there already, or the reason why there are none.
#[derive(Debug)]
struct Ready {
    columns: Result<Vec<Column>, Box<Diagnostic>>,
    rows: usize,
}

impl Operator for Ready {
    fn run(&self, _: Frame, _: &Runtime) -> Result<Frame, Stop> {
        match &self.columns {
            Ok(columns) => Ok(Frame::of_columns(columns.clone(), self.rows)),
            Err(why) => Err(Stop::Failed(why.clone())),
        }
    }
}

/// Whether a name is that of a function which only the cloud has; where it lives.
pub(super) fn home(name: &str) -> Option<&'static str> {
    if let Some((_, home)) = CLOUD.iter().find(|(n, _)| *n == name) {
        return Some(home);
    }
    // The parsers of ASIM: `_Im_Dns`, `_ASim_Dns`, `imDns`, `ASimDns`, `vimDnsInfoblox`.
    let upper =
        |rest: Option<&str>| rest.is_some_and(|r| r.starts_with(|c: char| c.is_ascii_uppercase()));
    let parser = name.starts_with("_Im_")
        || name.starts_with("_ASim_")
        || ["im", "ASim", "vim"]
            .iter()
            .any(|p| upper(name.strip_prefix(p)));
    parser.then_some("the workspace (a parser of ASIM)")
}

impl Binder<'_> {
    /// A call of such a function; none for all others.
    pub(super) fn cloud_call(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Option<Bound> {
        match (name.text.as_str(), arguments) {
            ("_GetWatchlist" | "_GetWatchlistItems", [alias, ..]) => {
                return Some(self.watchlist(&alias.value, span));
            }
            ("_GetWatchlistAlias", []) => return Some(Bound::Table(self.watchlist_aliases(span))),
            _ => {}
        }
        let home = home(&name.text)?;
        for argument in arguments {
            self.bind(&argument.value, row);
        }
        Some(self.in_cloud(&name.text, name.span, home))
    }

    /// Tells that a function lives in the cloud.
    pub(super) fn in_cloud(&mut self, name: &str, at: Span, home: &str) -> Bound {
        if self.catalog.more_elsewhere() {
            return Bound::Table(self.taken_for_elsewhere(name, at, false));
        }
        let message = format!("The function `{name}` lives in {home}, not in the query");
        let hint = format!("Define it in the query: `let {name} = (…) {{ … }};`");
        self.told(Diagnostic::error("KQL-cloud", at, message).with_hint(hint));
        Bound::Scalar(Expr::error(at))
    }

    fn watchlist(&mut self, alias: &tree::Expr, span: Span) -> Bound {
        let value = self.scalar(alias, Row::NONE);
        let text = match (names::constant(&value), value.ty) {
            (Some(Value::String(text)), _) => text,
            (_, None) => return Bound::Table(self.nothing(span)),
            _ => {
                let message = "The alias of a watchlist is a string written out";
                self.error("KQL129", alias.span, message);
                return Bound::Table(self.nothing(span));
            }
        };
        let mut schema: Schema = ITEM.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect();
        let (columns, open) = match self.catalog.watchlist(&text) {
            Some(Ok(list)) => match items(&list, &text, &mut schema) {
                Ok((columns, rows)) => {
                    return Bound::Table(self.ready(schema, Ok(columns), rows, false, span));
                }
                Err(why) => {
                    let message = format!("The watchlist `{text}` cannot be read: {why}");
                    self.error("KQL-watchlist", alias.span, message);
                    return Bound::Table(self.nothing(span));
                }
            },
            Some(Err(why)) => {
                let message = format!("The watchlist `{text}` cannot be read: {why}");
                (
                    Diagnostic::error("KQL-watchlist", alias.span, message),
                    true,
                )
            }
            None => {
                let message = format!("The watchlist `{text}` is not there");
                let hint =
                    format!("Add it to the workspace as a CSV file: `watchlists/{text}.csv`");
                let missing = Diagnostic::error("KQL-watchlist", alias.span, message);
                (missing.with_hint(hint), true)
            }
        };
        let mut warning = columns.clone();
        warning.severity = crate::diagnostic::Severity::Warning;
        self.told(warning);
        self.guess_from(span);
        Bound::Table(self.ready(schema, Err(Box::new(columns)), 0, open, span))
    }

    pub(super) fn watchlist_aliases(&mut self, span: Span) -> Arc<Plan> {
        let mut builder = ColumnBuilder::new(Type::String);
        let names = self.catalog.watchlist_names();
        for name in &names {
            builder.push_text(name);
        }
        let schema = vec![("WatchlistAlias".to_owned(), Type::String)];
        self.ready(schema, Ok(vec![builder.finish()]), names.len(), false, span)
    }

    fn ready(
        &mut self,
        schema: Schema,
        columns: Result<Vec<Column>, Box<Diagnostic>>,
        rows: usize,
        open: bool,
        span: Span,
    ) -> Arc<Plan> {
        Arc::new(Plan {
            id: self.id(),
            source: Source::Operator(Box::new(Ready { columns, rows })),
            alias: None,
            span,
            steps: Vec::new(),
            schema,
            serialized: false,
            open,
        })
    }
}

/// The columns of a watchlist: all its cells are text. One with a `SearchKey` of its own has it as it is.
fn items(
    list: &crate::kql::Watchlist,
    alias: &str,
    schema: &mut Schema,
) -> Result<(Vec<Column>, usize), String> {
    const MOST: usize = 10_000_000;
    is_text(&list.csv)?;
    let text = read::text(&list.csv)?;
    let mut rows = cells::records(&text, b',').map(|record| {
        record.map_err(|line| format!("a quote that is opened on line {line} is never closed"))
    });
    let Some(header) = rows.next() else {
        return Err("it is empty; its first record names the columns".to_owned());
    };
    let header = header?.cells;
    let header: Vec<String> = header.iter().map(|n| n.trim().to_owned()).collect();
    if let [one] = header.as_slice()
        && one.contains([';', '\t', '|'])
    {
        return Err(format!(
            "its first line names one column, `{one}`: separate columns by commas"
        ));
    }
    let own = header.iter().position(|n| n == SEARCH_KEY);
    let key = match (own, &list.search_key) {
        (Some(own), _) => own,
        (None, None) => 0,
        (None, Some(wanted)) => header
            .iter()
            .position(|n| n == wanted)
            .ok_or_else(|| format!("it has no column `{wanted}`, which is its key"))?,
    };
    let mut places = Vec::new();
    for (at, name) in header.iter().enumerate().filter(|(at, _)| Some(*at) != own) {
        if name.is_empty() {
            return Err(format!("its column {} has no name", at + 1));
        }
        if schema.iter().any(|(n, _)| n == name) {
            return Err(match ITEM.iter().any(|(item, _)| item == name) {
                true => format!(
                    "a column of it is named `{name}`, which every watchlist has from the platform"
                ),
                false => format!("two columns of it are named `{name}`"),
            });
        }
        schema.push((name.clone(), Type::String));
        places.push(at);
    }
    let mut builders: Vec<ColumnBuilder> =
        schema.iter().map(|(_, t)| ColumnBuilder::new(*t)).collect();
    let mut count = 0usize;
    for row in rows {
        let Record { line, cells: row } = row?;
        let beyond = row.get(header.len()..).unwrap_or_default();
        if beyond.iter().any(|cell| !cell.trim().is_empty()) {
            return Err(format!(
                "line {line} has {} cells, the first line names {} columns",
                row.len(),
                header.len()
            ));
        }
        if count == MOST {
            return Err(format!("it has more than {MOST} records"));
        }
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        count += 1;
        for (at, builder) in builders.iter_mut().enumerate() {
            match at.checked_sub(ITEM.len()) {
                None if at == 0 => builder.push_text(&format!("{alias}-{count}")),
                None if at == 1 => builder.push_null(),
                None => builder.push_text(cell(key)),
                Some(own) => builder.push_text(places.get(own).map_or("", |at| cell(*at))),
            }
        }
    }
    let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
    Ok((columns, count))
}

/// Sees to it that a file is UTF-8, or packed.
///
/// # Errors
/// What it is, or the line that is not.
fn is_text(bytes: &[u8]) -> Result<(), String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16: save it as UTF-8".to_owned());
    }
    let packed = bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK");
    match std::str::from_utf8(bytes) {
        Err(wrong) if !packed => {
            let before = bytes.get(..wrong.valid_up_to()).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            Err(format!("line {line} is not UTF-8: save it as UTF-8"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(csv: impl Into<Vec<u8>>) -> String {
        let list = crate::kql::Watchlist {
            csv: csv.into(),
            search_key: None,
        };
        items(&list, "list", &mut Vec::new()).unwrap_err()
    }

    #[test]
    fn what_is_no_csv_is_told_with_its_line() {
        for (csv, says) in [
            (&b"User,Name\nu1,a\nu2,b,c\n"[..], "line 3 has 3 cells"),
            (b"\xff\xfeU\0", "UTF-16"),
            (b"User,Name\nu1,\xff\n", "line 2 is not UTF-8"),
            (b"User;Name\nu1;a\n", "separate columns by commas"),
            (b"User,Name\n\"u1,a\n", "line 2 is never closed"),
            (b"User,User\n", "two columns of it are named `User`"),
            (b"User,\n", "its column 2 has no name"),
            (b"", "it is empty"),
        ] {
            let told = wrong(csv);
            assert!(told.contains(says), "{told}, not {says}");
        }
    }
}

//! Functions of the workspace: watchlists, and those that only the cloud has.

use super::{Binder, Bound, Row, names};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::operators::externaldata_read as read;
use crate::kql::plan::{Expr, Operator, Plan, Schema, Source};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree;
use crate::value::{Column, ColumnBuilder, Type, Value};
use std::sync::Arc;

/// Columns that every watchlist has before its own: the platform's number of the item (made up here), when
/// it was changed (not known here: null), and the value of the key column.
const ITEM: [(&str, Type); 3] = [
    ("_DTItemId", Type::String),
    ("LastUpdatedTimeUTC", Type::DateTime),
    ("SearchKey", Type::String),
];

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

/// The columns of a watchlist: all its cells are text.
fn items(
    list: &crate::kql::Watchlist,
    alias: &str,
    schema: &mut Schema,
) -> Result<(Vec<Column>, usize), String> {
    let text = read::text(&list.csv)?;
    let mut rows = read::cells(&text, b',', 10_000_000)?.into_iter();
    let Some(header) = rows.next() else {
        return Err("it is empty; its first record names the columns".to_owned());
    };
    let header: Vec<String> = header.iter().map(|n| n.trim().to_owned()).collect();
    let key = match &list.search_key {
        None => 0,
        Some(wanted) => header
            .iter()
            .position(|n| n == wanted)
            .ok_or_else(|| format!("it has no column `{wanted}`, which is its key"))?,
    };
    for name in &header {
        if name.is_empty() || schema.iter().any(|(n, _)| n == name) {
            return Err(format!(
                "a column cannot be named `{name}`, or is there twice"
            ));
        }
        schema.push((name.clone(), Type::String));
    }
    let mut builders: Vec<ColumnBuilder> =
        schema.iter().map(|(_, t)| ColumnBuilder::new(*t)).collect();
    let mut count = 0usize;
    for row in rows {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        count += 1;
        for (at, builder) in builders.iter_mut().enumerate() {
            match at {
                0 => builder.push_text(&format!("{alias}-{count}")),
                1 => builder.push_null(),
                2 => builder.push_text(cell(key)),
                _ => builder.push_text(cell(at - ITEM.len())),
            }
        }
    }
    let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
    Ok((columns, count))
}

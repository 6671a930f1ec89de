//! Reads a connector file. `assets/connectors/README.md` describes its keys.

use super::conditions::{Conditions, Is, Test};
use super::definition::{ColumnDef, Connector, Input, Member, Sieve, TableDef};
use super::reader::{Path, Reader, join};
use super::transform;
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::syntax::literal;
use crate::value::Type;
use crate::yaml::{Document, Step};
use serde_yaml::Value;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The types of inputs; what else a record holds is made of these by the transform.
const INPUT_TYPES: [Type; 7] = [
    Type::String,
    Type::Long,
    Type::Int,
    Type::Real,
    Type::Bool,
    Type::DateTime,
    Type::Dynamic,
];

/// Reads a file. What is wrong is in the diagnostics; with an error among them there is no connector.
pub(super) fn read(text: &str) -> (Option<Connector>, Vec<Diagnostic>) {
    let (document, diagnostics) = Document::parse(text);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let mut reader = Reader {
        document: &document,
        diagnostics,
    };
    let connector = if broken { None } else { reader.connector() };
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|d| d.span.map(|s| s.start));
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    let mut connector = connector.filter(|_| !failed);
    if let Some(connector) = &mut connector {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        connector.print = hasher.finish();
    }
    (connector, diagnostics)
}

impl Reader<'_> {
    fn connector(&mut self) -> Option<Connector> {
        const KEYS: [&str; 11] = [
            "id",
            "title",
            "log_type",
            "log_type_of",
            "indicators",
            "recognise",
            "near_misses",
            "input",
            "time",
            "time_unit",
            "tables",
        ];
        let top: Path = Vec::new();
        self.only(&top, "a connector", &KEYS);
        let id = self.needed(&top, "id", "name the connector, such as `id: my-firewall`");
        let title = self.needed(&top, "title", "say in one line what the events are");
        let log_type = self.text(&join(&top, "log_type"));
        let log_type_of = self.text(&join(&top, "log_type_of"));
        let at = join(&top, "recognise");
        let recognise = self.conditions(&at);
        if recognise.0.is_empty() && self.document.get(&at).is_none() {
            self.wrong(
                "missing",
                &at,
                "`recognise` is missing",
                "say which records the connector takes",
            );
        }
        let indicators = self.indicators(&join(&top, "indicators"));
        let mut near_misses = Vec::new();
        for item in self.items(&join(&top, "near_misses"), "`near_misses`") {
            self.only(&item, "a near miss", &["say", "when"]);
            let when = self.conditions(&join(&item, "when"));
            if let Some(say) = self.needed(&item, "say", "what a record like this lacks") {
                near_misses.push((when, say));
            }
        }
        let inputs = self.inputs();
        let time = self.event_time(&inputs);
        let at = join(&top, "time_unit");
        let unit = self.text(&at);
        if unit.as_ref().is_some_and(|unit| unit != "seconds") {
            let hint = "write `seconds`, or leave it out: units are told by their size";
            self.wrong(
                "value",
                &at,
                "the unit of the time can only be `seconds`",
                hint,
            );
        }
        let mut tables = Vec::new();
        let list = self.items(&join(&top, "tables"), "`tables`");
        if list.is_empty() {
            let at = join(&top, "tables");
            self.wrong(
                "missing",
                &at,
                "`tables` is missing or empty",
                "give at least one table with `name`, `transform` and `columns`",
            );
        }
        for item in list {
            tables.extend(self.table(&item, &inputs));
        }
        self.repeated_names(&tables);
        Some(Connector {
            print: 0,
            id: id?,
            title: title?,
            log_type,
            indicators,
            log_type_of,
            recognise,
            near_misses,
            inputs,
            time,
            in_seconds: unit.is_some(),
            tables,
        })
    }

    /// Panther's own lists of an event's texts, such as `p_any_emails: [actor.session.user.email]`.
    fn indicators(&mut self, path: &[Step]) -> Vec<(String, Arc<Vec<Vec<String>>>)> {
        let mut found = Vec::new();
        for (name, at) in self.entries(path, "`indicators`") {
            if !name.starts_with("p_any_") {
                let message = format!("`{name}` is no indicator field");
                self.wrong("type", &at, message, "their names begin with `p_any_`");
                continue;
            }
            let paths = self.texts(&at);
            let keys = |path: &String| path.split('.').map(str::to_owned).collect();
            found.push((name, Arc::new(paths.iter().map(keys).collect())));
        }
        found
    }

    fn repeated_names(&mut self, tables: &[TableDef]) {
        let mut names: Vec<&String> = tables.iter().flat_map(|t| &t.names).collect();
        names.sort();
        let twice = names.windows(2).find_map(|pair| match pair {
            [a, b] if a == b => Some((*a).clone()),
            _ => None,
        });
        if let Some(name) = twice {
            let at = [Step::from("tables")];
            self.wrong(
                "conflict",
                &at,
                format!("two tables have the name `{name}`"),
                "every name and alias is used once",
            );
        }
    }

    fn conditions(&mut self, path: &[Step]) -> Conditions {
        let mut all = Vec::new();
        for item in self.items(path, "a list of alternatives") {
            let mut tests = Vec::new();
            for (member, at) in self.entries(&item, "an alternative") {
                self.only(&at, "a test", &["is", "not", "equals"]);
                let mut test = Test {
                    member,
                    ..Test::default()
                };
                test.is = self.kinds(&join(&at, "is"));
                test.not = self.kinds(&join(&at, "not"));
                test.equals = self.texts(&join(&at, "equals"));
                let says = |key: &str| self.value(&join(&at, key)).is_some();
                if !["is", "not", "equals"].into_iter().any(says) {
                    self.wrong(
                        "missing",
                        &at,
                        "this test says nothing",
                        "use `is`, `not` or `equals`",
                    );
                }
                tests.push(test);
            }
            if tests.is_empty() {
                self.wrong(
                    "missing",
                    &item,
                    "an alternative without a test would take every record",
                    "name a member and what it must be",
                );
            } else {
                all.push(tests);
            }
        }
        Conditions(all)
    }

    /// A text or a list of them.
    fn texts(&mut self, path: &[Step]) -> Vec<String> {
        match self.value(path) {
            Some(Value::Sequence(items)) => {
                let paths = (0..items.len()).map(|i| join(path, i));
                paths
                    .collect::<Vec<_>>()
                    .iter()
                    .filter_map(|p| self.text(p))
                    .collect()
            }
            _ => self.text(path).into_iter().collect(),
        }
    }

    fn kinds(&mut self, path: &[Step]) -> Vec<Is> {
        let mut kinds = Vec::new();
        for word in self.texts(path) {
            match Is::WORDS.iter().find(|(name, _)| *name == word) {
                Some((_, is)) => kinds.push(*is),
                None => {
                    let known: Vec<&str> = Is::WORDS.iter().map(|(name, _)| *name).collect();
                    let hint = format!("use one of {}", known.join(", "));
                    self.wrong("value", path, format!("a member cannot be `{word}`"), &hint);
                }
            }
        }
        kinds
    }

    fn inputs(&mut self) -> Vec<Input> {
        let path = [Step::from("input")];
        let mut inputs = Vec::new();
        for (name, at) in self.entries(&path, "`input`") {
            let mut from = Member::Named(name.clone());
            let mut type_at = at.clone();
            if matches!(self.value(&at), Some(Value::Mapping(_))) {
                self.only(&at, "an input", &["type", "from", "named_by", "whole"]);
                type_at = join(&at, "type");
                let named = self.text(&join(&at, "from")).map(Member::Named);
                let by = self.text(&join(&at, "named_by")).map(Member::NamedBy);
                from = by.or(named).unwrap_or(from);
                if self.value(&join(&at, "whole")) == Some(&Value::Bool(true)) {
                    from = Member::Whole;
                }
            }
            if let Some(ty) = self.ty(&type_at, &INPUT_TYPES) {
                inputs.push(Input { name, ty, from });
            }
        }
        if inputs.is_empty() && self.document.get(&path).is_none() {
            self.wrong(
                "missing",
                &path,
                "`input` is missing",
                "name the members that are read, such as `id: string`",
            );
        }
        inputs
    }

    fn ty(&mut self, path: &[Step], among: &[Type]) -> Option<Type> {
        let Some(text) = self.text(path) else {
            if self.value(path).is_none() {
                self.wrong("missing", path, "a type is missing", "such as `string`");
            }
            return None;
        };
        let ty = Type::from_name(&text).filter(|ty| among.contains(ty));
        if ty.is_none() {
            let known: Vec<&str> = among.iter().map(|t| t.name()).collect();
            let hint = format!("use one of {}", known.join(", "));
            self.wrong(
                "value",
                path,
                format!("`{text}` is no type that can stand here"),
                &hint,
            );
        }
        ty
    }

    fn event_time(&mut self, inputs: &[Input]) -> Option<usize> {
        let path = [Step::from("time")];
        let name = self.text(&path)?;
        let at = inputs
            .iter()
            .position(|i| i.name == name && i.ty == Type::DateTime);
        if at.is_none() {
            self.wrong(
                "value",
                &path,
                format!("`{name}` is no input of type datetime"),
                "name the input that is the event's time",
            );
        }
        at
    }

    fn table(&mut self, path: &[Step], inputs: &[Input]) -> Option<TableDef> {
        const KEYS: [&str; 8] = [
            "name",
            "aliases",
            "id",
            "not_compared",
            "time",
            "ingestion_delay",
            "transform",
            "columns",
        ];
        self.only(path, "a table", &KEYS);
        let mut names: Vec<String> = Vec::new();
        names.extend(self.needed(path, "name", "the name that rules use"));
        names.extend(self.texts(&join(path, "aliases")));
        let mut columns = self.columns(&join(path, "columns"));
        let id = self.column_named(&join(path, "id"), &columns, Type::String);
        let time = self.column_named(&join(path, "time"), &columns, Type::DateTime);
        let at = join(path, "not_compared");
        let not_compared = self.texts(&at);
        for name in &not_compared {
            if !columns.iter().any(|c| c.name == *name) {
                let message = format!("the table has no column `{name}`");
                self.wrong("value", &at, message, "name columns of this table");
            }
        }
        let ingestion_delay = self.delay(&join(path, "ingestion_delay"));
        let text = self.needed(path, "transform", "KQL that begins with `source`")?;
        let at = join(path, "transform");
        // Columns of a broken type are left out: the transform would be blamed for them.
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return None;
        }
        let transform = match transform::prepare(&text, inputs, &mut columns) {
            Ok(transform) => transform,
            Err(wrong) => {
                let place = self.span(&at);
                self.diagnostics.extend(wrong.into_iter().map(|mut d| {
                    let span = d.span.unwrap_or_default();
                    let map = |offset| self.document.offset_in_text(&at, offset);
                    d.span = match (map(span.start), map(span.end)) {
                        (Some(start), Some(end)) => Some(Span::new(start, end.max(start))),
                        _ => Some(place),
                    };
                    d
                }));
                return None;
            }
        };
        let origins = transform.origins();
        Some(TableDef {
            names,
            id,
            time,
            not_compared,
            ingestion_delay,
            sieve: Sieve::of(&transform, origins.as_ref()),
            origins,
            transform,
            columns,
        })
    }

    fn columns(&mut self, path: &[Step]) -> Vec<ColumnDef> {
        const ALL: [Type; 10] = [
            Type::String,
            Type::Long,
            Type::Int,
            Type::Real,
            Type::Bool,
            Type::DateTime,
            Type::TimeSpan,
            Type::Dynamic,
            Type::Guid,
            Type::Decimal,
        ];
        let mut columns = Vec::new();
        for (name, at) in self.entries(path, "`columns`") {
            let mut type_at = at.clone();
            let mut value = None;
            if matches!(self.value(&at), Some(Value::Mapping(_))) {
                self.only(&at, "a column", &["type", "value"]);
                type_at = join(&at, "type");
                value = self.text(&join(&at, "value"));
            }
            let Some(ty) = self.ty(&type_at, &ALL) else {
                continue;
            };
            if value.is_some() && ty != Type::String {
                self.wrong(
                    "type",
                    &at,
                    "only a string column can have a fixed `value`",
                    "set other columns in the transform",
                );
            }
            columns.push(ColumnDef {
                name,
                ty,
                value,
                from: None,
            });
        }
        if columns.is_empty() && self.document.get(path).is_none() {
            self.wrong(
                "missing",
                path,
                "`columns` is missing",
                "name the table's columns, such as `TimeGenerated: datetime`",
            );
        }
        columns
    }

    fn column_named(&mut self, path: &[Step], columns: &[ColumnDef], ty: Type) -> Option<String> {
        let name = self.text(path)?;
        if !columns.iter().any(|c| c.name == name && c.ty == ty) {
            self.wrong(
                "value",
                path,
                format!("`{name}` is no {ty} column of the table"),
                "name one of `columns`",
            );
        }
        Some(name)
    }

    fn delay(&mut self, path: &[Step]) -> Option<i64> {
        let text = self.text(path)?;
        let ticks = literal::timespan(text.trim()).filter(|ticks| *ticks >= 0);
        if ticks.is_none() {
            self.wrong(
                "value",
                path,
                format!("`{text}` is no duration"),
                "write it as in KQL, such as `5m`",
            );
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::LineIndex;

    const GOOD: &str = "\
id: door
title: A door
recognise:
  - kind: { equals: door }
input:
  kind: string
  at: datetime
  who: dynamic
time: at
tables:
  - name: Door
    id: Kind
    time: TimeGenerated
    ingestion_delay: 90s
    transform: |
      source
      | where kind != 'x'
      | project TimeGenerated = at, Kind = kind, Who = tostring(who.name)
    columns:
      TimeGenerated: datetime
      Kind: string
      Who: string
      Empty: long
";

    /// Code and place of what is wrong after a replacement.
    fn wrong(from: &str, to: &str) -> Vec<String> {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        let (connector, diagnostics) = read(&text);
        assert!(connector.is_none(), "{to}");
        let lines = LineIndex::new(&text);
        let shown = diagnostics.iter().map(|d| {
            let at = lines.position(d.span.expect("a place").start);
            format!("{}:{} {}", at.line, at.column, d.code)
        });
        shown.collect()
    }

    #[test]
    fn a_good_file_is_read() {
        let (connector, diagnostics) = read(GOOD);
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        let connector = connector.expect("a connector");
        assert_eq!(connector.table(), "Door");
        let table = &connector.tables[0];
        assert_eq!(table.ingestion_delay, Some(900_000_000));
        let from: Vec<_> = table.columns.iter().map(|c| c.from).collect();
        assert_eq!(from, [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        assert_eq!(wrong("id: door", "id: [1"), ["1:5 yaml-syntax"]);
        assert_eq!(wrong("title: A door\n", ""), ["1:1 connector-missing"]);
        assert_eq!(wrong("title:", "titel:").len(), 2);
        assert_eq!(wrong("kind: string", "kind: text"), ["6:9 connector-value"]);
        assert_eq!(wrong("time: at", "time: who"), ["9:7 connector-value"]);
        assert_eq!(wrong("90s", "soon"), ["14:22 connector-value"]);
        assert_eq!(wrong("id: Kind", "id: Kin"), ["12:9 connector-value"]);
        assert_eq!(wrong("equals: door", "is: door"), ["4:17 connector-value"]);
        // Within the transform: lines and columns of the file.
        assert_eq!(wrong("kind != 'x'", "knid != 'x'"), ["17:15 KQL142"]);
        assert_eq!(
            wrong("where kind != 'x'", "summarize count() by kind")[0],
            "17:9 connector-transform"
        );
        assert_eq!(
            wrong("Who = tostring", "Whom = tostring"),
            ["18:50 connector-transform"]
        );
        assert_eq!(
            wrong("Who = tostring(who.name)", "Who = who.name"),
            ["18:50 connector-transform"]
        );
        assert_eq!(
            wrong("tostring(who.name)", "tostring(ago(1h))"),
            ["18:65 connector-transform"]
        );
    }
}

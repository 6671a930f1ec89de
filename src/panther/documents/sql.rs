//! The tables that the SQL of a scheduled query names: the platform's tool wants each by its whole name.

use super::check::{Checker, key};
use crate::diagnostic::Span;
use serde_yaml::Value as Yaml;

/// A longer query is not looked at.
const LONGEST: usize = 1 << 20;

/// Checks the tables of a query: `database.public.table`, or `snowflake.account_usage.table`.
pub(super) fn check(checker: &mut Checker<'_>, value: &Yaml) {
    let name = ["Query", "SnowflakeQuery"]
        .into_iter()
        .find(|name| value.get(*name).is_some());
    let Some(name) = name else { return };
    let Some(text) = value.get(name).and_then(Yaml::as_str) else {
        return;
    };
    // A template makes other text of it.
    if text.len() > LONGEST || text.contains("{{") || text.contains("{%") {
        return;
    }
    let path = [key(name)];
    for (at, table) in tables(text) {
        if is_whole(&table) {
            continue;
        }
        let place = |offset| checker.document.offset_in_text(&path, offset);
        let span = match (place(at), place(at + table.len())) {
            (Some(start), Some(end)) if start <= end => Some(Span::new(start, end)),
            _ => checker.document.span(&path),
        };
        let found = checker.error(
            "panther-table-name",
            &path,
            format!("`{table}` is not the whole name of a table"),
        );
        found.span = span;
        found.hint = Some(
            "Write it as database.public.table, such as panther_logs.public.aws_cloudtrail"
                .to_owned(),
        );
    }
}

fn is_whole(table: &str) -> bool {
    let lower = table.to_lowercase();
    let parts: Vec<&str> = lower.split('.').collect();
    matches!(
        parts.as_slice(),
        [_, "public", _] | ["snowflake", "account_usage", _]
    )
}

/// A piece of SQL: where it begins, and its text. Comments are left out, and texts are one piece.
fn pieces(sql: &str) -> Vec<(usize, &str)> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let until = |from: usize, end: &str| {
        let rest = sql.get(from..).and_then(|rest| rest.find(end));
        rest.map_or(sql.len(), |i| from + i + end.len())
    };
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let start = at;
        at = match (byte, next) {
            (b'-', Some(b'-')) | (b'/', Some(b'/')) => {
                at = until(at, "\n");
                continue;
            }
            (b'/', Some(b'*')) => {
                at = until(at + 2, "*/");
                continue;
            }
            (b'\'', _) => until(at + 1, "'"),
            (b'$', Some(b'$')) => until(at + 2, "$$"),
            (b'"', _) => until(at + 1, "\""),
            _ if is_word(byte) => {
                let rest = bytes.iter().skip(at).take_while(|b| is_word(**b));
                at + rest.count()
            }
            _ if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            _ => at + 1,
        };
        if let Some(piece) = sql.get(start..at) {
            found.push((start, piece));
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The tables that follow FROM and JOIN, without those that the query names itself.
fn tables(sql: &str) -> Vec<(usize, String)> {
    let pieces = pieces(sql);
    let word = |i: usize| pieces.get(i).map_or("", |(_, piece)| *piece);
    let is = |i: usize, wanted: &str| word(i).eq_ignore_ascii_case(wanted);
    let own: Vec<String> = (0..pieces.len())
        .filter(|&i| {
            is(i + 1, "as") && word(i + 2) == "(" || word(i + 1) == "(" && names_columns(&pieces, i)
        })
        .map(|i| word(i).to_lowercase())
        .collect();
    let mut found = Vec::new();
    // For every open bracket whether FROM in it belongs to a function: `extract(day from x)`.
    let mut brackets: Vec<bool> = Vec::new();
    let mut i = 0;
    while i < pieces.len() {
        match word(i) {
            "(" => {
                let before = i.checked_sub(1).map_or("", word).to_lowercase();
                let function = matches!(
                    before.as_str(),
                    "extract" | "trim" | "substring" | "position" | "overlay"
                );
                brackets.push(function);
            }
            ")" => {
                brackets.pop();
            }
            _ => {}
        }
        let inside = brackets.last().copied().unwrap_or(false);
        let distinct = i > 0 && is(i - 1, "distinct");
        let names_one = is(i, "from") && !inside && !distinct || is(i, "join");
        if names_one
            && let Some((at, table)) = table_at(&pieces, i + 1)
            && !own.contains(&table.to_lowercase())
        {
            found.push((at, table));
        }
        i += 1;
    }
    found
}

/// Whether `name (a, b) as (` begins here.
fn names_columns(pieces: &[(usize, &str)], at: usize) -> bool {
    let close = pieces
        .iter()
        .skip(at + 2)
        .position(|(_, piece)| *piece == ")");
    let Some(close) = close.map(|i| at + 2 + i) else {
        return false;
    };
    let piece = |i: usize| pieces.get(i).map_or("", |(_, piece)| *piece);
    piece(close + 1).eq_ignore_ascii_case("as") && piece(close + 2) == "("
}

/// The name of a table that begins at a piece; none for a subquery, a function or a keyword.
fn table_at(pieces: &[(usize, &str)], from: usize) -> Option<(usize, String)> {
    let (start, first) = *pieces.get(from)?;
    let named = first.starts_with('"') || first.bytes().all(is_word);
    let keyword = [
        "lateral",
        "table",
        "values",
        "select",
        "unnest",
        "identifier",
    ];
    if !named || keyword.contains(&first.to_lowercase().as_str()) {
        return None;
    }
    let mut name = first.to_owned();
    let mut at = from + 1;
    while pieces.get(at).is_some_and(|(_, piece)| *piece == ".") {
        let (_, next) = *pieces.get(at + 1)?;
        name.push('.');
        name.push_str(next);
        at += 2;
    }
    let call = pieces.get(at).is_some_and(|(_, piece)| *piece == "(");
    (!call).then_some((start, name))
}

#[cfg(test)]
mod tests {
    use super::{is_whole, tables};

    fn names(sql: &str) -> Vec<String> {
        tables(sql).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn tables_follow_from_and_join() {
        assert_eq!(
            names("SELECT a FROM x.public.t -- FROM c\nJOIN b.c USING (a) WHERE s = 'from d'"),
            ["x.public.t", "b.c"]
        );
        assert_eq!(
            names("with q as (select 1 from a), r (x) as (select 2) select * from q, r join R"),
            ["a"]
        );
        assert_eq!(
            names("select extract(day from t) from a, lateral flatten(input => t)"),
            ["a"]
        );
        assert_eq!(
            names("select * from (select * from table(f(1))) where a is distinct from b"),
            [""; 0]
        );
    }

    #[test]
    fn whole_names() {
        assert!(is_whole("panther_logs.PUBLIC.aws_cloudtrail"));
        assert!(is_whole("snowflake.account_usage.login_history"));
        assert!(!is_whole("panther_logs.aws_cloudtrail"));
        assert!(!is_whole("a.b.c.d"));
    }
}

//! Completion: what can stand at the cursor, best first.
//!
//! The text is cut at the half-typed word, so a broken tail changes nothing. `place` says what may stand
//! there, `items` and `data` list it, `rank` sorts it by what has been typed.

mod clauses;
mod data;
mod items;
mod operands;
mod place;
mod rank;

use super::values::Values;
use super::view::View;
use crate::diagnostic::Span;
use crate::kql::Catalog;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// A column in scope.
    Column,
    /// A property seen in a dynamic value.
    Property,
    /// A value seen in the data.
    Value,
    /// A name the query defines.
    Variable,
    /// A parameter of a function around the cursor.
    Parameter,
    /// A table.
    Table,
    /// A function.
    Function,
    /// An aggregate.
    Aggregate,
    /// A plugin.
    Plugin,
    /// An operator behind `|`.
    Operator,
    /// A word of the language.
    Keyword,
    /// A type.
    Type,
}

/// One thing that can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is shown and matched.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// A type or signature; may be empty.
    pub detail: String,
    /// What it does; may be empty.
    pub doc: String,
    /// What is written in place of [`Completions::replace`].
    pub insert: String,
    /// Where the cursor stands afterwards, in bytes of `insert`.
    pub cursor: usize,
    /// Its place in the list: 0 is best.
    pub rank: usize,
}

/// What can stand at a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The half-typed word.
    pub replace: Span,
    /// The items, best first.
    pub items: Vec<Item>,
}

/// Most items that are given.
const MOST: usize = 500;

/// What can stand at the cursor.
pub fn complete(
    text: &str,
    cursor: usize,
    catalog: &dyn Catalog,
    values: &dyn Values,
) -> Completions {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let before = text.get(..cursor).unwrap_or("");
    let start = word_start(before);
    let mut replace = Span::new(start, cursor);
    let mut typed = before.get(start..).unwrap_or("").to_owned();
    let head = View::new(before.get(..start).unwrap_or(""), catalog);
    if head.in_comment() {
        return Completions {
            replace: Span::new(cursor, cursor),
            items: Vec::new(),
        };
    }
    let mut items = Vec::new();
    // A number is no word to complete.
    let number = typed.starts_with(|c: char| c.is_ascii_digit());
    if let Some(string) = head.open_string() {
        // The whole content up to the closing quote is replaced.
        replace.start = string.content;
        typed = before.get(string.content..).unwrap_or("").to_owned();
        let rest = text.get(cursor..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        replace.end = cursor + string.rest(line);
        head.string_items(&string, values, &mut items);
    } else if let Some((chain, found)) = dotted_values(before, start, catalog, values) {
        replace.start = chain;
        typed = before.get(chain..).unwrap_or("").to_owned();
        items = found;
    } else if !number {
        let place = head.place();
        head.items(&place, values, &mut items);
    }
    rank::sort(&mut items, &typed);
    items.truncate(MOST);
    Completions { replace, items }
}

/// A value that is typed without its quotes and has dots in it, such as `role.assig`: where it begins, and the values that
/// begin so; none where what stands before the dot is something else.
fn dotted_values(
    before: &str,
    start: usize,
    catalog: &dyn Catalog,
    values: &dyn Values,
) -> Option<(usize, Vec<Item>)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let chain = before.trim_end_matches(is_part).len();
    let typed = before.get(chain..)?;
    if chain >= start || !typed.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let head = View::new(before.get(..chain)?, catalog);
    if head.open_string().is_some() {
        return None;
    }
    let mut items = Vec::new();
    head.items(&head.place(), values, &mut items);
    items.retain(|item| {
        let label = item.label.trim_start_matches(['"', '\'']);
        let same = label.get(..typed.len());
        item.kind == ItemKind::Value && same.is_some_and(|same| same.eq_ignore_ascii_case(typed))
    });
    (!items.is_empty()).then_some((chain, items))
}

/// Where the word that ends at the cursor begins; hyphens join words where an operator is typed.
fn word_start(before: &str) -> usize {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let trimmed = before.trim_end_matches(is_word);
    let mut start = trimmed.len();
    // `| project-aw`: the word goes on over hyphens up to the pipe sign.
    let keyword = before.trim_end_matches(|c: char| is_word(c) || c == '-');
    let blank = keyword.trim_end();
    if keyword.len() < start
        && (blank.ends_with('|') || blank.ends_with('('))
        && before
            .get(keyword.len()..)
            .is_some_and(|k| k.starts_with(|c: char| c.is_ascii_alphabetic()))
        && blank.ends_with('|')
    {
        start = keyword.len();
    }
    start
}

//! What the editor asks about a whole rule document: completion, hover, signatures, definitions, rename, format, snippets.
//!
//! Pure functions over a text, whole or half typed, and a place in it. Inside `query:` they ask `kql::services`, in Python
//! the syntax tree, elsewhere the tables of the document's fields; offsets are those of the whole file.
//!
//! | file | what lives there |
//! |---|---|
//! | `kind` | what a text is: a Sentinel rule, its cases, a Panther document, Python |
//! | `layout` | the entries of a YAML text by their indentation, so that a broken or half-typed one still has a shape |
//! | `scalar` | a scalar's value and where its bytes stand; how a value is written in place |
//! | `schema` | which fields may stand at a place and what they take |
//! | `around`, `events` | what lies round a document: other documents, modules, loaded events |
//! | `python` | names, calls and event paths of a Python body |
//! | the others | one question a file |

mod around;
mod duration;
mod events;

pub use crate::diagnostic::Edit;
pub use crate::kql::services::{Hover, Signature};
pub use around::{Around, Document, File};
pub use duration::{DurationForm, DurationStyle, in_words};
pub use events::{EventPath, Events, NoEvents, Sampled};

use crate::diagnostic::Span;
use crate::kql::Catalog;
use crate::kql::services::Values;
use std::path::{Path, PathBuf};

/// The document that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its file; the name tells what kind of document it is where the text does not.
    pub path: &'a Path,
    /// Its text as it stands in the editor.
    pub text: &'a str,
}

/// What is known beside the document.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The tables a query can name.
    pub catalog: &'a dyn Catalog,
    /// Values seen in them.
    pub values: &'a dyn Values,
    /// Loaded events as a Panther body sees them.
    pub events: &'a dyn Events,
    /// The documents and modules round it: the sibling, other rules, globals.
    pub around: &'a Around,
    /// A GUID that nobody has yet, for a new rule; zeros where it is empty.
    pub new_id: &'a str,
}

/// What an item of a completion is: its sign in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A key of the document.
    Field,
    /// One of a field's choices.
    Choice,
    /// A value seen in the data.
    Value,
    /// A column.
    Column,
    /// A key of an event, or a property of a dynamic value.
    Property,
    /// A name the text defines.
    Variable,
    /// A table.
    Table,
    /// A function or method.
    Function,
    /// A module.
    Module,
    /// An operator of a query.
    Operator,
    /// A word of the language.
    Keyword,
    /// A type.
    Type,
    /// A text with places to fill in.
    Snippet,
    /// Another document.
    Document,
}

/// One thing that can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is shown and matched.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// A type, a signature, a share of the events; may be empty.
    pub detail: String,
    /// What it does, in sentences; may be empty.
    pub doc: String,
    /// What taking it does to the text.
    pub edit: Edit,
    /// Places within the edit's text to fill in, the first one first; the cursor goes to the first and Tab to the next.
    /// Without any the cursor stands behind the text.
    pub stops: Vec<Span>,
    /// Its place among equals: 0 is best.
    pub rank: usize,
}

/// What can stand at a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The half-typed word: what is matched reaches from its start to the cursor.
    pub replace: Span,
    /// The items that match, best first.
    pub items: Vec<Item>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// Bytes of its text.
    pub span: Span,
}

/// Help for the field at a place: what it is and what it may be set to.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldHelp {
    /// The key, as it is written.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// What the field is for.
    pub doc: String,
    /// Where its value stands; empty where there is none yet.
    pub span: Span,
    /// Its value as it is now.
    pub value: String,
    /// How it is set.
    pub form: Form,
}

/// How a field is set.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// One of some choices.
    One(Vec<Pick>),
    /// Any of some choices; taking one that is chosen takes it out.
    Many(Vec<Pick>),
    /// A length of time.
    Duration(DurationForm),
}

/// A choice of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// As it is written.
    pub value: String,
    /// What it means; may be empty.
    pub doc: String,
    /// Whether the field has it now.
    pub chosen: bool,
    /// What sets it, or takes it out of a list.
    pub edits: Vec<Edit>,
}

/// Document symbols: what go-to-symbol lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is, such as `function` or the value of a key.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The name in the text.
    pub span: Span,
    /// How deep it is nested.
    pub depth: usize,
}

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// A key.
    Key,
    /// A name that a query defines.
    Variable,
    /// A function.
    Function,
    /// A class.
    Class,
    /// A case.
    Case,
}

/// A step of the path to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// The key, or what a list item is called: its entity type, its name, its number.
    pub label: String,
    /// Where its key or its item begins: what a click goes to.
    pub span: Span,
}

/// A text with places to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What it is called.
    pub name: String,
    /// What it gives.
    pub doc: String,
    /// Its text, with the line ends of the document it is for.
    pub text: String,
    /// Places in it, the first one first.
    pub stops: Vec<Span>,
}

/// What can stand at a place.
pub fn complete(_source: &Source<'_>, _offset: usize, _context: &Context<'_>) -> Completions {
    Completions::default()
}

/// What stands at a place, in words.
pub fn hover(_source: &Source<'_>, _offset: usize, _context: &Context<'_>) -> Option<Hover> {
    None
}

/// The call round a place.
pub fn signature(
    _source: &Source<'_>,
    _offset: usize,
    _context: &Context<'_>,
) -> Option<Signature> {
    None
}

/// Where what stands at a place is made.
pub fn definition(_source: &Source<'_>, _offset: usize, _context: &Context<'_>) -> Option<Place> {
    None
}

/// All places of the name at a place, where it is made first.
pub fn references(_source: &Source<'_>, _offset: usize, _context: &Context<'_>) -> Vec<Place> {
    Vec::new()
}

/// The name at a place that [`rename`] would change: where it stands.
pub fn renameable(_source: &Source<'_>, _offset: usize, _context: &Context<'_>) -> Option<Span> {
    None
}

/// Gives the name at a place another one, everywhere in the document.
///
/// # Errors
/// Why it cannot be renamed, in a sentence for a person.
pub fn rename(
    _source: &Source<'_>,
    _offset: usize,
    _new_name: &str,
    _context: &Context<'_>,
) -> Result<Vec<Edit>, String> {
    Err("There is no name here that can be changed".to_owned())
}

/// What lays the query of a document out anew; nothing where it is laid out well.
///
/// # Errors
/// Why it is left as it is, in a sentence for a person.
pub fn format(_source: &Source<'_>) -> Result<Vec<Edit>, String> {
    Ok(Vec::new())
}

/// Help for the field at a place, where it has fixed choices or is a duration.
pub fn fields(_source: &Source<'_>, _offset: usize, _context: &Context<'_>) -> Option<FieldHelp> {
    None
}

/// The keys that lead to a place, the outermost first.
pub fn breadcrumbs(_source: &Source<'_>, _offset: usize) -> Vec<Crumb> {
    Vec::new()
}

/// What go-to-symbol lists, in the order of the text.
pub fn outline(_source: &Source<'_>) -> Vec<Symbol> {
    Vec::new()
}

/// Texts with places to fill in that can be put into the document.
pub fn snippets(_source: &Source<'_>, _context: &Context<'_>) -> Vec<Snippet> {
    Vec::new()
}

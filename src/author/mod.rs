//! What the editor asks about a whole rule document: completion, hover, signatures, definitions, rename, format, snippets.
//!
//! Pure functions over a text, whole or half typed, and a place in it. Inside `query:` they ask `kql::services`, in Python
//! the syntax tree, elsewhere the tables of the document's fields; offsets are those of the whole file.
//!
//! | file | what lives there |
//! |---|---|
//! | `document` | what a text is: a Sentinel rule, its cases, a Panther document, Python; its query |
//! | `layout` | the entries of a YAML text by their indentation, so that a broken or half-typed one still has a shape |
//! | `scalar` | a scalar's value and where its bytes stand; how a value is written in place |
//! | `schema`, `choices` | which fields may stand at a place, what they take, and the values of each set |
//! | `around`, `events` | what lies round a document: other documents, modules, loaded events |
//! | `python` | names, calls and event paths of a Python body |
//! | the others | one question a file |

mod around;
mod choices;
mod complete;
mod document;
mod duration;
mod events;
mod fields;
mod format;
mod home;
mod hover;
mod layout;
mod navigate;
mod outline;
mod python;
mod scalar;
mod schema;
mod snippets;

pub use crate::diagnostic::Edit;
pub use crate::kql::services::{Hover, Signature};
pub use around::{Around, Document, File};
pub use complete::{complete, narrow};
pub use document::Kind;
pub use duration::{DurationForm, DurationStyle, in_words};
pub use events::{EventPath, Events, NoEvents, Sampled};
pub use fields::fields;
pub use format::format;
pub use home::{Home, home};
pub use hover::hover;
pub use navigate::{definition, references, rename, renameable};
pub use outline::{breadcrumbs, outline};
pub use snippets::{NewFile, Start, StartKind, snippets, start};

use crate::diagnostic::Span;
use crate::kql::Catalog;
use crate::kql::services::Values;
use document::Doc;
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

/// The call round a place.
pub fn signature(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Signature> {
    use crate::kql::services;
    match Kind::of(source) {
        Kind::Python => python::signature(source, offset, context),
        Kind::Query => services::signature(source.text, offset, context.catalog),
        _ => {
            let doc = Doc::new(source);
            let (query, at) = doc.in_query(doc.layout.floor(offset))?;
            services::signature(&query.value, at, context.catalog)
        }
    }
}

//! What the editor asks about a whole rule document: completion, hover, signatures, definitions, rename, format, snippets.
//!
//! Pure functions over a text, whole or half typed, and a place in it. Inside `query:` they ask `kql::services`, in Python
//! the syntax tree, elsewhere the tables of the document's fields; offsets are those of the whole file.

//! The language services of the editor: colours, completion, hover, signature help, definitions, references,
//! rename, format, and the reference page. Pure functions over a text, whole or half typed, and a catalog.
//!
//! They all look through one [`view::View`]: the text cut into tokens and segments (`layout`), and what the
//! analysis recorded on its way (`bind::trace`): the columns before and after every operator and what every
//! name stands for. So an operator that is added to the engine is known here without a line of its own; its
//! texts come from its `DOCS`, its words from `words::clause_words` and `words::settings`.

mod colours;
mod complete;
mod format;
mod hover;
pub mod layout;
mod literals;
mod navigate;
mod origin;
mod reference;
mod resolve;
mod signature;
mod values;
pub mod view;
pub mod words;

pub use crate::diagnostic::Edit;
pub use colours::{Colour, colours};
pub use complete::{Completions, Item, ItemKind, complete};
pub use format::{Formatted, Layouting, format};
pub use hover::{Hover, hover};
pub use navigate::{defined, definition, references, rename};
pub use reference::reference;
pub use signature::{Signature, signature};
pub use values::{NoValues, Seen, Source, Values};

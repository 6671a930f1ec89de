//! Text → tokens → tree. Hand-written, error-tolerant: it always gives a tree and every error with its place.

pub mod keywords;
pub mod lexer;
pub mod literal;
pub mod tree;
pub mod tree_rows;

mod expression;
mod lossless;
mod parser;
mod primary;
mod statements;
mod strings;
mod tabular;
mod tabular_more;
mod tabular_rows;
mod tabular_sources;
mod tree_sources;
mod typed;

pub use parser::{Parsed, parse};
pub use tabular::OPERATORS;

/// Deepest nesting of expressions, parentheses and pipes that is read.
pub const MAX_DEPTH: usize = 200;

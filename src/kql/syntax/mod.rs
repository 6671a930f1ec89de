//! Text → tokens → tree. Hand-written, error-tolerant: it always gives a tree and every error with its place.

pub mod keywords;
pub mod lexer;
pub mod literal;
pub mod tree;

mod expression;
mod lossless;
mod parser;
mod primary;
mod statements;
mod strings;
mod tabular;
mod tabular_more;
mod typed;

pub use parser::{Parsed, parse};
pub use tabular::OPERATORS;

/// Deepest nesting of expressions, parentheses and pipes that is read.
pub const MAX_DEPTH: usize = 200;

//! The H3 cells of one resolution whose middles are in a polygon.

use super::dynamic;
use crate::kql::functions::Function;

/// The function.
pub const FUNCTIONS: &[Function] = &[];
#[allow(unused_imports)]
use dynamic as _;

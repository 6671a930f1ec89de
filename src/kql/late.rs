//! Tables whose columns are made when somebody reads them.

use crate::task::CancelToken;
use crate::value::{Column, Lineage, Type};

/// A table whose columns are made when they are asked for, and kept where all rows of one were asked for.
pub trait Late: Send + Sync + std::fmt::Debug {
    /// How many rows it has.
    fn rows(&self) -> usize;

    /// Names and types of its columns, in order.
    fn schema(&self) -> Vec<(String, Type)>;

    /// The events behind its rows.
    fn lineage(&self) -> Option<&Lineage>;

    /// A column that is there already.
    fn made(&self, column: usize) -> Option<&Column>;

    /// A column. It is kept.
    ///
    /// # Errors
    /// Why it cannot be made, in one sentence.
    fn whole(&self, column: usize, cancel: &CancelToken) -> Result<&Column, String>;

    /// Some rows of a column, in ascending order and none twice.
    ///
    /// # Errors
    /// Why they cannot be made, in one sentence.
    fn some(&self, column: usize, rows: &[u32], cancel: &CancelToken) -> Result<Column, String>;

    /// The same for somebody who only looks at rows: nothing is kept, what queries keep stays.
    ///
    /// # Errors
    /// Why they cannot be made, in one sentence.
    fn peek(&self, column: usize, rows: &[u32], cancel: &CancelToken) -> Result<Column, String> {
        self.some(column, rows, cancel)
    }
}

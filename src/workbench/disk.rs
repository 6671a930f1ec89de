//! Open documents and the files under them.

use super::app::Workbench;

impl Workbench {
    /// The open documents are others now: their files are watched.
    pub(super) fn watch_documents(&mut self) {}
}

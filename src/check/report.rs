//! Where checks put what they find.

use super::{Finding, Target};
use crate::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// Most that is told of one document.
const MOST: usize = 1_000;

/// The findings of one document and its companion.
#[derive(Debug)]
pub struct Report {
    path: PathBuf,
    findings: Vec<Finding>,
}

impl Report {
    /// A report about a document.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            findings: Vec::new(),
        }
    }

    /// Something in the document itself that everybody would object to.
    pub fn tell(&mut self, diagnostic: Diagnostic) {
        let path = self.path.clone();
        self.tell_in(&path, None, diagnostic);
    }

    /// Something in the document itself that one target objects to.
    pub fn tell_for(&mut self, target: Target, diagnostic: Diagnostic) {
        let path = self.path.clone();
        self.tell_in(&path, Some(target), diagnostic);
    }

    /// Something in a file.
    pub fn tell_in(&mut self, path: &Path, target: Option<Target>, diagnostic: Diagnostic) {
        if self.findings.len() >= MOST {
            return;
        }
        let finding = Finding {
            path: path.to_owned(),
            diagnostic,
            target,
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// What was told so far.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// All findings: the document's own first, each file's in the order of its text.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let own = &self.path;
        self.findings.sort_by(|a, b| {
            let key = |f: &Finding| (f.path != *own, f.diagnostic.span.map(|s| s.start));
            key(a)
                .cmp(&key(b))
                .then_with(|| a.diagnostic.severity.cmp(&b.diagnostic.severity))
        });
        self.findings
    }
}

//! Checks everything below folders at once.

use super::{Code, Context, Finding, Report, check_rule, panther};
use crate::detect::{self, Body, Folder, Texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::task::{Progress, in_threads};
use crate::yaml::Step;
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A document that was checked, with what was found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The document.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its companion and the text of that, where there is one.
    pub companion: Option<(PathBuf, String)>,
    /// What was found in both.
    pub findings: Vec<Finding>,
}

/// Opens and checks all rules below paths, and Panther's other documents, in parallel; sorted by path. Counts files in
/// `progress`.
pub fn check_folder(
    paths: &[PathBuf],
    texts: &dyn Texts,
    context: &Context<'_>,
    progress: &Progress,
) -> (Vec<Checked>, Folder) {
    let folder = detect::open_folder(paths, texts, context.cancel, progress);
    let check = |rule: &detect::Rule| {
        let mut report = Report::new(&rule.path);
        if !context.cancel.is_cancelled() {
            check_rule(rule, texts, context, &mut report);
        }
        Checked {
            path: rule.path.clone(),
            text: rule.text.clone(),
            companion: rule.companion.clone().zip(rule.companion_text.clone()),
            findings: report.finish(),
        }
    };
    // Of their own threads: what the logs show is looked up under locks.
    let of = |at: usize| folder.rules.get(at).map(&check);
    let checked = in_threads(folder.rules.len(), of);
    let mut checked: Vec<Checked> = checked.into_iter().flatten().collect();
    let others = folder.refused.par_iter().chain(&folder.others);
    let others = others.map(|other| {
        let mut report = Report::new(&other.path);
        if !context.cancel.is_cancelled() {
            panther::check_other(other, &folder.repository, &mut report);
        }
        Checked {
            path: other.path.clone(),
            text: other.text.clone(),
            companion: other.body.clone(),
            findings: report.finish(),
        }
    });
    let others: Vec<Checked> = others.collect();
    checked.extend(others);
    checked.sort_by(|a, b| a.path.cmp(&b.path));
    repeated_ids(&folder, &mut checked);
    (checked, folder)
}

/// Rules of Sentinel that share an id: the one that is deployed last takes the place of the others.
fn repeated_ids(folder: &Folder, checked: &mut [Checked]) {
    let mut first: HashMap<String, &Path> = HashMap::new();
    for rule in &folder.rules {
        let Body::Sentinel(sentinel) = &rule.body else {
            continue;
        };
        if sentinel.id.is_empty() {
            continue;
        }
        let id = sentinel.id.to_ascii_lowercase();
        let Some(earlier) = first.get(&id) else {
            first.insert(id, &rule.path);
            continue;
        };
        let message = format!(
            "the id is that of {} too: whichever is deployed last takes the place of the other",
            earlier.display()
        );
        let span = sentinel.document.nearest_span(&[Step::from("id")]);
        let diagnostic = Diagnostic::new(Severity::Warning, REPEATED_ID.id, span, message)
            .with_hint("Give one of them a new GUID");
        let mut documents = checked.iter_mut();
        if let Some(document) = documents.find(|c| c.path == rule.path) {
            let path = rule.path.clone();
            document.findings.insert(
                0,
                Finding {
                    path,
                    diagnostic,
                    target: None,
                },
            );
        }
    }
}

/// What machines are told of it.
pub(super) const REPEATED_ID: Code = Code {
    id: "sentinel-repeated-id",
    about: "Two rules share an id",
};

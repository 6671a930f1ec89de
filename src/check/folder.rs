//! Checks everything below folders at once.

use super::{Context, Finding, Report, check_rule, panther};
use crate::detect::{self, Folder, Texts};
use crate::task::Progress;
use rayon::prelude::*;
use std::path::PathBuf;

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
    let mut checked: Vec<Checked> = folder.rules.par_iter().map(check).collect();
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
    (checked, folder)
}

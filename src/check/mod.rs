//! What an author is told about a rule's document before anybody runs it: one check a file.
//!
//! `sentinel` and `panther` hold the checks of the platforms' documents, each of which a target would refuse or ignore;
//! `data` those that only loaded logs can show, always as hints with the evidence; `prose` compares what a rule says of
//! itself with what it does. To add a check, write a file with a `pub(super) const CHECK: Check` and name it in the
//! table of its folder's `mod.rs`; its codes are told to machines from there.

mod catalog;
pub mod data;
mod folder;
pub mod panther;
mod prose;
mod report;
pub mod sentinel;
mod target;

pub use catalog::{Schemas, read_schemas};
pub use folder::{Checked, check_folder};
pub use report::Report;
pub use target::Target;

use crate::detect::{self, Body, Kind, Opener, Texts};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::task::CancelToken;
use std::path::{Path, PathBuf};

/// A document to check.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Where it lies, or would.
    pub path: &'a Path,
    /// Its text as it stands, saved or not.
    pub text: &'a str,
    /// The texts of the files around it: unsaved buffers, else the disk.
    pub texts: &'a dyn Texts,
}

/// What a check may know beside the document.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Against whose rules the document is held; none for those of the dialect it is written in. A target of the
    /// other platform counts as none.
    pub target: Option<Target>,
    /// The tables that are known: the loaded [`Dataset`], `Dataset::default()` for those of the bundled connectors, or
    /// either with more [`Schemas`]. Other tables may exist elsewhere: their columns are not checked.
    pub tables: &'a dyn Catalog,
    /// The loaded logs, for hints that only data can show.
    pub dataset: Option<&'a Dataset>,
    /// Stops the checks; what was found so far is given.
    pub cancel: &'a CancelToken,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file it stands in: the document, or its companion (a Python body, a case file).
    pub path: PathBuf,
    /// What is wrong; spans are bytes of that file's text.
    pub diagnostic: Diagnostic,
    /// Who objects; none where everybody would.
    pub target: Option<Target>,
}

/// A check of some room, with what machines are told of its codes.
#[derive(Clone, Copy)]
pub struct Check<Run: 'static> {
    /// A short name, such as `entity-columns`.
    pub name: &'static str,
    /// The codes it may give.
    pub codes: &'static [Code],
    /// Looks at a document and tells what it finds.
    pub run: Run,
}

/// A code that a check gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Such as `sentinel-entity-column`.
    pub id: &'static str,
    /// What it is about, in one sentence without a final full stop.
    pub about: &'static str,
}

/// Checks a document of either platform. Never fails: a document that cannot be read as a rule is told so.
pub fn check(source: &Source<'_>, context: &Context<'_>) -> Vec<Finding> {
    check_with(&mut Opener::default(), source, context)
}

/// The same with an opener that keeps what lies around the document between calls, for checks while typing.
pub fn check_with(opener: &mut Opener, source: &Source<'_>, context: &Context<'_>) -> Vec<Finding> {
    match check_opened(opener, source, context) {
        Ok((findings, _)) => findings,
        Err(why) => {
            let span = Span::new(0, source.text.len().min(1));
            vec![Finding {
                path: source.path.to_owned(),
                diagnostic: Diagnostic::error("not-a-rule", span, why),
                target: None,
            }]
        }
    }
}

/// A file and its text.
pub type Companion = (PathBuf, String);

/// The same with the document's companion, in which findings may stand, where it has one.
///
/// # Errors
/// A sentence where the document is none that can be checked.
pub fn check_opened(
    opener: &mut Opener,
    source: &Source<'_>,
    context: &Context<'_>,
) -> Result<(Vec<Finding>, Option<Companion>), String> {
    let mut report = Report::new(source.path);
    let mut companion = None;
    let texts = With(source);
    match detect::kind_of(source.path, source.text) {
        Kind::Cases => {
            for found in detect::check_cases(source.text) {
                report.tell(found);
            }
        }
        Kind::OtherPanther(_) => panther::check_document(source, context, &mut report),
        Kind::Rule(_) | Kind::Unknown => {
            let rule = opener.open(source.path, &texts)?;
            check_rule(&rule, &texts, context, &mut report);
            companion = rule.companion.zip(rule.companion_text);
        }
    }
    Ok((report.finish(), companion))
}

/// Checks a rule that was opened.
fn check_rule(rule: &detect::Rule, texts: &dyn Texts, context: &Context<'_>, report: &mut Report) {
    match &rule.body {
        Body::Sentinel(sentinel) => sentinel::check(rule, sentinel, context, report),
        Body::Panther(panther, body) => {
            let subject = panther::Subject {
                rule,
                panther,
                body: body.as_deref(),
                python: None,
                texts,
                context,
            };
            panther::check(&subject, report);
        }
    }
    if let Some(dataset) = context.dataset
        && !context.cancel.is_cancelled()
    {
        data::check(rule, dataset, context, report);
    }
}

/// The document's own text before what its texts say of it.
pub(in crate::check) struct With<'a>(&'a Source<'a>);

impl Texts for With<'_> {
    fn text(&self, path: &Path) -> Option<String> {
        if path == self.0.path {
            return Some(self.0.text.to_owned());
        }
        self.0.texts.text(path)
    }

    fn stamp(&self, path: &Path) -> Option<u64> {
        self.0.texts.stamp(path)
    }
}

/// All codes of all checks, for machines that want to know what a code is.
pub fn codes() -> impl Iterator<Item = Code> {
    let sentinel = sentinel::CHECKS.iter().flat_map(|c| c.codes);
    let panther = panther::CHECKS.iter().flat_map(|c| c.codes);
    let data = data::CHECKS.iter().flat_map(|c| c.codes);
    let all = sentinel.chain(panther).chain(data).copied();
    all.chain([folder::REPEATED_ID])
}

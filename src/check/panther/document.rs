//! What the reader of the document found: keys, types, ids, the Python file, and what is between documents.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Fix, Span};
use crate::yaml::Step;

/// Tells what was found when the rule was opened.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-document",
    codes: CODES,
    run: check,
};

const fn code(id: &'static str, about: &'static str) -> Code {
    Code { id, about }
}

const CODES: &[Code] = &[
    code(
        "panther-rule",
        "The document is no mapping of keys and values",
    ),
    code(
        "panther-analysis-type",
        "AnalysisType names no kind of document",
    ),
    code(
        "panther-missing-key",
        "A key that the document has to have is missing",
    ),
    code(
        "panther-unknown-key",
        "The document has a key that Panther does not know",
    ),
    code("panther-exclusive-keys", "Two keys exclude each other"),
    code("panther-type", "A key holds a value of another type"),
    code(
        "panther-value",
        "A key holds a text that is none of those it can hold",
    ),
    code(
        "panther-name",
        "A name or an id has a character that Panther refuses",
    ),
    code("panther-severity", "The severity is none of Panther's"),
    code(
        "panther-duplicate",
        "A list that may hold nothing twice does",
    ),
    code("panther-duplicate-id", "Two documents have the same id"),
    code(
        "panther-dedup-period",
        "The deduplication period is shorter than Panther's shortest",
    ),
    code(
        "panther-body-missing",
        "The Python file that the document names is not there",
    ),
    code(
        "panther-base-missing",
        "The rule that this one derives from is not there",
    ),
    code(
        "panther-base-derived",
        "The rule that this one derives from is derived itself",
    ),
    code("panther-case-log", "The event of a test is no mapping"),
    code(
        "panther-case-expected",
        "What a test expects of the outputs cannot be read",
    ),
    code(
        "panther-case-outputs",
        "The outputs of a correlation rule's test cannot be read",
    ),
    code(
        "panther-correlation",
        "The Detection of a correlation rule cannot be read",
    ),
    code(
        "panther-correlation-rule",
        "A correlation rule names a rule that is not there",
    ),
    code(
        "panther-condition",
        "A condition of a simple detection is not known",
    ),
    code(
        "panther-expression",
        "An expression of a simple detection cannot be read",
    ),
    code(
        "panther-key-path",
        "A path of a simple detection cannot be read",
    ),
    code(
        "panther-table-name",
        "A scheduled query names a table by half its name",
    ),
    code(
        "panther-model-conflict",
        "Two enabled data models have the same log type",
    ),
    code("panther-path", "A path of a data model cannot be read"),
    code(
        "panther-method",
        "A data model names a method and has no Python file",
    ),
    code("panther-pack", "A pack names a document that is not there"),
    code("panther-time", "A time cannot be read"),
    code(
        "panther-transition",
        "A transition of a correlation rule cannot be read",
    ),
    code(
        "panther-unknown-id",
        "A part of a correlation rule names another that is not there",
    ),
    code(
        "panther-unknown-rule",
        "A correlation rule names a rule that is not there",
    ),
    code(
        "panther-unsupported",
        "The document has something that cannot be run here",
    ),
    code(
        "panther-correlation-lacks",
        "A correlation rule has no case that shows a part of it",
    ),
    code("panther-schedule", "The schedule cannot be kept"),
    code(
        "python-newer-syntax",
        "The body uses syntax that came after Python 3.11, which Panther runs",
    ),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (path, found) in &subject.rule.diagnostics {
        let mut found = found.clone();
        if found.code == "panther-body-missing" {
            found.fixes.extend(body_beside(subject, found.span));
        }
        report.tell_in(path, None, found);
    }
}

/// The Python file that is called like the document, where `Filename` names another one.
fn body_beside(subject: &Subject<'_>, at: Option<Span>) -> Option<Fix> {
    let at = at?;
    let document = &subject.panther.document;
    if document.span(&[Step::from("Filename")]) != Some(at) {
        return None;
    }
    let body = subject.rule.path.with_extension("py");
    subject.texts.text(&body)?;
    let name = body.file_name()?.to_str()?.to_owned();
    Some(Fix::replace(format!("Write {name}"), at, name))
}

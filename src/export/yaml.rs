//! Sentinel YAML: the author's bytes.

use super::{Artefact, Mark, file_name};
use crate::detect::Rule;
use std::path::PathBuf;

pub(super) fn artefacts(rule: &Rule, mark: &Mark) -> Result<Vec<Artefact>, String> {
    let (name, _) = file_name(rule)?;
    Ok(vec![(PathBuf::from(name), marked(&rule.text, mark))])
}

/// The text; an untested one begins with a comment that says so, in the text's own line ends.
pub(super) fn marked(text: &str, mark: &Mark) -> Vec<u8> {
    let Some(sentence) = mark.sentence() else {
        return text.as_bytes().to_vec();
    };
    let (bom, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let line_end = if body.contains("\r\n") { "\r\n" } else { "\n" };
    format!("{bom}# {sentence}{line_end}{body}").into_bytes()
}

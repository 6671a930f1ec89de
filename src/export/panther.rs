//! Panther: the author's YAML and Python in a folder whose name `pat` looks into.

use super::{Artefact, Mark, file_name, strip, yaml};
use crate::detect::Rule;
use crate::panther;
use std::path::{Component, Path, PathBuf};

/// `pat` run on the export folder itself reads only folders with such a name.
const FOLDER: &str = "rules";

pub(super) fn artefacts(
    rule: &Rule,
    panther: &panther::Rule,
    body: Option<&str>,
    mark: &Mark,
) -> Result<Vec<Artefact>, String> {
    let (name, _) = file_name(rule)?;
    let body_name = Path::new(&panther.filename);
    let plain = matches!(
        (
            body_name.components().next(),
            body_name.components().count()
        ),
        (Some(Component::Normal(_)), 1)
    );
    if !plain {
        return Err(format!(
            "`Filename: {}` is not a file name; write the name of the Python file beside the rule",
            panther.filename
        ));
    }
    let Some(body) = body.or(rule.companion_text.as_deref()) else {
        return Err(format!(
            "the Python file {} is missing; create it beside {}",
            panther.filename,
            rule.path.display()
        ));
    };
    if panther.filename == name {
        return Err(format!("`Filename: {name}` is the rule's own file"));
    }
    let folder = PathBuf::from(FOLDER);
    let text = strip::without_expected(&rule.text)?;
    Ok(vec![
        (folder.join(name), yaml::marked(&text, mark)),
        (folder.join(&panther.filename), body.as_bytes().to_vec()),
    ])
}

//! Deployable artefacts, only of rules whose cases pass.

use crate::detect::Rule;
use std::path::{Path, PathBuf};

/// What a rule is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Sentinel YAML, byte for byte the author's.
    SentinelYaml,
    /// An ARM template.
    SentinelArm,
    /// Panther YAML with its Python body, in the layout `pat test` takes.
    Panther,
}

/// Writes the artefacts of a rule into a folder and returns the files written.
///
/// # Errors
/// A sentence saying what to do: the target is of another platform, a case fails (which), there are no
/// cases, the folder cannot be written.
pub fn export(
    _rule: &Rule,
    _target: Target,
    _folder: &Path,
    _untested: bool,
) -> Result<Vec<PathBuf>, String> {
    Err("not built yet".to_owned())
}

//! Deployable artefacts, only of rules whose cases pass.

mod arm;
mod files;
mod gate;
mod panther;
mod strip;
mod yaml;

pub use arm::template as arm_template;
pub use gate::Mark;

use crate::detect::{Body, CaseResult, Platform, Rule};
use crate::task::CancelToken;
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

impl Target {
    /// All targets.
    pub const ALL: [Target; 3] = [Target::SentinelYaml, Target::SentinelArm, Target::Panther];

    /// The name on the command line: `sentinel-yaml`, `sentinel-arm`, `panther`.
    pub fn name(self) -> &'static str {
        match self {
            Target::SentinelYaml => "sentinel-yaml",
            Target::SentinelArm => "sentinel-arm",
            Target::Panther => "panther",
        }
    }

    /// The target of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The platform whose rules can be exported to it.
    pub fn platform(self) -> Platform {
        match self {
            Target::SentinelYaml | Target::SentinelArm => Platform::Sentinel,
            Target::Panther => Platform::Panther,
        }
    }
}

/// A file of an export: its path below the folder, and its bytes.
pub(crate) type Artefact = (PathBuf, Vec<u8>);

/// Writes the artefacts of a rule into a folder and returns the files written. The folder is made where it is missing;
/// files of the same names in it are replaced, each at once.
///
/// # Errors
/// A sentence saying what to do: the target is of another platform, the rule has errors, a case fails (which), there
/// are no cases, the folder cannot be written.
pub fn export(
    rule: &Rule,
    target: Target,
    folder: &Path,
    untested: bool,
) -> Result<Vec<PathBuf>, String> {
    export_with(rule, target, folder, untested, |rule| {
        crate::detect::run_cases(rule, None, &CancelToken::new())
    })
}

/// [`export`] with a runner of cases of one's own (results that are there already, or a test's).
///
/// # Errors
/// As [`export`].
pub fn export_with(
    rule: &Rule,
    target: Target,
    folder: &Path,
    untested: bool,
    run_cases: impl FnOnce(&Rule) -> Vec<CaseResult>,
) -> Result<Vec<PathBuf>, String> {
    if rule.platform() != target.platform() {
        return Err(format!(
            "{} is a {} rule; {} takes {} rules",
            rule.path.display(),
            rule.platform().name(),
            target.name(),
            target.platform().name()
        ));
    }
    gate::no_errors(rule)?;
    let mark = gate::decide(rule, &run_cases(rule), untested)?;
    let artefacts = match (&rule.body, target) {
        (Body::Sentinel(_), Target::SentinelYaml) => yaml::artefacts(rule, &mark)?,
        (Body::Sentinel(sentinel), _) => arm::artefacts(rule, sentinel, &mark)?,
        (Body::Panther(panther, body), _) => {
            panther::artefacts(rule, panther, body.as_deref(), &mark)?
        }
    };
    files::write(rule, folder, artefacts)
}

/// The name of the rule's file, and the same without its ending.
fn file_name(rule: &Rule) -> Result<(&str, &str), String> {
    let name = rule.path.file_name().and_then(|n| n.to_str());
    let stem = rule.path.file_stem().and_then(|n| n.to_str());
    name.zip(stem)
        .ok_or_else(|| format!("{} has no file name to export under", rule.path.display()))
}

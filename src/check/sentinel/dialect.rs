//! In whose dialect a rule is written.

use crate::check::Target;
use crate::yaml::{Document, Step, untagged};

/// How a duration is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `PT1H`
    Iso,
    /// `1h`
    Units,
    /// `01:00:00`
    DotNet,
}

impl Spelling {
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        crate::sentinel::parse_duration(text)?;
        Some(if text.starts_with(['P', 'p']) {
            Spelling::Iso
        } else if text.contains(':') {
            Spelling::DotNet
        } else {
            Spelling::Units
        })
    }
}

/// The target whose dialect a rule is written in. The spelling of its durations tells most: ISO in Sentinel-as-Code,
/// `1h` in the public repository. A rule with ISO durations and keys that Sentinel-as-Code does not know is one for the
/// service alone.
pub fn dialect_of(document: &Document) -> Target {
    let has = |key: &str| document.get(&[Step::from(key)]).is_some();
    let of_repository = ["status", "metadata", "sentinelEntitiesMappings"];
    let spelling = ["queryFrequency", "queryPeriod"].iter().find_map(|key| {
        let text = untagged(document.get(&[Step::from(*key)])?).as_str()?;
        Spelling::of(text)
    });
    match spelling {
        Some(Spelling::Iso) if of_repository.iter().any(|key| has(key)) => Target::Service,
        Some(Spelling::Iso) => Target::SentinelAsCode,
        Some(Spelling::Units | Spelling::DotNet) => Target::AzureSentinel,
        None if of_repository.iter().any(|key| has(key)) => Target::AzureSentinel,
        None if has("enabled") => Target::SentinelAsCode,
        None => Target::Service,
    }
}

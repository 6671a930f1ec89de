//! Whose rules a document is held against.

/// Where a rule is to go. The four disagree, so a check says whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Microsoft Sentinel itself: what its API refuses.
    Service,
    /// The public repository Azure/Azure-Sentinel: what its CI refuses.
    AzureSentinel,
    /// Sentinel-as-Code and its toolkit: a closed schema with ISO durations.
    SentinelAsCode,
    /// Panther and its command-line tool.
    Panther,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 4] = [
        Target::Service,
        Target::AzureSentinel,
        Target::SentinelAsCode,
        Target::Panther,
    ];

    /// As the command line and the JSON spell it.
    pub fn name(self) -> &'static str {
        match self {
            Target::Service => "service",
            Target::AzureSentinel => "azure-sentinel",
            Target::SentinelAsCode => "sentinel-as-code",
            Target::Panther => "panther",
        }
    }
}

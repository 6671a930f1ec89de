//! The logs room: forms, connectors, bad input, the sample logs. Cases are folders under `tests/logs`; see its README.

#[path = "logs/again.rs"]
mod again;
#[path = "logs/bad_input.rs"]
mod bad_input;
#[path = "logs/behind_damage.rs"]
mod behind_damage;
#[path = "logs/cases.rs"]
mod cases;
#[path = "logs/changed.rs"]
mod changed;
#[path = "logs/columns.rs"]
mod columns;
#[path = "logs/connectors.rs"]
mod connectors;
#[path = "logs/late.rs"]
mod late;
#[path = "logs/options.rs"]
mod options;
#[path = "logs/packed.rs"]
mod packed;
#[path = "logs/panther_paths.rs"]
mod panther_paths;
#[path = "logs/parquet_files.rs"]
mod parquet_files;
#[path = "logs/propose.rs"]
mod propose;
#[path = "logs/samples.rs"]
mod samples;
#[path = "logs/sieved.rs"]
mod sieved;
#[path = "logs/worse_input.rs"]
mod worse_input;
#[path = "logs/wrapped.rs"]
mod wrapped;

use rulewright::logs::{Dataset, Source};
use rulewright::task::{CancelToken, Progress};

/// Loads bytes under a name.
fn load(name: &str, bytes: impl Into<Vec<u8>>) -> Dataset {
    Dataset::from_sources(
        vec![Source {
            path: name.into(),
            bytes: Some(bytes.into()),
        }],
        &CancelToken::new(),
        &Progress::new(),
    )
}

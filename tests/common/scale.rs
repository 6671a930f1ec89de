//! Benchmark data in memory.

use rulewright::generate::{self, Options};
use rulewright::logs::Source;

/// The files of `generate scale --seed 1` whose names begin so, of so many events over some days.
pub fn scale(events: usize, days: u32, begin: &str) -> Vec<Source> {
    let options = Options {
        events: Some(events),
        days: Some(days),
        seed: Some(1),
    };
    let files = generate::generate(generate::SCALE, &options).expect("the size is in range");
    files
        .into_iter()
        .filter(|(name, _)| name.starts_with(begin))
        .map(|(name, bytes)| Source {
            path: name.into(),
            bytes: Some(bytes),
        })
        .collect()
}

//! What loading costs: 200,000 audit events and as many completions from memory and from files, and what the chain
//! rule costs on top of it, first and again. `cargo bench --bench load`.
//!
//! `compare.py` beside it measures whole processes over a million events of each, next to DuckDB.

use rulewright::generate;
use rulewright::kql::{self, Options};
use rulewright::logs::{Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use std::time::{Duration, Instant};

fn main() {
    let options = generate::Options {
        events: Some(200_000),
        days: Some(30),
        seed: Some(1),
    };
    let Ok(files) = generate::generate(generate::SCALE, &options) else {
        return println!("nothing was generated");
    };
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} MB in {} files", bytes >> 20, files.len());
    for only in [None, Some(0), Some(1)] {
        let mut times: Vec<Duration> = (0..5)
            .map(|_| {
                let sources: Vec<Source> = files
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| only.is_none_or(|only| only == *at))
                    .map(|(_, (name, bytes))| Source {
                        path: name.into(),
                        bytes: Some(bytes.clone()),
                    })
                    .collect();
                let start = Instant::now();
                let data = Dataset::from_sources(sources, &CancelToken::new(), &Progress::new());
                let took = start.elapsed();
                std::hint::black_box(data.event_count());
                took
            })
            .collect();
        times.sort();
        let what = only
            .and_then(|at| files.get(at))
            .map_or("all files", |(name, _)| name);
        println!(
            "{what}: best {:?}, median {:?}",
            times[0],
            times[times.len() / 2]
        );
    }
    from_files(&files);
}

/// Loads the files from disk and runs the chain rule over them.
fn from_files(files: &[(String, Vec<u8>)]) {
    const RULE: &str = include_str!("../../rules/sentinel/openai_config_to_abuse_chain.yaml");
    let Ok(folder) = tempfile::tempdir() else {
        return println!("no folder for the files");
    };
    for (name, bytes) in files {
        if std::fs::write(folder.path().join(name), bytes).is_err() {
            return println!("the files cannot be written");
        }
    }
    let rule: serde_yaml::Value = serde_yaml::from_str(RULE).unwrap_or_default();
    let query = rule.get("query").and_then(|q| q.as_str()).unwrap_or("");
    let mut times: Vec<[Duration; 3]> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let paths = [folder.path().to_owned()];
            let data = Dataset::load(&paths, &CancelToken::new(), &Progress::new());
            let loaded = start.elapsed();
            let options = Options::at(data.end().unwrap_or(0));
            let run = || {
                let start = Instant::now();
                let _ = std::hint::black_box(kql::run(query, &data, &options));
                start.elapsed()
            };
            [loaded, run(), run()]
        })
        .collect();
    times.sort();
    println!(
        "from disk: load, first run, second run: best {:?}",
        times[0]
    );
}

//! What loading costs: 200,000 audit events and as many completions from memory. `cargo bench --bench load`.

use rulewright::generate;
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
}

//! The committed sample logs are what `generate` makes, and hold what the scenarios promise.

use rulewright::generate::{self, Options};
use rulewright::kql::Catalog;
use rulewright::logs::{Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use std::io::Read;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs")
}

/// Names of what is committed: everything but the benchmark data.
fn committed() -> Vec<String> {
    generate::list()
        .into_iter()
        .map(|entry| entry.name)
        .filter(|name| name != generate::SCALE)
        .collect()
}

fn generated(name: &str) -> Vec<(String, Vec<u8>)> {
    generate::generate(name, &Options::default()).expect("a listed name can be generated")
}

/// The unpacked bytes: the packer may change, what it packs may not.
fn unpacked(name: &str, bytes: &[u8]) -> Vec<u8> {
    if !name.ends_with(".gz") {
        return bytes.to_vec();
    }
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .read_to_end(&mut text)
        .expect("gzip");
    text
}

/// `UPDATE_SAMPLE_LOGS=1 cargo verify --test logs` writes them anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "the flag that updates the files")]
fn committed_files_are_what_generate_makes() {
    let update = std::env::var_os("UPDATE_SAMPLE_LOGS").is_some();
    let mut total = 0;
    for name in committed() {
        let dir = folder().join(&name);
        for (file, bytes) in generated(&name) {
            let path = dir.join(&file);
            if update {
                std::fs::create_dir_all(&dir).expect("folder");
                std::fs::write(&path, &bytes).expect("written");
            }
            let there =
                std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            total += there.len();
            assert!(
                unpacked(&file, &there) == unpacked(&file, &bytes),
                "{} differs from what generate makes; UPDATE_SAMPLE_LOGS=1 writes it anew",
                path.display()
            );
        }
        let files = std::fs::read_dir(&dir).expect("folder").count();
        assert_eq!(files, generated(&name).len(), "files in {}", dir.display());
    }
    assert!(total < 4 << 20, "the sample logs have {total} bytes");
}

fn load_folder(name: &str) -> Dataset {
    Dataset::load(
        &[folder().join(name)],
        &CancelToken::new(),
        &Progress::new(),
    )
}

fn rows(data: &Dataset, table: &str) -> usize {
    data.table(table).expect("a bundled table").rows
}

/// Numbers of events as in the facts the scenarios were written from.
#[test]
fn scenarios_load_whole() {
    const COUNTS: [(&str, usize, usize); 10] = [
        ("c1-hijacked-session", 4, 46),
        ("c2-owner-for-contractor", 5, 260),
        ("c3-blinded-defenders", 9, 80),
        ("c4-outsider-invited", 11, 35),
        ("c5-leaked-admin-key", 4, 97),
        ("b1-key-rotation", 3, 30),
        ("b2-safety-evaluation", 2, 400),
        ("b3-onboarding-day", 36, 74),
        ("b4-terraform-run", 6, 441),
        ("b5-access-review", 10, 7),
    ];
    assert_eq!(generate::scenarios().len(), COUNTS.len());
    for (name, audit, completions) in COUNTS {
        let data = load_folder(name);
        for file in data.files() {
            assert!(file.rejected.is_empty(), "{file:?}");
        }
        assert_eq!(rows(&data, "OpenAIAuditLogs"), audit, "{name}");
        assert_eq!(rows(&data, "OpenAIAuditLogs_CL"), audit, "{name}");
        assert_eq!(rows(&data, "ASimAgentEventLogs"), completions, "{name}");
        assert_eq!(rows(&data, "OpenAIChatCompletions"), completions, "{name}");
        assert_eq!(data.event_count(), audit + completions, "{name}");
        assert_eq!(data.panther_events("OpenAI.Audit").len(), audit, "{name}");
        let scenario = generate::scenarios()
            .iter()
            .find(|s| s.name == name)
            .expect("listed");
        assert_eq!(scenario.expected.audit, audit);
        assert_eq!(scenario.expected.completions, completions);
    }
}

#[test]
fn the_samples_use_several_forms() {
    let data = Dataset::load(&[folder()], &CancelToken::new(), &Progress::new());
    for form in ["api_envelope", "ndjson", "json_array", "gzip+ndjson"] {
        assert!(data.files().iter().any(|f| f.form == form), "{form}");
    }
    assert!(data.files().iter().all(|f| f.rejected.is_empty()));
}

/// The combined day has every event of every scenario, and its other events are other people's.
#[test]
fn the_combined_day_holds_all_scenarios() {
    let data = load_folder(generate::COMBINED_DAY);
    let mut ids = std::collections::HashSet::new();
    for id in 0..data.event_count() as u32 {
        ids.insert(data.event(id).and_then(|e| e.record_id).expect("an id"));
    }
    assert_eq!(ids.len(), data.event_count(), "no id twice");
    let mut cast = std::collections::HashSet::new();
    let mut expected = std::collections::HashSet::new();
    for scenario in generate::scenarios() {
        for event in scenario
            .audit_events()
            .iter()
            .chain(&scenario.completion_events())
        {
            expected.insert(event["id"].as_str().expect("id").to_owned());
            for pointer in [
                "/actor/session/user/email",
                "/actor/api_key/user/email",
                "/input_user",
            ] {
                if let Some(user) = event.pointer(pointer).and_then(|u| u.as_str()) {
                    cast.insert(user.to_lowercase());
                }
            }
        }
    }
    assert!(expected.is_subset(&ids));
    for id in 0..data.event_count() as u32 {
        let record = data.event(id).and_then(|e| e.record_id).expect("an id");
        if !expected.contains(&record) {
            let raw = data.raw(id).expect("raw").to_lowercase();
            assert!(
                !cast.iter().any(|who| raw.contains(who.as_str())),
                "the background names a person of a scenario: {raw}"
            );
        }
    }
    assert!(data.files().iter().all(|f| f.rejected.is_empty()));
    // From the sign-in of the morning before, with which the first attack begins (2026-06-07T09:02:11Z),
    // to the end of the scenarios' day; the background stays within that day.
    let ticks = |seconds| rulewright::value::time::from_unix_seconds(seconds);
    for id in 0..data.event_count() as u32 {
        let event = data.event(id).expect("an event");
        assert!(event.time >= ticks(1_780_822_931) && event.time < ticks(1_780_963_200));
        let record = event.record_id.expect("an id");
        assert!(event.time >= ticks(1_780_876_800) || expected.contains(&record));
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let options = |seed| Options {
        events: Some(400),
        days: Some(2),
        seed: Some(seed),
    };
    for name in [generate::COMBINED_DAY, generate::SCALE] {
        let make = |seed| generate::generate(name, &options(seed)).expect("made");
        assert!(make(7) == make(7), "{name}");
        assert!(make(7) != make(8), "{name}");
    }
    assert!(generate::generate("nothing", &Options::default()).is_err());
    let none = Options {
        days: Some(0),
        ..Options::default()
    };
    assert!(generate::generate(generate::SCALE, &none).is_err());
}

#[test]
fn benchmark_data_loads_whole_and_ends_at_its_clock() {
    let options = Options {
        events: Some(5_000),
        ..Options::default()
    };
    let sources = generate::generate(generate::SCALE, &options)
        .expect("made")
        .into_iter()
        .map(|(name, bytes)| Source {
            path: name.into(),
            bytes: Some(bytes),
        })
        .collect();
    let data = Dataset::from_sources(sources, &CancelToken::new(), &Progress::new());
    assert_eq!(rows(&data, "OpenAIAuditLogs"), 5_000);
    assert_eq!(rows(&data, "OpenAIChatCompletions"), 5_000);
    assert!(data.files().iter().all(|f| f.rejected.is_empty()));
    // 2026-06-08T00:00:00Z
    let end = rulewright::value::time::from_unix_seconds(1_780_876_800);
    assert_eq!(data.end(), end);
    let mut last = None;
    for id in 0..5_000 {
        let time = data.event(id).and_then(|e| e.time);
        assert!(time >= last, "ascending");
        last = time;
    }
}

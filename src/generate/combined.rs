//! `combined-day`: all scenarios on their day, among the ordinary work of other people.

use super::background::{Company, Volumes};
use super::write::{self, Form};
use super::{Options, scenario};
use fastrand::Rng;
use serde_json::Value as Json;

/// 2026-06-08T00:00:00Z, the scenarios' day, a Monday.
const DAY: i64 = 1_780_876_800;
/// In the third attack the logging of API calls is switched off: from here on the day's background is silent.
const SILENCE: i64 = DAY + 18 * 3600 + 9 * 60;
/// Background completions of a day: fewer than a real one has, so that the files stay small.
const COMPLETIONS: usize = 3_800;

pub(super) fn files(options: &Options) -> Result<Vec<(String, Vec<u8>)>, String> {
    let days = i64::from(options.days.unwrap_or(1));
    let completions = options.events.unwrap_or(COMPLETIONS);
    if completions.saturating_mul(days as usize) > super::MOST_EVENTS {
        return Err(format!(
            "at most {} completions in all are generated at once",
            super::MOST_EVENTS
        ));
    }
    let volumes = Volumes {
        services: completions * 10 / 19,
        interactive: completions - completions * 10 / 19,
    };
    let mut rng = Rng::with_seed(options.seed.unwrap_or(20_260_608));
    let company = Company::new(&mut rng);
    let mut audit = Vec::new();
    let mut chat = Vec::new();
    for day in (0..days).rev() {
        let midnight = DAY - day * 86_400;
        audit.extend(company.audit(&mut rng, midnight));
        chat.extend(company.completions(&mut rng, midnight, volumes));
    }
    chat.retain(|event| time(event) < SILENCE);
    for scenario in scenario::all() {
        audit.extend_from_slice(scenario.audit_events());
        chat.extend(scenario.completion_events());
    }
    // Stable: events of the same second keep the order in which they were made.
    audit.sort_by_key(|event| std::cmp::Reverse(time(event)));
    chat.sort_by_key(time);
    Ok(vec![
        write::file("audit", Form::EnvelopePretty, &audit),
        write::file("completions", Form::NdjsonGz, &chat),
    ])
}

fn time(event: &Json) -> i64 {
    ["effective_at", "created"]
        .iter()
        .find_map(|key| event.get(*key)?.as_i64())
        .unwrap_or(0)
}

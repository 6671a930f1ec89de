//! What the values of a member are.

use super::ProposedInput;
use crate::logs::connectors::plausible;
use crate::value::{Type, time};
use serde_json::Value as Json;

/// Whether a value says anything.
pub(super) fn is_filled(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// The type of a member with these values. Texts of loose records (CSV) may be anything; others are texts or times.
pub(super) fn of(member: &str, values: &[&Json], loose: bool) -> Type {
    let filled: Vec<&Json> = values.iter().filter(|v| is_filled(v)).copied().collect();
    if filled.is_empty() {
        return Type::String;
    }
    let all = |is: &dyn Fn(&Json) -> bool| filled.iter().all(|value| is(value));
    if all(&Json::is_boolean) {
        return Type::Bool;
    }
    if all(&Json::is_number) {
        if is_time_name(member) && all(&is_epoch) {
            return Type::DateTime;
        }
        return if all(&|v| v.is_i64()) {
            Type::Long
        } else {
            Type::Real
        };
    }
    if all(&Json::is_string) {
        let texts: Vec<&str> = filled.iter().filter_map(|v| v.as_str()).collect();
        return of_texts(member, &texts, loose);
    }
    if filled.iter().any(|v| v.is_object() || v.is_array()) {
        return Type::Dynamic;
    }
    Type::String
}

fn of_texts(member: &str, texts: &[&str], loose: bool) -> Type {
    let all = |is: &dyn Fn(&str) -> bool| texts.iter().all(|text| is(text.trim()));
    if all(&is_iso) {
        return Type::DateTime;
    }
    if is_time_name(member) && all(&|text| is_epoch_text(text) || is_iso(text)) {
        return Type::DateTime;
    }
    if !loose {
        return Type::String;
    }
    if all(&|text| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")) {
        return Type::Bool;
    }
    if all(&is_json) {
        return Type::Dynamic;
    }
    // Identifiers of digits are no numbers, and 007 is not 7.
    if is_identifier_name(member) || !all(&is_plain_number) {
        return Type::String;
    }
    match all(&|text| text.parse::<i64>().is_ok()) {
        true => Type::Long,
        false => Type::Real,
    }
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    !leading
        && digits.len() <= 18
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && text.parse::<f64>().is_ok()
}

fn is_json(text: &str) -> bool {
    let begins = text.starts_with(['{', '[']);
    begins && crate::logs::json::parse(text).is_ok()
}

/// A day with a time of the day, as ISO 8601 writes it, in the times that events can have.
fn is_iso(text: &str) -> bool {
    text.len() >= 16
        && text.get(4..5) == Some("-")
        && time::parse_datetime(text).is_some_and(plausible)
}

fn is_epoch_text(text: &str) -> bool {
    text.len() >= 10 && text.parse::<i64>().is_ok_and(|n| is_epoch(&Json::from(n)))
}

/// A number of seconds or smaller units that makes a time which an event can have.
fn is_epoch(value: &Json) -> bool {
    const SECONDS: std::ops::Range<f64> = 1.4e9..4.2e9;
    let Some(number) = value.as_f64() else {
        return false;
    };
    [1.0, 1e3, 1e6, 1e9]
        .iter()
        .any(|unit| SECONDS.contains(&(number / unit)))
}

fn words(member: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut small_before = false;
    for c in member.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small_before) {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
        small_before = c.is_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_time_name(member: &str) -> bool {
    const WORDS: [&str; 24] = [
        "time",
        "date",
        "datetime",
        "timestamp",
        "ts",
        "at",
        "created",
        "updated",
        "modified",
        "expires",
        "expiration",
        "expiry",
        "published",
        "start",
        "started",
        "end",
        "ended",
        "finished",
        "occurred",
        "seen",
        "when",
        "generated",
        "received",
        "epoch",
    ];
    let words = words(member);
    words
        .iter()
        .any(|word| WORDS.contains(&word.as_str()) || word.ends_with("time"))
}

fn is_identifier_name(member: &str) -> bool {
    const WORDS: [&str; 12] = [
        "id", "ids", "uid", "guid", "uuid", "account", "serial", "phone", "zip", "sid", "code",
        "number",
    ];
    let words = words(member);
    words
        .last()
        .is_some_and(|word| WORDS.contains(&word.as_str()))
        || words.iter().any(|word| word == "id" || word == "account")
}

/// The input that is the event's time: the best name among the times that all samples have, else that most have.
pub(super) fn event_time(inputs: &[ProposedInput], samples: usize) -> Option<usize> {
    // The time of the event itself before that of its arrival; the first is best.
    const NAMES: [&str; 22] = [
        "timegenerated",
        "p_event_time",
        "eventtime",
        "event_time",
        "@timestamp",
        "timestamp",
        "time",
        "createddatetime",
        "activitydatetime",
        "eventtimestamp",
        "effective_at",
        "datetime",
        "date",
        "occurred_at",
        "occurredat",
        "published",
        "created_at",
        "createdat",
        "created",
        "ts",
        "starttime",
        "_time",
    ];
    let times = || {
        inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| input.ty == Type::DateTime)
    };
    let score = |input: &ProposedInput| {
        let name = input.member.to_lowercase();
        NAMES
            .iter()
            .position(|known| *known == name)
            .unwrap_or(NAMES.len())
    };
    let whole = times().filter(|(_, input)| input.filled == samples);
    whole
        .min_by_key(|(_, input)| score(input))
        .or_else(|| times().max_by_key(|(_, input)| (input.filled, NAMES.len() - score(input))))
        .map(|(at, _)| at)
}

//! `scale`: any amount of benchmark data, ascending in time, one event a line.
//!
//! Beside the bulk it holds what a wrong shortcut would stumble over: actors without a session, e-mail addresses in
//! mixed case, users that are null or services, second choices that ended with `length` (only the first counts),
//! a finish reason quoted inside a message, roles whose principal (not whose name) says "admin", deleted owner roles,
//! names outside ASCII; and 60 chains by people who do nothing else, in six kinds (see [`KINDS`]).

use super::Options;
use super::people::{hex, id};
use fastrand::Rng;
use std::fmt::Write;

/// 2026-06-08T00:00:00Z: the last event's time, and the clock of the benchmark.
const END: i64 = 1_780_876_800;
/// Chains that are planted where there is room for them.
const CHAINS: usize = 60;
/// How long after the change the abuse follows, in seconds, or that the change lies exactly a day before the end
/// (`None`; the abuse follows after an hour). With a window of a day and a join up to 24 hours after the change,
/// `0`, 90 minutes and 24 hours match; a second more, a second before, and a change exactly at the edge do not.
const KINDS: [Option<i64>; 6] = [
    Some(90 * 60),
    Some(0),
    Some(24 * 3600),
    Some(24 * 3600 + 1),
    Some(-1),
    None,
];
const USERS: usize = 2_000;

pub(super) fn files(options: &Options) -> Vec<(String, Vec<u8>)> {
    let count = options.events.unwrap_or(10_000);
    let span = i64::from(options.days.unwrap_or(30)) * 86_400;
    let mut rng = Rng::with_seed(options.seed.unwrap_or(42));
    let chains = plan(&mut rng, count, span);
    let mut audit_text = String::new();
    for (at, planted) in times(count, span, chains.iter().map(|c| (c.change, &*c.user))) {
        audit(&mut rng, &mut audit_text, at, planted);
    }
    let mut completion_text = String::new();
    for (at, planted) in times(count, span, chains.iter().map(|c| (c.abuse, &*c.user))) {
        completion(&mut rng, &mut completion_text, at, planted);
    }
    vec![
        ("audit.ndjson".to_owned(), audit_text.into_bytes()),
        (
            "completions.ndjson".to_owned(),
            completion_text.into_bytes(),
        ),
    ]
}

/// A planted chain: the times of the change and of the abuse, and whose they are.
struct Chain {
    change: i64,
    abuse: i64,
    user: String,
}

fn plan(rng: &mut Rng, count: usize, span: i64) -> Vec<Chain> {
    (0..CHAINS.min(count / 4))
        .map(|n| {
            let kind = KINDS.get(n % KINDS.len()).copied().flatten();
            // Every third round lies within the last day, as far as its kind allows.
            let back = if (n / KINDS.len()).is_multiple_of(3) {
                rng.i64(3 * 3600..20 * 3600)
            } else {
                rng.i64(2 * 86_400..(span - 86_400).max(2 * 86_400 + 1))
            };
            let change = match kind {
                Some(gap) if gap >= 24 * 3600 => END - back.max(26 * 3600),
                Some(_) => END - back,
                None => END - 24 * 3600,
            }
            .max(END - span + 1);
            Chain {
                change,
                abuse: (change + kind.unwrap_or(3600)).min(END),
                user: format!("Chain.{n:02}@Larkspur.example"),
            }
        })
        .collect()
}

/// The times of a file in ascending order: the bulk evenly over the span up to the end, the planted at theirs.
fn times<'a>(
    count: usize,
    span: i64,
    planted: impl ExactSizeIterator<Item = (i64, &'a str)>,
) -> Vec<(i64, Option<&'a str>)> {
    let bulk = count.saturating_sub(planted.len());
    let step = |n: usize| (n as i128 + 1) * i128::from(span) / (bulk.max(1) as i128);
    let mut times: Vec<_> = (0..bulk)
        .map(|n| (END - span + step(n) as i64, None))
        .collect();
    times.extend(planted.map(|(at, user)| (at, Some(user))));
    times.sort_by_key(|(at, _)| *at);
    times
}

/// The number and the address of someone.
fn user(rng: &mut Rng) -> (usize, String) {
    let n = rng.usize(..USERS);
    // Every eighth address is written in mixed case, differently from time to time.
    if n.is_multiple_of(8) && rng.bool() {
        (n, format!("User.{n:04}@Larkspur.Example"))
    } else {
        (n, format!("user.{n:04}@larkspur.example"))
    }
}

/// The type and details of a bulk event. Two in a hundred are changes that the bundled rule looks for.
fn bulk(rng: &mut Rng) -> (&'static str, String) {
    let key = id(rng, "key_", 16);
    let principal = id(rng, "user-", 24);
    match rng.u32(..1000) {
        0..6 => (
            "api_key.created",
            format!(r#"{{"id":"{key}","data":{{"scopes":["api.model.request"]}}}}"#),
        ),
        6..9 => (
            "invite.sent",
            format!(
                r#"{{"id":"{key}","data":{{"email":"zoë.müller@partner.example","role":"member"}}}}"#
            ),
        ),
        9..18 => {
            let role = match rng.u8(..3) {
                // One in three is an administrator's role; the others only speak of one elsewhere.
                0 => "API-Billing-Administrator",
                1 => "api-project-viewer",
                _ => "api-organization-reader",
            };
            (
                "role.assignment.created",
                format!(
                    r#"{{"id":"role_assignment_role-{role}__api-project__proj_admin_{principal}","principal_id":"{principal}-admin","principal_type":"user","resource_id":"proj_admin","resource_type":"api.project"}}"#
                ),
            )
        }
        18..20 => (
            "role.assignment.deleted",
            format!(
                r#"{{"id":"role_assignment_role-api-organization-owner__api-organization__org-1_{principal}","principal_id":"{principal}","principal_type":"user","resource_id":"org-1","resource_type":"api.organization"}}"#
            ),
        ),
        20..80 => (
            "login.failed",
            r#"{"error_code":"invalid_credentials","error_message":"Ungültiges Kennwort"}"#
                .to_owned(),
        ),
        80..200 => ("logout.succeeded", "{}".to_owned()),
        200..240 => ("api_key.deleted", format!(r#"{{"id":"{key}"}}"#)),
        240..260 => (
            "rate_limit.updated",
            r#"{"id":"rl-gpt-5.4","changes_requested":{"max_requests_per_1_minute":600}}"#
                .to_owned(),
        ),
        _ => ("login.succeeded", String::new()),
    }
}

fn audit(rng: &mut Rng, text: &mut String, at: i64, planted: Option<&str>) {
    let (event_type, details) = match planted {
        Some(_) => (
            "api_key.created",
            format!(r#"{{"id":"{}"}}"#, id(rng, "key_", 16)),
        ),
        None => bulk(rng),
    };
    let by_key = planted.is_none() && rng.u8(..100) < 15;
    let (n, email) = planted.map_or_else(|| user(rng), |who| (USERS, who.to_owned()));
    let actor_id = format!("user-{n:024}");
    let actor = if by_key {
        format!(
            r#"{{"type":"api_key","api_key":{{"id":"{}","type":"user","user":{{"id":"{actor_id}","email":"{email}"}}}}}}"#,
            id(rng, "key_", 16),
        )
    } else {
        format!(
            r#"{{"type":"session","session":{{"user":{{"id":"{actor_id}","email":"{email}"}},"ip_address":"198.51.100.{}","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0","ja3":"353a03072e841d5004dfaa78561ccc70","ja4":"t13d1715h2_5b57614c22b0_3d5424432f57","ip_address_details":{{"country":"NL","city":"Utrecht","region":"Utrecht","region_code":"UT","asn":"64496","latitude":"52.09083","longitude":"5.12222"}}}}}}"#,
            n % 250,
        )
    };
    // Writing to a string does not fail.
    let _ = write!(
        text,
        r#"{{"object":"organization.audit_log","id":"{}","type":"{event_type}","effective_at":{at},"actor":{actor}"#,
        id(rng, "audit_log-", 24),
    );
    if !details.is_empty() {
        let _ = write!(text, r#","{event_type}":{details}"#);
    }
    text.push_str("}\n");
}

fn completion(rng: &mut Rng, text: &mut String, at: i64, planted: Option<&str>) {
    let reason = match (planted, rng.u32(..1000)) {
        (Some(_), _) => "content_filter",
        (None, 0..12) => "length",
        (None, 12..15) => "content_filter",
        (None, 15..85) => "tool_calls",
        _ => "stop",
    };
    let who = match (planted, rng.u8(..100)) {
        (Some(user), _) => format!("\"{user}\""),
        (None, 0..10) => "null".to_owned(),
        (None, 10..20) => "\"svc-ticket-router\"".to_owned(),
        _ => format!("\"{}\"", user(rng).1),
    };
    let content = if rng.u8(..50) == 0 {
        r#"The log line was {\"finish_reason\": \"content_filter\"}, naïve as it is."#
    } else {
        "The quick brown fox jumps over the lazy dog, and the answer goes on for a while after that, as answers do."
    };
    let choice = |index: u8, reason: &str| {
        format!(
            r#"{{"index":{index},"message":{{"content":"{content}","role":"assistant","tool_calls":null,"function_call":null}},"finish_reason":"{reason}","logprobs":null}}"#
        )
    };
    let mut choices = choice(0, reason);
    if rng.u8(..20) == 0 {
        choices.push(',');
        choices.push_str(&choice(1, "length"));
    }
    let (prompt, answer) = (rng.u32(40..1600), rng.u32(1..900));
    let _ = writeln!(
        text,
        r#"{{"object":"chat.completion","id":"{}","model":"{}","created":{at},"request_id":"{}","tool_choice":null,"usage":{{"total_tokens":{},"completion_tokens":{answer},"prompt_tokens":{prompt}}},"seed":{},"top_p":1.0,"temperature":1.0,"presence_penalty":0.0,"frequency_penalty":0.0,"system_fingerprint":"fp_50cad350e4","input_user":{who},"service_tier":"default","tools":null,"metadata":{{"app":"docs-search"}},"choices":[{choices}],"response_format":null}}"#,
        id(rng, "chatcmpl-", 29),
        if rng.bool() {
            "gpt-5.4"
        } else {
            "gpt-5.4-mini"
        },
        hex(rng, "req_", 32),
        prompt + answer,
        rng.i64(0..),
    );
}

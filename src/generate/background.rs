//! An ordinary workday of a company of 400: about 115 audit events, and completions of services and of people.

use super::people::{Person, hex, id, pick, service_actor};
use super::{detail, people};
use fastrand::Rng;
use serde_json::{Map, Value as Json, json};

/// How many of each audit event a workday has; a fraction is a chance.
const AUDIT_PER_DAY: &[(&str, f64)] = &[
    ("login.succeeded", 75.0),
    ("login.failed", 6.0),
    ("logout.succeeded", 12.0),
    ("api_key.created", 4.0),
    ("api_key.deleted", 3.0),
    ("api_key.updated", 1.0),
    ("invite.sent", 2.0),
    ("invite.accepted", 2.0),
    ("user.added", 2.0),
    ("user.updated", 0.5),
    ("user.deleted", 0.5),
    ("project.created", 1.0),
    ("project.updated", 0.5),
    ("project.archived", 0.2),
    ("service_account.created", 1.0),
    ("service_account.deleted", 0.5),
    ("rate_limit.updated", 0.4),
    ("role.assignment.created", 2.0),
    ("role.assignment.deleted", 1.0),
    ("role.created", 0.1),
    ("group.created", 0.2),
    ("group.updated", 0.5),
    ("organization.updated", 0.05),
    ("ip_allowlist.updated", 0.05),
];

/// Who works here.
pub(super) struct Company {
    users: Vec<Person>,
    admins: usize,
}

/// How many completions a day has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Volumes {
    /// By services.
    pub services: usize,
    /// By people.
    pub interactive: usize,
}

impl Company {
    /// Sixty users of the platform, of whom twelve administer it.
    pub fn new(rng: &mut Rng) -> Self {
        Self {
            users: people::people(rng, 60),
            admins: 12,
        }
    }

    /// The audit events of the day that begins at `midnight` (unix seconds).
    pub fn audit(&self, rng: &mut Rng, midnight: i64) -> Vec<Json> {
        let mut events = Vec::new();
        for (event_type, per_day) in AUDIT_PER_DAY {
            let count = *per_day as usize + usize::from(rng.f64() < per_day.fract());
            for _ in 0..count {
                let at = midnight + office_second(rng);
                events.push(self.audit_event(rng, event_type, at));
            }
        }
        events
    }

    fn audit_event(&self, rng: &mut Rng, event_type: &str, at: i64) -> Json {
        let everyone = event_type.starts_with("log")
            || matches!(
                event_type,
                "api_key.created" | "api_key.deleted" | "invite.accepted"
            );
        let actors = if everyone {
            &self.users[..]
        } else {
            self.users.get(..self.admins).unwrap_or(&self.users)
        };
        let person = pick(rng, actors);
        // Keys do some of the administration; sign-ins and invitations are answered in the browser.
        let by_key = !everyone && rng.u8(..100) < 20;
        let actor = match person {
            Some(person) if by_key => person.key_actor(&id(rng, "key_", 16)),
            Some(person) => person.session_actor(),
            None => service_actor("key_none", "svc_acct_none"),
        };
        let mut event = Map::new();
        event.insert("object".to_owned(), json!("organization.audit_log"));
        event.insert("id".to_owned(), json!(id(rng, "audit_log-", 24)));
        event.insert("type".to_owned(), json!(event_type));
        event.insert("effective_at".to_owned(), json!(at));
        if event_type.starts_with("api_key") || by_key {
            event.insert(
                "project".to_owned(),
                json!({ "id": detail::PROJECT, "name": "Default project" }),
            );
        }
        event.insert("actor".to_owned(), actor);
        if let Some(detail) = detail::of(rng, event_type, &self.users) {
            event.insert(event_type.to_owned(), detail);
        }
        Json::Object(event)
    }

    /// The completions of the day that begins at `midnight`.
    pub fn completions(&self, rng: &mut Rng, midnight: i64, volumes: Volumes) -> Vec<Json> {
        const APPS: [&str; 5] = [
            "docs-search",
            "ticket-router",
            "helpdesk-bot",
            "release-notes",
            "catalogue-tagger",
        ];
        let mut events = Vec::new();
        for _ in 0..volumes.services {
            let at = midnight + rng.i64(0..86_400);
            let app = pick(rng, &APPS).copied().unwrap_or("docs-search");
            // Some services stamp their own name as the user.
            let user = (rng.u8(..100) < 30).then(|| Json::from(format!("svc-{app}")));
            events.push(completion(rng, at, user, json!({ "app": app })));
        }
        for n in 0..volumes.interactive {
            let at = midnight + office_second(rng);
            let person = self.users.get(n % self.users.len().max(1));
            let user = person.map(|p| Json::from(p.email.as_str()));
            events.push(completion(rng, at, user, json!({})));
        }
        events
    }
}

/// A second of the day, most likely around noon and between seven and nineteen o'clock.
fn office_second(rng: &mut Rng) -> i64 {
    7 * 3600 + (rng.i64(0..12 * 3600) + rng.i64(0..12 * 3600)) / 2
}

fn completion(rng: &mut Rng, at: i64, user: Option<Json>, metadata: Json) -> Json {
    let reason = match rng.u32(..1000) {
        0..905 => "stop",
        905..975 => "tool_calls",
        975..998 => "length",
        _ => "content_filter",
    };
    let prompt = rng.u32(40..1600);
    let answer = match reason {
        "content_filter" => 0,
        "length" => 4096,
        _ => rng.u32(20..900),
    };
    let model = if rng.u8(..100) < 70 {
        "gpt-5.4"
    } else {
        "gpt-5.4-mini"
    };
    let tool_calls = if reason == "tool_calls" {
        json!([{
            "id": id(rng, "call_", 24),
            "type": "function",
            "function": { "name": "lookup", "arguments": "{}" },
        }])
    } else {
        Json::Null
    };
    let content = if answer == 0 || reason == "tool_calls" {
        Json::Null
    } else {
        json!("(omitted)")
    };
    json!({
        "object": "chat.completion",
        "id": id(rng, "chatcmpl-", 29),
        "model": model,
        "created": at,
        "request_id": hex(rng, "req_", 32),
        "tool_choice": null,
        "usage": {
            "total_tokens": prompt + answer,
            "completion_tokens": answer,
            "prompt_tokens": prompt,
        },
        "seed": rng.i64(0..),
        "top_p": 1.0,
        "temperature": 1.0,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "system_fingerprint": "fp_50cad350e4",
        "input_user": user,
        "service_tier": "default",
        "tools": null,
        "metadata": metadata,
        "choices": [{
            "index": 0,
            "message": {
                "content": content,
                "role": "assistant",
                "tool_calls": tool_calls,
                "function_call": null,
            },
            "finish_reason": reason,
            "logprobs": null,
        }],
        "response_format": null,
    })
}

//! `openai-audit`: events of OpenAI's audit log → `OpenAIAuditLogs`.
//!
//! | column | type | from |
//! |---|---|---|
//! | TimeGenerated | datetime | `effective_at`; on the platform the time of ingestion where that is null, here null |
//! | Id | string | `id` |
//! | EventType | string | `type` |
//! | EffectiveAt | datetime | `effective_at` |
//! | ActorType | string | `actor.type` |
//! | ActorApiKey | dynamic | `actor.api_key` |
//! | ActorSession | dynamic | `actor.session` |
//! | Project | dynamic | `project` |
//! | EventDetails | dynamic | the member named like the type: with dots as in the API, or with underscores as Panther spells it |
//! | ConnectorName | string | `friendlyName`, the name a person gave the platform's connector; `""` in raw events |

use super::{Connector, Remarks, Row, dynamic, instant, text};
use crate::logs::columns::{Cell, ColumnDef, Storage};
use crate::logs::json::Node;
use crate::value::Type;

/// The connector.
pub(super) struct OpenAiAudit;

const fn column(name: &'static str, ty: Type, storage: Storage) -> ColumnDef {
    ColumnDef { name, ty, storage }
}

static COLUMNS: &[ColumnDef] = &[
    column("TimeGenerated", Type::DateTime, Storage::Plain),
    column("Id", Type::String, Storage::Plain),
    column("EventType", Type::String, Storage::Coded),
    column("EffectiveAt", Type::DateTime, Storage::Plain),
    column("ActorType", Type::String, Storage::Coded),
    column("ActorApiKey", Type::Dynamic, Storage::Coded),
    column("ActorSession", Type::Dynamic, Storage::Coded),
    column("Project", Type::Dynamic, Storage::Coded),
    column("EventDetails", Type::Dynamic, Storage::Plain),
    column("ConnectorName", Type::String, Storage::Coded),
];

impl Connector for OpenAiAudit {
    fn id(&self) -> &'static str {
        "openai-audit"
    }

    fn tables(&self) -> &'static [&'static str] {
        &["OpenAIAuditLogs", "OpenAIAuditLogs_CL"]
    }

    fn log_type(&self) -> Option<&'static str> {
        Some("OpenAI.Audit")
    }

    fn columns(&self) -> &'static [ColumnDef] {
        COLUMNS
    }

    fn id_column(&self) -> &'static str {
        "Id"
    }

    fn takes(&self, event: &Node<'_>) -> bool {
        let text = |key: &str| event.text(key);
        text("type").is_some()
            && match text("p_log_type") {
                Some(log_type) => matches!(log_type, "OpenAI.Audit" | "OpenAI.AuditLogs"),
                None => {
                    text("object") == Some("organization.audit_log")
                        || (event.get("effective_at").is_some() && event.get("choices").is_none())
                }
            }
    }

    fn missing(&self, event: &Node<'_>) -> Option<String> {
        let is_list = |key| matches!(event.get(key), Some(Node::List(_)));
        if is_list("choices") || is_list("messages") {
            return None;
        }
        let looks = "looks like an OpenAI audit event but has no";
        let untyped = |ty: Option<&Node<'_>>| match ty {
            None | Some(Node::Null) => format!("{looks} `type`"),
            Some(_) => "looks like an OpenAI audit event but its `type` is not text".to_owned(),
        };
        if event.text("type").is_none() {
            let is_audit = event.text("object") == Some("organization.audit_log")
                || event.get("effective_at").is_some();
            return is_audit.then(|| untyped(event.get("type")));
        }
        // An event has an identifier or an actor, and its details stand under its type.
        let name = event.text("type").unwrap_or("");
        let details = name.contains('.')
            && (event.get(name).is_some() || event.get(&panther_key(name)).is_some());
        let is_audit = event.get("id").is_some() || event.get("actor").is_some() || details;
        is_audit.then(|| format!("{looks} `effective_at`"))
    }

    fn read(&self, event: &Node<'_>) -> Row {
        let mut remarks = Remarks::default();
        let effective = instant(event.get("effective_at"), &mut remarks);
        let time = effective.map_or(Cell::Null, Cell::Time);
        let actor = event.get("actor");
        let of_actor = |key: &str| actor.and_then(|a| a.get(key));
        let name = event.text("type").unwrap_or("");
        let dotted = event.get(name).filter(|_| !name.is_empty());
        let underscored = || event.get(&panther_key(name));
        remarks.aliased = name.contains('.') && dotted.is_some() && underscored().is_none();
        Row {
            cells: vec![
                time.clone(),
                text(event.get("id")),
                text(event.get("type")),
                time,
                text(of_actor("type")),
                dynamic(of_actor("api_key")),
                dynamic(of_actor("session")),
                dynamic(event.get("project")),
                dynamic(dotted.or_else(underscored)),
                text(event.get("friendlyName")),
            ],
            time: effective,
            remarks,
        }
    }
}

/// Panther's spelling of the member that holds an event's details.
pub(in crate::logs) fn panther_key(event_type: &str) -> String {
    event_type.replace('.', "_")
}

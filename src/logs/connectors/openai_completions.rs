//! `openai-completions`: stored chat completions → `ASimAgentEventLogs`, of which `OpenAIChatCompletions` is the view.
//!
//! | column | type | from |
//! |---|---|---|
//! | TimeGenerated | datetime | `created` |
//! | EventStartTime | datetime | `created` |
//! | EventEndTime | datetime | `created` |
//! | EventUid | string | `id` |
//! | EventRequestId | string | `request_id` |
//! | ModelName | string | `model` |
//! | EventRequestTemperature | real | `temperature` |
//! | EventRequestTopP | real | `top_p` |
//! | EventRequestPresencePenalty | real | `presence_penalty` |
//! | EventRequestFrequencyPenalty | real | `frequency_penalty` |
//! | EventRequestSeed | long | `tolong(seed)` |
//! | ToolName | string | `tostring(tool_choice)` |
//! | EventOriginalType | string | `object` |
//! | EventOriginalResultDetails | string | `tostring(choices)` |
//! | InputTokensUsed | long | `usage.prompt_tokens` |
//! | OutputTokensUsed | long | `usage.completion_tokens` |
//! | EventVendor | string | `OpenAI` |
//! | EventProduct | string | `OpenAI API Platform` |
//! | EventSchema | string | `AgentEvent` |
//! | EventSchemaVersion | string | `0.1.0` |
//! | EventCount | int | 1 |
//! | EventType | string | `ChatCompletion` |
//! | ModelProviderName | string | `OpenAI` |
//! | AdditionalFields | dynamic | bag of `service_tier`, `system_fingerprint`, `response_format`, `tools`, `metadata`, `input_user` |
//! | EventFinishReasons | dynamic | `pack_array(tostring(choices[0].finish_reason))`: always one element, `[""]` where there is no reason |
//! | Type | string | the platform: the table's name |
//!
//! `created` null is the time of ingestion on the platform, here null. Only the first choice counts: what later
//! choices ended with is not in the table. The other columns of the table stand empty.

use super::{Connector, Remarks, Row, instant, long, real, text};
use crate::logs::columns::{Cell, ColumnDef, Storage};
use crate::logs::json::Node;
use crate::value::Type;
use serde_json::Value as Json;

/// The connector.
pub(super) struct OpenAiCompletions;

const fn column(name: &'static str, ty: Type, storage: Storage) -> ColumnDef {
    ColumnDef { name, ty, storage }
}

static COLUMNS: &[ColumnDef] = &[
    column("TimeGenerated", Type::DateTime, Storage::Plain),
    column("EventStartTime", Type::DateTime, Storage::Plain),
    column("EventEndTime", Type::DateTime, Storage::Plain),
    column("EventUid", Type::String, Storage::Plain),
    column("EventRequestId", Type::String, Storage::Plain),
    column("ModelName", Type::String, Storage::Coded),
    column("EventRequestTemperature", Type::Real, Storage::Plain),
    column("EventRequestTopP", Type::Real, Storage::Plain),
    column("EventRequestPresencePenalty", Type::Real, Storage::Plain),
    column("EventRequestFrequencyPenalty", Type::Real, Storage::Plain),
    column("EventRequestSeed", Type::Long, Storage::Plain),
    column("ToolName", Type::String, Storage::Coded),
    column("EventOriginalType", Type::String, Storage::Coded),
    column("EventOriginalResultDetails", Type::String, Storage::Plain),
    column("InputTokensUsed", Type::Long, Storage::Plain),
    column("OutputTokensUsed", Type::Long, Storage::Plain),
    column("EventVendor", Type::String, Storage::Fixed("OpenAI")),
    column(
        "EventProduct",
        Type::String,
        Storage::Fixed("OpenAI API Platform"),
    ),
    column("EventSchema", Type::String, Storage::Fixed("AgentEvent")),
    column("EventSchemaVersion", Type::String, Storage::Fixed("0.1.0")),
    column("EventCount", Type::Int, Storage::FixedInt(1)),
    column("EventType", Type::String, Storage::Fixed("ChatCompletion")),
    column("ModelProviderName", Type::String, Storage::Fixed("OpenAI")),
    column("AdditionalFields", Type::Dynamic, Storage::Coded),
    column("EventFinishReasons", Type::Dynamic, Storage::Coded),
    column("Type", Type::String, Storage::Fixed("ASimAgentEventLogs")),
    column("ActingAppId", Type::String, Storage::Empty),
    column("ActingAppName", Type::String, Storage::Empty),
    column("ActingAppType", Type::String, Storage::Empty),
    column("ActorUserId", Type::String, Storage::Empty),
    column("ActorUserIdType", Type::String, Storage::Empty),
    column("ActorUsername", Type::String, Storage::Empty),
    column("ActorUsernameType", Type::String, Storage::Empty),
    column("ActorUserScope", Type::String, Storage::Empty),
    column("ActorUserScopeId", Type::String, Storage::Empty),
    column("_BilledSize", Type::Real, Storage::Empty),
    column("EventErrorDetails", Type::String, Storage::Empty),
    column("EventOriginalErrorType", Type::String, Storage::Empty),
    column("EventOriginalRequestDetails", Type::String, Storage::Empty),
    column("EventOriginalUid", Type::String, Storage::Empty),
    column("EventOutputType", Type::String, Storage::Empty),
    column("EventResponseId", Type::String, Storage::Empty),
    column("EventSessionId", Type::String, Storage::Empty),
    column("EventSessionName", Type::String, Storage::Empty),
    column("EventThoughtProcessDetails", Type::String, Storage::Empty),
    column("EventThoughtProcessId", Type::String, Storage::Empty),
    column("_IsBillable", Type::String, Storage::Empty),
    column(
        "PlatformTargetAgentDescription",
        Type::String,
        Storage::Empty,
    ),
    column("PlatformTargetAgentId", Type::String, Storage::Empty),
    column("PlatformTargetAgentName", Type::String, Storage::Empty),
    column(
        "PlatformTargetOriginalAgentType",
        Type::String,
        Storage::Empty,
    ),
    column("_ResourceId", Type::String, Storage::Empty),
    column("SourceSystem", Type::String, Storage::Empty),
    column("SrcAgentBlueprintId", Type::String, Storage::Empty),
    column("SrcAgentDescription", Type::String, Storage::Empty),
    column("SrcAgentId", Type::String, Storage::Empty),
    column("SrcAgentName", Type::String, Storage::Empty),
    column("SrcAgentOriginalType", Type::String, Storage::Empty),
    column("SrcFQDN", Type::String, Storage::Empty),
    column("SrcIpAddr", Type::String, Storage::Empty),
    column("SrcPortNumber", Type::Int, Storage::Empty),
    column("_SubscriptionId", Type::String, Storage::Empty),
    column("TargetAgentBlueprintId", Type::String, Storage::Empty),
    column("TargetAgentDescription", Type::String, Storage::Empty),
    column("TargetAgentId", Type::String, Storage::Empty),
    column("TargetAgentName", Type::String, Storage::Empty),
    column("TargetAgentOriginalType", Type::String, Storage::Empty),
    column("TargetAgentUserId", Type::String, Storage::Empty),
    column("TargetAgentUsername", Type::String, Storage::Empty),
    column("TenantId", Type::String, Storage::Empty),
    column("ToolDescription", Type::String, Storage::Empty),
    column("ToolId", Type::String, Storage::Empty),
    column("ToolOriginalType", Type::String, Storage::Empty),
];

impl Connector for OpenAiCompletions {
    fn id(&self) -> &'static str {
        "openai-completions"
    }

    fn tables(&self) -> &'static [&'static str] {
        &["OpenAIChatCompletions", "ASimAgentEventLogs"]
    }

    fn log_type(&self) -> Option<&'static str> {
        None
    }

    fn columns(&self) -> &'static [ColumnDef] {
        COLUMNS
    }

    fn id_column(&self) -> &'static str {
        "EventUid"
    }

    fn takes(&self, event: &Node<'_>) -> bool {
        event.text("object") == Some("chat.completion")
            || (matches!(event.get("choices"), Some(Node::List(_)))
                && event.get("created").is_some())
    }

    fn missing(&self, event: &Node<'_>) -> Option<String> {
        let looks = "looks like an OpenAI chat completion but";
        match (event.get("choices"), event.get("created")) {
            (Some(Node::List(_)), None) => {
                Some(format!("{looks} has neither `object` nor `created`"))
            }
            (Some(_), Some(_)) => Some(format!("{looks} its `choices` are no list")),
            (None, Some(_)) if event.get("model").is_some() => {
                Some(format!("{looks} has neither `object` nor `choices`"))
            }
            _ => None,
        }
    }

    fn read(&self, event: &Node<'_>) -> Row {
        let mut remarks = Remarks::default();
        let created = instant(event.get("created"), &mut remarks);
        let time = created.map_or(Cell::Null, Cell::Time);
        let usage = event.get("usage");
        let of_usage = |key: &str| usage.and_then(|u| u.get(key));
        let choices = event.get("choices");
        Row {
            cells: vec![
                time.clone(),
                time.clone(),
                time,
                text(event.get("id")),
                text(event.get("request_id")),
                text(event.get("model")),
                real(event.get("temperature")),
                real(event.get("top_p")),
                real(event.get("presence_penalty")),
                real(event.get("frequency_penalty")),
                long(event.get("seed")),
                text(event.get("tool_choice")),
                text(event.get("object")),
                text(choices),
                long(of_usage("prompt_tokens")),
                long(of_usage("completion_tokens")),
                additional(event),
                finish_reasons(choices),
            ],
            time: created,
            remarks,
        }
    }
}

/// The bag of what has no column of its own; a member that is absent is null in it.
fn additional(event: &Node<'_>) -> Cell {
    let mut bag = String::from("{");
    for key in [
        "service_tier",
        "system_fingerprint",
        "response_format",
        "tools",
        "metadata",
        "input_user",
    ] {
        if bag.len() > 1 {
            bag.push(',');
        }
        bag.push('"');
        bag.push_str(key);
        bag.push_str("\":");
        match event.get(key) {
            Some(value) => bag.push_str(&value.to_json_text()),
            None => bag.push_str("null"),
        }
    }
    bag.push('}');
    Cell::Text(bag)
}

fn finish_reasons(choices: Option<&Node<'_>>) -> Cell {
    let reason = choices
        .and_then(Node::first)
        .and_then(|choice| choice.get("finish_reason"));
    Cell::Text(match reason {
        None | Some(Node::Null) => return Cell::Shared("[\"\"]"),
        Some(Node::Text(text)) => Json::from(vec![text.as_ref()]).to_string(),
        Some(other) => Json::from(vec![other.to_json_text()]).to_string(),
    })
}

//! A row of `ASimAgentEventLogs`, or of the older `OpenAIChatCompletions_CL`, back to the stored completion.

use super::{Event, dynamic, filled, number, row_shape, seconds};
use serde_json::{Map, Value as Json, json};

/// Turns a row back; none where the record is no such row.
pub(super) fn open(row: &Map<String, Json>) -> Option<Event> {
    if filled(row, "EventVendor") == Some("OpenAI")
        && filled(row, "EventType") == Some("ChatCompletion")
    {
        return Some((asim(row), row_shape(row).map(asim_shape)));
    }
    let has = |column: &&str| row.contains_key(*column);
    let others = ["InputUser", "ObjectType", "CreatedAt", "SystemFingerprint"];
    if ["Choices", "RequestId"].iter().all(has) && others.iter().any(has) {
        return Some((version_3_0(row), row_shape(row).map(older_shape)));
    }
    None
}

fn asim_shape(shape: &'static str) -> &'static str {
    if shape == "az_cli" {
        shape
    } else {
        "sentinel_chat_asim"
    }
}

fn older_shape(shape: &'static str) -> &'static str {
    if shape == "az_cli" {
        shape
    } else {
        "sentinel_chat_v30"
    }
}

fn text_or_null(row: &Map<String, Json>, column: &str) -> Json {
    filled(row, column).map_or(Json::Null, Json::from)
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

fn asim(row: &Map<String, Json>) -> Map<String, Json> {
    let bag = dynamic(row, "AdditionalFields").unwrap_or(Json::Null);
    let of_bag = |key: &str| bag.get(key).cloned().unwrap_or(Json::Null);
    // The whole answer may be cut by the table's limits: then at least the reason is kept.
    let choices = dynamic(row, "EventOriginalResultDetails")
        .filter(Json::is_array)
        .unwrap_or_else(|| {
            let reason = dynamic(row, "EventFinishReasons")
                .and_then(|reasons| reasons.get(0).cloned())
                .filter(|reason| reason != "");
            json!([{ "index": 0, "finish_reason": reason }])
        });
    object(json!({
        "object": filled(row, "EventOriginalType").unwrap_or("chat.completion"),
        "id": filled(row, "EventUid").unwrap_or(""),
        "model": text_or_null(row, "ModelName"),
        "created": seconds(row, &["EventStartTime", "TimeGenerated"]),
        "request_id": text_or_null(row, "EventRequestId"),
        "tool_choice": text_or_null(row, "ToolName"),
        "usage": {
            "completion_tokens": number(row, "OutputTokensUsed"),
            "prompt_tokens": number(row, "InputTokensUsed"),
        },
        "seed": number(row, "EventRequestSeed"),
        "top_p": number(row, "EventRequestTopP"),
        "temperature": number(row, "EventRequestTemperature"),
        "presence_penalty": number(row, "EventRequestPresencePenalty"),
        "frequency_penalty": number(row, "EventRequestFrequencyPenalty"),
        "system_fingerprint": of_bag("system_fingerprint"),
        "input_user": of_bag("input_user"),
        "service_tier": of_bag("service_tier"),
        "tools": of_bag("tools"),
        "metadata": of_bag("metadata"),
        "choices": choices,
        "response_format": of_bag("response_format"),
    }))
}

fn version_3_0(row: &Map<String, Json>) -> Map<String, Json> {
    object(json!({
        "object": filled(row, "ObjectType").unwrap_or("chat.completion"),
        "id": filled(row, "Id").unwrap_or(""),
        "model": text_or_null(row, "Model"),
        "created": seconds(row, &["CreatedAt", "TimeGenerated"]),
        "request_id": text_or_null(row, "RequestId"),
        "tool_choice": text_or_null(row, "ToolChoice"),
        "usage": dynamic(row, "Usage"),
        "seed": number(row, "Seed"),
        "top_p": number(row, "TopProbability"),
        "temperature": number(row, "Temperature"),
        "presence_penalty": number(row, "PresencePenalty"),
        "frequency_penalty": number(row, "FrequencyPenalty"),
        "system_fingerprint": text_or_null(row, "SystemFingerprint"),
        "input_user": text_or_null(row, "InputUser"),
        "service_tier": text_or_null(row, "ServiceTier"),
        "tools": dynamic(row, "Tools"),
        "metadata": dynamic(row, "Metadata"),
        "choices": dynamic(row, "Choices"),
        "response_format": dynamic(row, "ResponseFormat"),
    }))
}

//! The details of an ordinary audit event, by type.

use super::people::{Person, id, pick};
use fastrand::Rng;
use serde_json::{Value as Json, json};

/// The organisation of the scenarios.
pub(super) const ORGANISATION: &str = "org-nNuOfIoPEnzcITlffYSoAZKR";
/// Its default project.
pub(super) const PROJECT: &str = "proj_NH7FIrQyFDQCaHCHBa4ffz3q";

/// The object under the key named like the type; none where the type has no details.
pub(super) fn of(rng: &mut Rng, event_type: &str, people: &[Person]) -> Option<Json> {
    let user = pick(rng, people).map_or(String::new(), |p| p.id.clone());
    let name = pick(rng, &["search", "pricing", "triage", "forecast", "notes"]).copied();
    let scopes = json!(["api.model.request", "api.responses.write"]);
    Some(match event_type {
        "login.failed" => json!({
            "error_code": "invalid_credentials",
            "error_message": "Invalid username or password",
        }),
        "logout.succeeded" => json!({}),
        "api_key.created" => json!({ "id": id(rng, "key_", 16), "data": { "scopes": scopes } }),
        "api_key.updated" => {
            json!({ "id": id(rng, "key_", 16), "changes_requested": { "scopes": scopes } })
        }
        "api_key.deleted" => json!({ "id": id(rng, "key_", 16) }),
        "invite.sent" => {
            let email = pick(rng, people).map_or("", |p| p.email.as_str());
            json!({ "id": id(rng, "invite-", 24), "data": { "email": email, "role": "member" } })
        }
        "invite.accepted" => json!({ "id": id(rng, "invite-", 24) }),
        "user.added" => json!({ "id": user, "data": { "role": "member" } }),
        "user.updated" => json!({ "id": user, "changes_requested": { "role": "member" } }),
        "user.deleted" => json!({ "id": user }),
        "project.created" => {
            json!({ "id": id(rng, "proj_", 24), "data": { "name": name, "title": name } })
        }
        "project.updated" => {
            json!({ "id": id(rng, "proj_", 24), "changes_requested": { "title": name } })
        }
        "project.archived" => json!({ "id": id(rng, "proj_", 24) }),
        "service_account.created" => {
            json!({ "id": id(rng, "svc_acct_", 16), "data": { "role": "member" } })
        }
        "service_account.deleted" => json!({ "id": id(rng, "svc_acct_", 16) }),
        "rate_limit.updated" => json!({
            "id": "rl-gpt-5.4-mini",
            "changes_requested": { "max_requests_per_1_minute": 100 * rng.u32(5..20) },
        }),
        // Ordinary roles only: the one grant of an owner role in the combined day is a scenario's.
        "role.assignment.created" | "role.assignment.deleted" => {
            let role = pick(rng, &["viewer", "member", "reader"])
                .copied()
                .unwrap_or("viewer");
            json!({
                "id": format!("role_assignment_role-api-project-{role}__api-project__{PROJECT}_{user}"),
                "principal_id": user,
                "principal_type": "user",
                "resource_id": PROJECT,
                "resource_type": "api.project",
            })
        }
        "role.created" => json!({
            "id": id(rng, "role_", 12).to_uppercase().replacen("ROLE_", "role_", 1),
            "role_name": "Usage reader",
            "permissions": ["api.usage.read"],
            "resource_type": "api.organization",
            "resource_id": ORGANISATION,
        }),
        "group.created" => {
            json!({ "id": id(rng, "group_", 16), "data": { "group_name": name } })
        }
        "group.updated" => {
            json!({ "id": id(rng, "group_", 16), "changes_requested": { "group_name": name } })
        }
        "organization.updated" => json!({
            "id": ORGANISATION,
            "changes_requested": { "description": "Production organisation" },
        }),
        "ip_allowlist.updated" => json!({
            "id": id(rng, "ipallow_", 16),
            "allowed_ips": ["198.51.100.0/24", "2001:db8:40::/48"],
        }),
        _ => return None,
    })
}

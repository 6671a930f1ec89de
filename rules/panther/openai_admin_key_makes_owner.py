# What an event grants is in its details: under `data` where something is made, under `changes_requested` where it is changed.
MAKES = {
    "service_account.created": ("service_account_created", "data"),
    "service_account.updated": ("service_account_updated", "changes_requested"),
    "user.added": ("user_added", "data"),
    "user.updated": ("user_updated", "changes_requested"),
    "invite.sent": ("invite_sent", "data"),
}


def granted_role(event):
    where = MAKES.get(event.get("type"))
    if where is None:
        return ""
    role = event.deep_get(where[0], where[1], "role")
    return role.lower() if isinstance(role, str) else ""


def key_owner(event):
    return event.deep_get("actor", "api_key", "user", "email") or "an unknown person"


def subject(event):
    where = MAKES.get(event.get("type"))
    return event.deep_get(where[0], "id") or "an unknown account"


def rule(event):
    if event.deep_get("actor", "type") != "api_key":
        return False
    # Keys of service accounts are what automation uses; a person makes owners in the dashboard.
    if event.deep_get("actor", "api_key", "type") != "user":
        return False
    return granted_role(event) == "owner"


def severity(event):
    # A service account stays when its maker is removed, and nobody signs in to it.
    if event.get("type", "").startswith("service_account."):
        return "CRITICAL"
    return "DEFAULT"


def title(event):
    return f"OpenAI owner role given to {subject(event)} with an admin key of {key_owner(event)}"


def dedup(event):
    return event.deep_get("actor", "api_key", "id") or key_owner(event)


def alert_context(event):
    return {
        "event_type": event.get("type"),
        "event_id": event.get("id"),
        "subject_id": subject(event),
        "key_id": event.deep_get("actor", "api_key", "id"),
        "key_owner_email": event.deep_get("actor", "api_key", "user", "email"),
        "key_owner_id": event.deep_get("actor", "api_key", "user", "id"),
        "project_id": event.deep_get("project", "id"),
    }

# Role assignments are named after the role they grant:
#   role_assignment_role-<role name>__<resource type>__<resource>_<principal>
# A role that an organisation made itself has an opaque id instead (role_01J...), which tells nothing of its rights.
PRIVILEGED = ("owner", "admin")


def assignment(event, field):
    value = event.deep_get("role_assignment_created", field)
    return value if isinstance(value, str) else ""


def role_name(assignment_id):
    parts = assignment_id.split("_")
    if len(parts) < 3 or parts[:2] != ["role", "assignment"]:
        return ""
    if not parts[2].startswith("role-"):
        return ""
    return parts[2][len("role-") :].lower()


def rule(event):
    if event.get("type") != "role.assignment.created":
        return False
    name = role_name(assignment(event, "id"))
    return any(word in name for word in PRIVILEGED)


def severity(event):
    assignment_id = assignment(event, "id").lower()
    if "organization" in assignment(event, "resource_type").lower() and "owner" in assignment_id:
        return "CRITICAL"
    if "admin" in assignment_id:
        return "HIGH"
    return "DEFAULT"


def title(event):
    principal = assignment(event, "principal_id") or "an unknown principal"
    actor = event.deep_get("actor", "session", "user", "email") or "an unknown actor"
    return f"OpenAI admin role assigned to {principal} by {actor}"


def alert_context(event):
    return {
        "event_type": event.get("type"),
        "event_id": event.get("id"),
        "assignment_id": event.deep_get("role_assignment_created", "id"),
        "principal_id": event.deep_get("role_assignment_created", "principal_id"),
        "principal_type": event.deep_get("role_assignment_created", "principal_type"),
        "resource_id": event.deep_get("role_assignment_created", "resource_id"),
        "resource_type": event.deep_get("role_assignment_created", "resource_type"),
        "actor_email": event.deep_get("actor", "session", "user", "email"),
        "actor_id": event.deep_get("actor", "session", "user", "id"),
        "source_ip": event.deep_get("actor", "session", "ip_address"),
        "user_agent": event.deep_get("actor", "session", "user_agent"),
    }

def rule(event):
    return event.get("type") == "login.succeeded"


def alert_context(event):
    return {"user": event.deep_get("actor", "session", "user", "email")}

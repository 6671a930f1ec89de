LIMIT = 3


def rule(event):
    return event.get("type") == "role.granted"

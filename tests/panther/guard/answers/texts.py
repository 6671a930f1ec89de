# understood: rule, title, description, reference, severity, runbook, destinations, dedup, alert_context, unique
# Texts that events may hold: "a-b-the admin" "a-b" "x-y-owner-z" "-" "aé-b-ß" "HIGH" "low"
LEVELS = {"HIGH": "HIGH", "low": "low", 1: "INFO", "a-b": 5, None: "MEDIUM", True: "CRITICAL"}
TAGS = ("owner", "admin")


def part(event, key, default=""):
    value = event.get(key)
    return value if isinstance(value, str) else default


def rule(event):
    pieces = part(event, "name").split("-")
    if len(pieces) < 2 or pieces[:2] == ["x", "z"]:
        return False
    if pieces[0] == "a" and pieces[:2] != ["a", "b"]:
        return False
    return any(tag in pieces[-1] for tag in TAGS) or bool(pieces[1:])


def title(event):
    return (
        f"{event.get('name')} by {event.deep_get('actor', 'email', default='nobody')!s}"
        " and "
        f"{{{True}}}{event.get('n')}"
    )


def description(event):
    name = part(event, "name", default="none")
    return "é\n\"" + name + ("," + name if event.get("n") else "")


def reference(event):
    name = part(event, "name")
    return name[2:-1] + name[:-100] + name[1:] + name[-3:] + name[5:2] + name[0]


def severity(event):
    return LEVELS.get(event.get("level"), "DEFAULT")


def runbook(event):
    return LEVELS[event.get("level")]


def destinations(event):
    return [event.get("name"), "slack"] if event.get("n") else []


def dedup(event):
    return event.get("name") + ":" + str(event.get("n"))


def alert_context(event):
    context = {
        "name": event.get("name"),
        "list": event.get("list"),
        "object": event.get("object") or {"none": [None, 1.5, -0.0, 1e22]},
        "email": event.deep_get("actor", "email", default="é"),
        "actor": event.get("actor", {}),
        "nested": {"a": [event.get("n"), (1, 2.5), [event.deep_get("object", "a")]]},
        "first": part(event, "name").split("-")[0],
        "parts": part(event, "name").split("-"),
        "level": LEVELS.get(event.get("level")),
        "odd \"key\" é": event.get("LEVEL") if event.get("n") is None else len(part(event, "name")),
        "both": event.get("n") and event.get("list"),
    }
    return context


def unique(event):
    return event.get("list")[0] if event.get("list") else event.get("name")

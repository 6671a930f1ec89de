# understood: rule, title, description, runbook, destinations, dedup, alert_context, unique
# Texts that events may hold: "a,b,c" ","
PAIR = ("x", "y")


def rule(event):
    return event.get("name", "").split(",")[1] != "never"


def title(event):
    return "by " + event["name"] + f" {event['n']}"


def description(event):
    # A text and a number have no sum.
    return event.get("name") + 1 if event.get("n") == 1 else PAIR[event.get("n")]


def reference(event):
    return f"{event.get('n'):>4}{event.get('name')!r}"


def severity(event):
    try:
        return event["name"]
    except KeyError:
        return "LOW"


def runbook(event):
    return event.get("name").split("")[0] if event.get("n") else event.get("name").split(",")[2]


def destinations(event):
    return [event.get("name"), [event.get("n")]]


def dedup(event):
    return f"{event.get('list')}" if event.get("list") else PAIR[-2]


def alert_context(event):
    return {"a": event["name"], "set": {1, 2}} if event.get("n") else {"event": event, "name": event.get("name")}


def unique(event):
    return [1, 2][event.get("n") or 0] if event.get("n") else f"{event.get('object')}"

# understood: title, severity, alert_context
# Of alert_context a part is understood, which gives no value. What changes between events is never read: the list, the counter, a mapping that a function gets hold of.
SEEN = []
COUNT = 0
TABLE = {"a": "x"}


def remember(value):
    SEEN.append(value)
    return len(SEEN)


def rule(event):
    global COUNT
    COUNT += 1
    TABLE["a"] = str(COUNT)
    return remember(event.get("name")) % 3 != 0


def title(event):
    return "Seen " + str(event.get("name"))


def description(event):
    return f"{COUNT} of {len(SEEN)}"


def reference(event):
    return TABLE.get("a", "none")


def severity(event):
    return "HIGH" if event.get("name") == "x" else "low"


def runbook(event):
    return str(len(SEEN)) + " in all"


def dedup(event):
    return str(COUNT)


def alert_context(event):
    context = {"name": event.get("name")}
    context["more"] = COUNT
    return context

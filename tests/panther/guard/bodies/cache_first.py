# A call of something that may keep what it saw.
# python: 8-11
# asks: {"a": "y"}
SEEN = {}


def rule(event):
    SEEN[event.get("id")] = True
    if event.get("a") != "x":
        return False
    return len(SEEN) > 1

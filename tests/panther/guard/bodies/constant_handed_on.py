# Whoever has the list may change it.
# needs: `b` is `x`
# asks: {"a": "y"}
SEEN = ["start"]


def grow(target):
    target.append("more")


def rule(event):
    return event.get("a") in SEEN and event.get("b") == "x"


def title(event):
    grow(SEEN)
    return "t"

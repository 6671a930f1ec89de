# The list is changed while events go through: nothing is known of it.
# python: 8-10
# asks: {"a": "y"}, {"b": "y"}
SEEN = ["start"]


def rule(event):
    if event.get("a") not in SEEN:
        SEEN.append(event.get("a"))
        return False
    return event.get("b") == "x"

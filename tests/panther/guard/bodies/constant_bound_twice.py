# asks: {"a": "x"}, {"a": "y"}
NAME = "x"
NAME = "y"


def rule(event):
    return event.get("a") == NAME

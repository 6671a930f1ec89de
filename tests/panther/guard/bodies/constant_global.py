# asks: {"a": "y"}
NAME = "x"


def rule(event):
    return event.get("a") == NAME


def title(event):
    global NAME
    NAME = "y"
    return "t"

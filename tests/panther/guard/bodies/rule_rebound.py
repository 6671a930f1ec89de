# asks: {"a": "y"}, {}
def rule(event):
    return event.get("a") == "x"


def other(event):
    return event.get("a") != "x"


rule = other

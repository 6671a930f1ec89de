# asks: {"a": "y"}, {}
COUNT = {"n": 0}


def is_x(event):
    COUNT["n"] += 1
    return event.get("a") == "x"


def rule(event):
    if not is_x(event):
        return False
    return COUNT["n"] % 2 == 0

# asks: {"a": "x"}, {}
def turned(function):
    return lambda event: not function(event)


@turned
def is_x(event):
    return event.get("a") == "x"


def rule(event):
    return is_x(event)

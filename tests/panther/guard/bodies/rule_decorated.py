# asks: {"a": "y"}, {}
def turned(function):
    return lambda event: not function(event)


@turned
def rule(event):
    return event.get("a") == "x"

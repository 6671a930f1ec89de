# TypeError: the interpreter tells.
# asks: {"a": "y"}, {}
def rule(event):
    return event.get("a", "b", "c") == "x" and event.deep_get() == 1

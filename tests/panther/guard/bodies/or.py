# needs: `a` is `x`, or `b` is `y` and `c` is not empty
# refuses: {}, {"a": "z", "b": "y"}, {"b": "y", "c": 0}
# asks: {"a": "x"}, {"b": "y", "c": 1}
def rule(event):
    return event.get("a") == "x" or (event.get("b") == "y" and bool(event.get("c")))

# needs: `a` is one of `x`, `y`
# needs: `a` is `x` and `b` is `1`, or `a` is `y`
# refuses: {"a": "z"}, {}, {"a": "x", "b": 2}
# asks: {"a": "x", "b": 1}, {"a": "y"}
def rule(event):
    kind = event.get("a")
    if kind == "x":
        return event.get("b") == 1
    elif kind == "y":
        return True
    else:
        return False

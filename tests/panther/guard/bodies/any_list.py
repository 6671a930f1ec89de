# needs: `a` is one of `x`, `y`
# refuses: {}, {"a": "z"}
# asks: {"a": "x"}, {"a": "y"}
def rule(event):
    return any([event.get("a") == "x", event.get("a") == "y"])

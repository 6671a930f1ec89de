# needs: `a` is `x`, or `b` is `y`
# refuses: {}, {"a": "y"}
# asks: {"a": "x"}, {"b": "y"}
def rule(event):
    if event.get("a") == "x":
        return True
    if event.get("b") == "y":
        return True
    return False

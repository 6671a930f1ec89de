# needs: `a` is `x`
# needs: `b` is `y`
# refuses: {}, {"a": "x", "b": 1}
# asks: {"a": "x", "b": "y"}
def rule(event):
    if not (event.get("a") == "x" and event.get("b") == "y"):
        return False
    return True

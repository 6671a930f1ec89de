# needs: `a` is `x`
# needs: `b` is not `y`
# refuses: {}, {"a": "x", "b": "y"}
# asks: {"a": "x"}
def rule(event):
    if event.get("a") != "x" or event.get("b") == "y":
        return False
    return True

# needs: `a` is not `x`
# needs: `b` is `y`
# refuses: {"b": "x"}, {"a": "x", "b": "z"}
# asks: {"b": "y"}
def rule(event):
    name = event.get("a")
    if name == "x":
        return False
    name = event.get("b")
    return name == "y"

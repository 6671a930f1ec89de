# On one way the name is not bound: UnboundLocalError.
# needs: `b` is not empty
# needs: `a` is `x`
# refuses: {"b": 1}
# asks: {}, {"a": "x", "b": 1}
def rule(event):
    if event.get("b"):
        name = event.get("a")
    return name == "x"

# `and` gives the operand: a match only where it is exactly True, an exception where it is no boolean.
# needs: `a` is not empty
# needs: `b` is `x`
# refuses: {"a": false, "b": "x"}, {"a": 1, "b": 2}
# asks: {}, {"a": 0}, {"a": ""}, {"a": {}}, {"a": 1, "b": "x"}
def rule(event):
    return event.get("a") and event.get("b") == "x"

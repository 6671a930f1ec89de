# needs: `a` is one of `x`, `y`
# needs: `a` is `x` and `b` is not empty, or `a` is `y`
# refuses: {}, {"a": "z"}, {"a": "x", "b": false}
# asks: {"a": "y"}, {"a": "x", "b": true}, {"a": "x"}
def rule(event):
    return event.get("b") if event.get("a") == "x" else event.get("a") == "y"

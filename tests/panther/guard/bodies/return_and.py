# needs: `a` is `x`
# needs: `b` is one of `1`, `two`
# needs: `c` is not `z`
# refuses: {"a": "x", "b": 3, "c": 1}, {"a": "y"}, {"a": "x", "b": "two", "c": "z"}
# asks: {"a": "x", "b": 1.0}, {"a": "x", "b": true, "c": null}
def rule(event):
    return event.get("a") == "x" and event.get("b") in [1, "two"] and event.get("c") != "z"

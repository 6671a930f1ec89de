# Values of two paths are not computed with, but what is known of each is.
# needs: `a` is `x`
# needs: `event.get("b") == event.get("c")` holds
# refuses: {"a": "y", "b": 1, "c": 1}
# asks: {"a": "x", "b": 1, "c": 1}
def rule(event):
    return event.get("a") == "x" and event.get("b") == event.get("c")

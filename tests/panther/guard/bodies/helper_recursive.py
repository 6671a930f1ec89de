# needs: `a` is `x`
# refuses: {"a": "y"}
# asks: {"a": "x", "b": 1}
def again(event):
    return event.get("b") == 1 or again(event)


def rule(event):
    return event.get("a") == "x" and again(event)

# needs: `a` does not start with `x`
# needs: `a` does not start with `y`
# refuses: {"a": "xa"}, {"a": "y"}
# asks: {"a": "z"}, {}
def rule(event):
    return all(not event.get("a").startswith(word) for word in ["x", "y"])

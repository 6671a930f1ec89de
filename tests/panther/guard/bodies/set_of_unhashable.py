# An object or list in a set: TypeError.
# needs: `a` is one of `x`
# refuses: {"a": "y"}, {"a": null}, {}
# asks: {"a": {}}, {"a": []}, {"a": "x"}
def rule(event):
    return event.get("a") in {"x"}

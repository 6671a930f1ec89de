# needs: `a` is `x`
# refuses: {"a": "y"}, {"a": null}
# asks: {}, {"a": "x"}
def rule(event):
    return event.get("a", default="x") == "x"

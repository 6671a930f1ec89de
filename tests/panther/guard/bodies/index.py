# A missing key raises KeyError.
# needs: `a` is `x`
# needs: `b` is there
# refuses: {"a": "y"}, {"a": "x"}, {"a": null}
# asks: {}, {"A": "x", "B": null}
def rule(event):
    return event["a"] == "x" and "b" in event

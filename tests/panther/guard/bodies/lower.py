# What becomes of letters outside ASCII is left to Python.
# needs: `a` is (in any case) `x`
# refuses: {"a": "Y"}, {}
# asks: {"a": "X"}, {"a": "\u00c9"}, {"a": null}
def rule(event):
    return event.get("a", "").lower() == "x"

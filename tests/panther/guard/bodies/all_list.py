# Every member of the list is evaluated: one that raises raises, whatever the others say.
# needs: `a` is `x`
# needs: `b` contains `y`
# refuses: {"b": "y"}, {"a": "x"}, {"a": "z", "b": []}
# asks: {"a": "z", "b": null}, {"a": "x", "b": ["y"]}, {"a": "x", "b": "xyz"}
def rule(event):
    return all([event.get("a") == "x", "y" in event.get("b", "")])

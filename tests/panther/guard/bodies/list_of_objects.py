# needs: `a` contains `x`
# refuses: {"a": [1, {"x": 1}, ["x"]]}, {"a": []}, {}
# asks: {"a": ["x"]}, {"a": null}, {"a": {"x": 1}}
def rule(event):
    return "x" in event.get("a", [])

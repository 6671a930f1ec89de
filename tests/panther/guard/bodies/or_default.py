# needs: `a` starts with `x`
# refuses: {}, {"a": null}, {"a": 0}, {"a": "y"}, {"a": []}
# asks: {"a": 1}, {"a": "x"}, {"a": {"b": 1}}
def rule(event):
    return (event.get("a") or "").startswith("x")

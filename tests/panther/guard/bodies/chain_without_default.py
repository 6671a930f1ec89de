# needs: `a.b` is `x`
# refuses: {"a": {}}, {"a": {"b": null}}
# asks: {}, {"a": null}, {"a": {"b": "x"}}
def rule(event):
    return event.get("a").get("b") == "x"

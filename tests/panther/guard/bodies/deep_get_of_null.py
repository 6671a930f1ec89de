# deep_get gives its default for null, get does not.
# needs: `a.b` is `none`
# needs: `c` is `none`
# refuses: {"a": {"b": 1}}, {"c": null}, {"c": 1}
# asks: {}, {"a": {"b": null}, "c": "none"}
def rule(event):
    return event.deep_get("a", "b", default="none") == "none" and event.get("c", "none") == "none"

# needs: `a.b` is `x`
# needs: `a.c` is less than `5`
# refuses: {}, {"a": null}, {"a": "text"}, {"a": {"b": null}}, {"a": {"b": "x", "c": 5}}, {"a": {"b": "x", "C": 5.5}}
# asks: {"a": {"b": "x"}}, {"a": {"b": "x", "c": "4"}}, {"a": {"b": "x", "c": null}}, {"a": {"b": "x", "c": 4.5}}
def rule(event):
    return event.deep_get("a", "b", default="none") == "x" and event.deep_get("a", "c", default=0) < 5

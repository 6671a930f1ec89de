# needs: `a.b.c` is `x`
# refuses: {}, {"a": {}}, {"a": {"b": {}}}, {"a": {"b": {"c": 1}}}, {"A": {"B": {"C": "y"}}}
# asks: {"a": null}, {"a": "text"}, {"a": {"b": null}}, {"a": {"b": []}}, {"a": {"B": {"C": "x"}}}
def rule(event):
    return event.get("a", {}).get("b", {}).get("c") == "x"

# needs: `a` is one of `1`, `2.5`, `-3`
# refuses: {"a": 2}, {"a": "1"}, {}
# asks: {"a": true}, {"a": 1.0}, {"a": 2.5}, {"a": -3}
def rule(event):
    return event.get("a") in (1, 2.5, -3)

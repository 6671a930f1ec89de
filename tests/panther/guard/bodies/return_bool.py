# needs: `a` is not empty
# needs: `b` is empty or absent
# refuses: {}, {"a": []}, {"a": 1, "b": {"c": 1}}, {"a": 1, "b": [null]}
# asks: {"a": 1}, {"a": [0], "b": {}}
def rule(event):
    return bool(event.get("a") and not event.get("b"))

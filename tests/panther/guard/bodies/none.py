# needs: `a` is null or absent
# needs: `b` is present
# refuses: {"a": 0}, {"b": null}, {"a": false, "b": 1}
# asks: {"b": 0}, {"a": null, "b": false}
def rule(event):
    if event.get("a") is not None:
        return False
    if event.get("b") is None:
        return False
    return True

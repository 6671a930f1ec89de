# needs: `a` is `True`
# needs: `b` is `True`
# refuses: {"a": 1}, {"a": "True"}, {"a": true, "b": 2}
# asks: {"a": true, "b": 1}, {"a": true, "b": 1.0}
def rule(event):
    return event.get("a") is True and event.get("b") == True

# needs: `a` is part of `xyz`
# refuses: {"a": "b"}
# asks: {"a": "y"}, {"a": ""}, {"a": 1}, {}
def rule(event):
    return event.get("a") in "xyz"

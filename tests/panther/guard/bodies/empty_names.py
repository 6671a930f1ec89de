# needs: `` is `x`
# refuses: {}, {"": "y"}
# asks: {"": "x"}
def rule(event):
    return event.get("") == "x"

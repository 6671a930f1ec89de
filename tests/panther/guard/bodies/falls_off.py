# Without a return the platform gets None, and complains.
# needs: `a` is `x`
# asks: {}, {"a": "y"}
def rule(event):
    if event.get("a") == "x":
        return True

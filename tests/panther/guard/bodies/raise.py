# needs: `a` is `x`
# asks: {"a": "y"}
def rule(event):
    if event.get("a") != "x": raise ValueError("no")
    return True

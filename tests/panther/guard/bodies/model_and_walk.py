# Unified fields and walks through lists are left to the interpreter.
# needs: `a` is `x`
# refuses: {"a": "y"}
# asks: {"a": "x"}
def rule(event):
    if event.get("a") != "x":
        return False
    return event.udm("user") == "y" or event.deep_walk("b", "c") == "z"

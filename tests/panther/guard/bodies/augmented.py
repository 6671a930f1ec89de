# needs: `b` is `y`
# refuses: {"b": "x"}
# asks: {"b": "y"}
def rule(event):
    if event.get("b") != "y":
        return False
    name = event.get("a")
    name += "x"
    return name == "xx"

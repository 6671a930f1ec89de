# needs: `b` is not empty and `a` is `x`, or `b` is empty or absent and `c` is `x`
# refuses: {"a": "y", "b": 1}, {"c": 1}
# asks: {"a": "x", "b": 1}, {"b": 0, "c": "x"}
def rule(event):
    if event.get("b"):
        name = event.get("a")
    else:
        name = event.get("c")
    return name == "x"

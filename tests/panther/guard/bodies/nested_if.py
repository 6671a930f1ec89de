# needs: `a` is `x`
# needs: `b` is not empty
# python: 9-12
# refuses: {}, {"a": "x"}, {"a": "y", "b": 1}
# asks: {"a": "x", "b": 1}
def rule(event):
    if event.get("a") == "x":
        if event.get("b"):
            for item in event.get("b"):
                if item == "z":
                    return True
    return False

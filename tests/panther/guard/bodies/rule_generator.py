# asks: {"a": "y"}, {}
def rule(event):
    if event.get("a") != "x":
        return False
    yield True

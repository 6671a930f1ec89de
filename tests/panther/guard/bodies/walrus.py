# python: 5
# python: 7
# asks: {"a": "y"}
def rule(event):
    if (name := event.get("a")) != "x":
        return False
    return name == "x"

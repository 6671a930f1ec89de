# A count of all events: whoever is not asked would not be counted.
# asks: {}, {"a": "y"}
COUNT = 0


def rule(event):
    global COUNT
    COUNT += 1
    if event.get("a") != "x":
        return False
    return COUNT % 2 == 0

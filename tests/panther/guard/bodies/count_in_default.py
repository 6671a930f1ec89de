# asks: {}, {"a": "y"}
def rule(event, count=[]):
    count.append(1)
    if event.get("a") != "x":
        return False
    return len(count) % 2 == 0

# needs: `b` is `y`
# asks: {"a": "x"}, {"a": "y"}
async def is_x(event):
    return event.get("a") == "x"


def rule(event):
    return bool(is_x(event)) and event.get("b") == "y"

# asks: {"a": "y"}, {}
def is_x(event):
    return event.get("a") == "x"


def rule(event):
    return is_x(event)


if True:
    def is_x(event):
        return event.get("a") == "y"

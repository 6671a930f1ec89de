# Functions of the body are followed.
# needs: `a` is not empty
# needs: `a` is `x`
# needs: `b` is not empty
# refuses: {}, {"a": "x"}, {"a": "x", "b": 0}, {"a": "y", "b": 1}
# asks: {"a": "x", "b": 1}
def value(event, name, fall_back=None):
    return event.get(name) or fall_back


def is_x(record):
    kind = record.get("a")
    if not kind:
        return False
    return kind == "x"


def rule(event):
    return is_x(record=event) and bool(value(event, "b", fall_back=""))

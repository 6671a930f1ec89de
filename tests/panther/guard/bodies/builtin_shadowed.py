# A function of the body under the name of Python's own.
# needs: `a` is empty or absent
# asks: {"a": 1}, {"a": "x"}
def isinstance(value, kind):
    return not value


def rule(event):
    return isinstance(event.get("a"), str)

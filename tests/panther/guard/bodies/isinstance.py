# needs: `a` is of type `str`
# needs: `b` is of type `int`, `float`
# refuses: {"a": 1}, {"a": {}}, {}, {"a": "", "b": "1"}, {"a": "", "b": [1]}
# asks: {"a": "", "b": true}, {"a": "x", "b": 1.5}
def rule(event):
    if not isinstance(event.get("a"), str):
        return False
    return isinstance(event.get("b"), (int, float))

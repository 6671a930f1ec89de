# needs: `a` is one of `1`, `2`
# needs: `length of b` is greater than `2`
# refuses: {"a": 3}, {}, {"a": "2", "b": "ab"}, {"a": 1, "b": [1]}
# asks: {"a": 1, "b": "abc"}, {"a": "1"}, {"a": 2, "b": {"c": 1}}, {"a": 1.0}
def rule(event):
    return str(event.get("a")) in ["1", "2"] and len(event.get("b")) > 2

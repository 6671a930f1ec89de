# needs: `a` is one of `x`, `y`
# needs: `b` is `z`
# refuses: {"a": "w"}, {"a": "x"}, {}
# asks: {"a": "x", "b": "z"}
def rule(event):
    """What it is about."""
    kinds: list = ["x", "y"]
    second = event.get("b")
    is_kind = event.get("a") in kinds
    is_z = second == "z"
    return is_kind and is_z

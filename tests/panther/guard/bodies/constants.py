# needs: `a` is one of `x`, `y`
# needs: `b` is none of `p`, `q`
# needs: `c` is one of `k`
# needs: `d` is one of `m`, `n`
# refuses: {"a": "z"}, {"a": "x", "b": "p"}, {"a": "x", "c": "l"}, {"a": "x", "b": [], "c": "k"}
# asks: {"a": "x", "b": 1, "c": {}}, {"a": "x", "b": 1, "c": "k", "d": "n"}
FIRST = "x"
NAMES = (FIRST, "y")
BAD = ["p"] + ["q"]
MAP = {"k": 1}
MORE = frozenset({"m", "n"})


def rule(event):
    if event.get("a") not in NAMES:
        return False
    if event.get("b") in BAD:
        return False
    return event.get("c") in MAP and event.get("d") in MORE

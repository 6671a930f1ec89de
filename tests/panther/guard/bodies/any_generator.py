# needs: `a` contains `x`, or `a` contains `y`
# refuses: {"a": "z"}, {}, {"a": []}, {"a": ["xx"]}
# asks: {"a": "ay"}, {"a": ["x"]}, {"a": null}
WORDS = ("x", "y")


def rule(event):
    return any(word in event.get("a", "") for word in WORDS)

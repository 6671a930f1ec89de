# needs: `a` is `x`
# python: 8
# refuses: {"a": "y"}, {}
# asks: {"a": "x"}
import re


def rule(event): return event.get("a") == "x" and bool(re.match("^[a-z]+$", event.get("name")))

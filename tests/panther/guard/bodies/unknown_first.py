# needs: `a` is `x`
# python: 8-9
# asks: {"a": "y"}
import re


def rule(event):
    found = re.match("^[a-z]+$", event.get("name"))
    return event.get("a") == "x" and bool(found)

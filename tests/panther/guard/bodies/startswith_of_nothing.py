# None has no startswith: an exception, which only the interpreter tells.
# needs: `name` starts with `a`, `b`
# refuses: {"name": "c"}, {"name": ""}
# asks: {}, {"name": null}, {"name": 3}, {"name": "bc"}, {"name": ["a"]}
def rule(event):
    if not event.get("name").startswith(("a", "b")):
        return False
    return True

# The key as it stands wins over one in other letters, wherever it stands.
# needs: `kind` is `a`
# refuses: {"Kind": "a", "kind": "b"}, {"KIND": "b", "Kind": "a"}
# asks: {"Kind": "b", "kind": "a"}, {"KIND": "a", "Kind": "b"}, {"\u212Aind": "a"}
def rule(event):
    return event.get("kind") == "a"

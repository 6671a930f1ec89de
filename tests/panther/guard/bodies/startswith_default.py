# needs: `name` ends with `.exe`
# needs: `name` does not contain `tmp`
# refuses: {}, {"name": "a.txt"}, {"name": "tmp.exe"}
# asks: {"name": null}, {"name": "a.exe"}, {"name": 4}
def rule(event):
    return event.get("name", "").endswith(".exe") and "tmp" not in event.get("name")

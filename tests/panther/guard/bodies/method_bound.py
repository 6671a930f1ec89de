# A method taken as a value is not followed.
# python: 5-6
# asks: {"a": "y"}
def rule(event):
    get = event.get
    return get("a") == "x"

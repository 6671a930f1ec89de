# python: 4-7
# asks: {"a": "y"}, {}
def rule(event):
    try:
        return event["a"] == "x"
    except KeyError:
        return True

# asks: {"a": "y"}, {"a": "x"}
NAME = "x"


def change():
    globals()["NAME"] = "y"


change()


def rule(event):
    return event.get("a") == NAME

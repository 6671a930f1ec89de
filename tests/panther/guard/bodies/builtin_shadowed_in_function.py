# Who takes the names of functions that only read may do anything: nothing is read.
# asks: {"a": "x"}, {"a": "y"}
def rule(event):
    if event.get("a") != "x":
        return False
    len = event.get
    return len("b") == 1

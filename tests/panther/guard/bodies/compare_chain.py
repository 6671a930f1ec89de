# needs: `a` is at least `1`
# needs: `a` is less than `10`
# refuses: {}, {"a": 0.5}, {"a": 10}, {"a": false}
# asks: {"a": 1}, {"a": true}, {"a": "1"}, {"a": null}
def rule(event):
    return 1 <= event.get("a", 0) < 10

# needs: `type` is `role.assignment.created`
# python: 7-8
# refuses: {"type": "login.succeeded"}, {"type": null}, {}, {"type": 3}, {"type": {"a": 1}}, {"TYPE": "x"}
# asks: {"type": "role.assignment.created"}, {"Type": "role.assignment.created"}
def rule(event):
    if event.get("type") != "role.assignment.created": return False
    name = event.deep_get("role_assignment_created", "id", default="").split("_")
    return any(word in name for word in ("owner", "admin"))

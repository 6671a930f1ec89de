from collections.abc import Mapping
import copy
import fnmatch

from policyuniverse import _levels
from policyuniverse.common import ensure_array


def _expand(pattern):
    pattern = pattern.lower()
    if "*" not in pattern:
        return [pattern]
    known = _levels()
    # Most patterns say which actions at their beginning.
    start = pattern.split("*")[0].split("[")[0].split("?")[0]
    if pattern == start + "*":
        found = [action for action in known if action.startswith(start)]
    else:
        found = fnmatch.filter([action for action in known if action.startswith(start)], pattern)
    return found or [pattern]


def _expanded(actions):
    return {action for pattern in ensure_array(actions) for action in _expand(pattern)}


def get_actions_from_statement(statement):
    """All actions that a statement names, in lower case, wildcards expanded."""
    actions = set()
    if isinstance(statement, Mapping):
        if statement.get("Action"):
            actions = _expanded(statement["Action"])
        if statement.get("NotAction"):
            actions = actions | (set(_levels()) - _expanded(statement["NotAction"]))
    return actions


def expand_policy(policy=None, expand_deny=False):
    """The document with every action written out."""
    document = copy.deepcopy(policy)
    statements = document["Statement"]
    if isinstance(statements, dict):
        statements = document["Statement"] = [statements]
    for statement in statements:
        if statement["Effect"].lower() == "deny" and not expand_deny:
            continue
        actions = get_actions_from_statement(statement)
        statement["Action"] = sorted(actions)
        statement.pop("NotAction", None)
    return document


def minimize_statement_actions(statement, minchars=None):
    """The shortest patterns that name the actions of a statement and no others."""
    if minchars:
        raise NotImplementedError("minimize_statement_actions knows no `minchars` here")
    if statement["Effect"] != "Allow":
        raise Exception("Minification does not currently work on Deny statements.")
    wanted = get_actions_from_statement(dict(Action=statement["Action"]))
    known = _levels()
    for action in wanted:
        if action not in known:
            raise Exception("Desired action not found in master permission list. " + action)
    services = {action.split(":")[0] for action in wanted}
    denied = {service: set() for service in services}
    for action in known:
        service, name = action.split(":")
        if service in services and action not in wanted:
            denied[service].update(name[:length] for length in range(len(name) + 1))
    found = set()
    for action in wanted:
        service, name = action.split(":")
        if not denied[service]:
            found.add(service + ":*")
            continue
        for length in range(1, len(name)):
            if name[:length] not in denied[service]:
                found.add(service + ":" + name[:length] + "*")
                break
        else:
            found.add(action)
    return sorted(found)

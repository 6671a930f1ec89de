from collections import defaultdict

from policyuniverse import _levels


def categories_for_actions(actions):
    """The access levels of actions, by service; actions are written in lower case."""
    summary = defaultdict(set)
    levels = _levels()
    for action in actions:
        summary[action.split(":")[0]].add(levels.get(action))
    return summary


def actions_for_category(category):
    return {action for action, level in _levels().items() if level == category}

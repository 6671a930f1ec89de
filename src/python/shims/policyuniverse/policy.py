from collections import defaultdict

from policyuniverse.common import ensure_array
from policyuniverse.statement import Statement


class Policy:
    def __init__(self, policy):
        self.policy = policy
        self.statements = [Statement(one) for one in ensure_array(policy.get("Statement", []))]

    def is_internet_accessible(self):
        return any(statement.is_internet_accessible() for statement in self.statements)

    def internet_accessible_actions(self):
        actions = set()
        for statement in self.statements:
            if statement.is_internet_accessible():
                actions |= statement.actions
        return actions

    def action_summary(self):
        summary = defaultdict(set)
        for statement in self.statements:
            for service, levels in statement.action_summary().items():
                summary[service] |= levels
        return summary

    @property
    def principals(self):
        return {name for statement in self.statements for name in statement.principals}

    @property
    def condition_entries(self):
        return {entry for statement in self.statements for entry in statement.condition_entries}

    def whos_allowed(self):
        allowed = set()
        for statement in self.statements:
            if statement.effect == "Allow":
                allowed |= statement.whos_allowed()
        return allowed

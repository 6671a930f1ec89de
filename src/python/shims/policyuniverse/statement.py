import re
from collections import namedtuple
from collections.abc import Mapping

from policyuniverse.action_categories import categories_for_actions
from policyuniverse.arn import ARN
from policyuniverse.common import ensure_array
from policyuniverse.expander_minimizer import get_actions_from_statement

ConditionTuple = namedtuple("Condition", ["category", "value"])
PrincipalTuple = namedtuple("Principal", ["category", "value"])

# The operators that let somebody in, and the keys that say who.
_OPERATOR = re.compile(
    r"((ForAllValues|ForAnyValue):)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)",
    re.IGNORECASE,
)
_CATEGORIES = {
    "aws:sourcearn": "arn",
    "aws:principalarn": "arn",
    "aws:sourceowner": "account",
    "aws:sourceaccount": "account",
    "aws:principalaccount": "account",
    "kms:calleraccount": "account",
    "aws:principalorgid": "organization",
    "aws:principalorgpaths": "organization",
    "aws:userid": "userid",
    "aws:sourceip": "cidr",
    "aws:sourcevpc": "vpc",
    "aws:sourcevpce": "vpce",
    "saml:aud": "saml-endpoint",
}


def _anybody(name):
    """Whether an ARN or an account stands for accounts that are not known."""
    if name == "*":
        return True
    arn = ARN(name)
    if arn.error:
        return "*" in name
    return arn.tech != "s3" and not arn.service and arn.account_number in ("", "*")


def _open_entry(entry):
    category, value = entry
    if category in ("arn", "account"):
        return _anybody(value)
    if category == "organization":
        return any(part.endswith("o-*") for part in value.split("/"))
    if category == "userid":
        return value.find("*") != len(value) - 1
    if category == "cidr":
        return value.endswith("/0")
    return "*" in value


class Statement:
    def __init__(self, statement):
        self.statement = statement
        self.condition_entries = self._condition_entries()
        self.principals = self._principals()
        self.actions = self._actions()

    @property
    def effect(self):
        return self.statement.get("Effect")

    @property
    def actions_expanded(self):
        return set(get_actions_from_statement(self.statement))

    @property
    def resources(self):
        if "NotResource" in self.statement:
            return {"*"}
        return set(ensure_array(self.statement.get("Resource")))

    def uses_not_principal(self):
        return "NotPrincipal" in self.statement

    def action_summary(self):
        return categories_for_actions(self.actions_expanded)

    def whos_allowed(self):
        who = set(self.condition_entries)
        return who.union(PrincipalTuple("principal", name) for name in self.principals)

    def _actions(self):
        actions = self.statement.get("Action")
        return set(ensure_array(actions)) if actions else set()

    def _principals(self):
        given = self.statement.get("Principal")
        if not given:
            return set()
        if not isinstance(given, Mapping):
            return set(ensure_array(given))
        names = set()
        for kind in ("AWS", "Federated", "Service"):
            if kind in given:
                names.update(ensure_array(given[kind]))
        return names

    def _condition_entries(self):
        entries = []
        conditions = self.statement.get("Condition")
        if not conditions:
            return entries
        for operator in conditions.keys():
            if not _OPERATOR.match(operator):
                continue
            for key, values in conditions[operator].items():
                category = _CATEGORIES.get(key.lower())
                if category:
                    entries.extend(ConditionTuple(category, value) for value in ensure_array(values))
        return entries

    def _values(self, category):
        return {entry.value for entry in self.condition_entries if entry.category == category}

    condition_arns = property(lambda self: self._values("arn"))
    condition_accounts = property(lambda self: self._values("account"))
    condition_userids = property(lambda self: self._values("userid"))
    condition_cidrs = property(lambda self: self._values("cidr"))
    condition_vpcs = property(lambda self: self._values("vpc"))
    condition_vpces = property(lambda self: self._values("vpce"))
    condition_orgpaths = property(lambda self: self._values("organization"))

    @property
    def condition_orgids(self):
        paths = self._values("organization")
        return {path.split("/")[0] if path.startswith("o-") else None for path in paths}

    def is_condition_internet_accessible(self):
        entries = self.condition_entries
        return not entries or any(_open_entry(entry) for entry in entries)

    def is_internet_accessible(self):
        if self.effect != "Allow" or not self.is_condition_internet_accessible():
            return False
        return self.uses_not_principal() or any(_anybody(name) for name in self.principals)

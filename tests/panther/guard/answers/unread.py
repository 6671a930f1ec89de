# understood: rule
# A function that something else is called for, a parameter more, a generator, a decorator, a loop.
import functools


def rule(event):
    return event.get("kind") == "a"


def title(event):
    yield event.get("kind")


@functools.lru_cache
def description(event):
    return "d"


def reference(event, more):
    return "r"


def severity(event):
    for level in ("HIGH", "low"):
        if event.get("kind") == level:
            return level
    return "DEFAULT"


async def runbook(event):
    return "x"


if True:

    def dedup(event):
        return "x"


def alert_context(event):
    return {"a": 1, "a": event.get("kind"), **{"b": 2}}


unique = rule

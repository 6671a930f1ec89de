"""What CPython does with the body and the events of `python.rs`, for comparison; no test needs it.

Panther's own classes come with its tool: `python -m venv env && env/bin/pip install panther_analysis_tool`. Then, from the
top of the repository:

    rulewright generate scale --events 100000 --days 30 --seed 1 --output logs
    env/bin/python tests/benches/rule.py rules/panther/openai_admin_role_assignment.py logs/*audit*
"""

import importlib.util
import json
import sys
import time

from panther_core.enriched_event import PantherEvent

spec = importlib.util.spec_from_file_location("Bench.Rule", sys.argv[1])
body = importlib.util.module_from_spec(spec)
spec.loader.exec_module(body)
with open(sys.argv[2], encoding="utf-8") as lines:
    # Under the names that Panther's schema gives the fields.
    mixed = [{k.replace(".", "_"): v for k, v in json.loads(line).items()} for line in lines]
assigned = [event for event in mixed if event.get("type") == "role.assignment.created"]
hits = (assigned * (10_000 // max(len(assigned), 1) + 1))[:10_000]


def measure(name, events, ask):
    best = None
    for _ in range(7):
        start = time.process_time()
        matched = sum(ask(event) for event in events)
        took = time.process_time() - start
        best = took if best is None else min(best, took)
    print(f"{name}: {best / len(events) * 1e6:.2f} us an event, {matched} of {len(events)} match")


def outcomes(raw):
    event = PantherEvent(raw)
    if not body.rule(event):
        return False
    body.title(event), body.severity(event)
    json.dumps(body.alert_context(event), default=PantherEvent.json_encoder, allow_nan=False)
    return True


measure("rule, mixed", mixed, lambda event: body.rule(PantherEvent(event)))
measure("rule, hits", hits, lambda event: body.rule(PantherEvent(event)))
measure("outputs, mixed", mixed, outcomes)
measure("outputs, hits", hits, outcomes)

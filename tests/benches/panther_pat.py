"""What Panther's own rule path costs over the same events as `tests/benches/panther.rs`, which are parsed already.

    rulewright generate scale -o FOLDER --events 1000000
    python tests/benches/panther_pat.py FOLDER/audit.ndjson

with a Python that has panther_analysis_tool installed. Prints microseconds of one core (process time) for each event:
`rule` alone, and the whole path that the platform takes (batch mode: the other functions run for matches only).
"""

import json
import pathlib
import sys
import time

from panther_core.enriched_event import PantherEvent
from panther_core.rule import Rule

RULE = pathlib.Path(__file__).parents[2] / "rules/panther/openai_admin_role_assignment.py"


def events(path, most):
    with open(path, encoding="utf-8") as lines:
        for _, line in zip(range(most), lines):
            event = json.loads(line)
            details = event.get(event["type"])
            if details is not None:
                event[event["type"].replace(".", "_")] = details
            event["p_log_type"] = "OpenAI.Audit"
            yield event


def timed(name, work, count):
    start = time.process_time()
    matches = work()
    took = time.process_time() - start
    print(f"{name}: {took / count * 1e6:.2f} us an event, {count / took:,.0f} events a second, {matches} matches")


def main():
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    loaded = list(events(sys.argv[1], most))
    rule = Rule({
        "id": "OpenAI.Admin.Role.Assignment",
        "analysisType": "RULE",
        "path": str(RULE),
        "versionId": "1",
        "severity": "HIGH",
    })
    for _ in range(3):
        timed("parsing", lambda: sum(0 for _ in events(sys.argv[1], most)), len(loaded))
        timed("rule", lambda: sum(rule.module.rule(PantherEvent(e)) for e in loaded), len(loaded))
        timed(
            "batch",
            lambda: sum(
                bool(rule.run(PantherEvent(e), {}, {}, batch_mode=True).trigger_alert)
                for e in loaded
            ),
            len(loaded),
        )


main()

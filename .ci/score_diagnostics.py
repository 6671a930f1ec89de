#!/usr/bin/env python3
"""Scores the KQL analyser against the official analyser's verdicts and fails when a score falls below its floor.

    .ci/score_diagnostics.py ../shared/cases                    # compare with .ci/floors.json
    .ci/score_diagnostics.py ../shared/cases --raise            # write the scores reached as the new floors
    .ci/score_diagnostics.py ../shared/cases --show             # print what differs
    .ci/score_diagnostics.py ../shared/cases --engine 'COMMAND' # anything that answers like `rulewright query --batch`

Verdict: both say valid or both say invalid (warnings do not count). Position: our first error begins within the
official first error's span, where that has a place; a gap of no length must be met exactly or by the text next to it.
Columns: names and types of the result, for queries that both find valid.
"""
import argparse
import json
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent

# Cases scored by hand: the official analyser lets them pass, and an error is right all the same.
HAND_SCORED = {
    # The service refuses them.
    "syntax-empty": "there is nothing to run",
    "syntax-let-only": "there is nothing to run",
    "types-iff-mixed": "the two values of iff() must have one type",
    "types-datetime-plus-datetime": "two instants cannot be added",
    "types-regex-invalid": "the regular expression is ill-formed",
    "types-prev-without-serialize": "prev() needs serialized rows",
    "types-string-as-table": "a text is no table",
    # What the service answers is not known: an answer would be a guess.
    "syntax-bad-datetime": "there is no such instant",
    "types-int-overflow-literal": "the number does not fit an int",
    "types-long-overflow-literal": "the number does not fit a long",
    "syntax-like": "an operator that no documentation describes",
}


def scored(answer, case):
    """Verdict, position and columns of one case: true, false, or none where there is nothing to compare."""
    errors = [d for d in answer.get("diagnostics", []) if d["severity"] == "error"]
    verdict = (not errors) == case["valid"]
    if not verdict and case["id"] in HAND_SCORED:
        return None, None, None
    position = None
    first = case["first_error"]
    if verdict and errors and first["has_location"]:
        begin = errors[0]["start"]
        end = first["start"] + max(first["length"], 1)
        gap = case["kql"][first["start"]:begin] if begin > first["start"] else ""
        position = first["start"] <= begin < end or (first["length"] == 0 and begin >= first["start"] and not gap.strip())
    columns = None
    if case["valid"] and not errors and case["result"] and not case["result"].get("open"):
        ours = [(c["name"], c["type"]) for c in answer.get("columns", [])]
        columns = ours == [(c["name"], c["type"]) for c in case["result"]["columns"]]
    return verdict, position, columns


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--engine")
    parser.add_argument("--raise", dest="higher", action="store_true")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    file = options.cases / "kql" / "diagnostics-cases.json"
    if not file.exists():
        print("diagnostics-cases: not here")
        return 0
    engine = options.engine
    if engine is None:
        target = json.loads(subprocess.check_output(
            ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"], cwd=here.parent))["target_directory"]
        engine = f"{target}/release/rulewright query --batch"
    cases = json.loads(file.read_text())["cases"]
    tables = json.loads((file.parent / "schema-openai.json").read_text())["tables"]

    def ask(requests):
        asked = "".join(json.dumps({"id": i, "kql": kql, "check": True}) + "\n" for i, kql in requests)
        run = subprocess.run(engine.split(), input=asked, capture_output=True, text=True, check=True)
        return {a["id"]: a for a in map(json.loads, run.stdout.splitlines())}

    # The cases suppose these columns: where the engine's table has others, a `let` of its name stands before the query.
    own = ask((t["name"], t["name"]) for t in tables)
    before = ""
    for table in tables:
        columns = [(c["name"], c["type"]) for c in table["columns"]]
        if [(c["name"], c["type"]) for c in own.get(table["name"], {}).get("columns", [])] != columns:
            before += f"let {table['name']} = datatable({', '.join(f'{n}: {t}' for n, t in columns)})[]; "
    answers = ask((c["id"], before + c["kql"]) for c in cases)
    for answer in answers.values():
        for d in answer["diagnostics"]:
            d["start"] -= len(before)
    totals = {"verdict": [0, 0], "position": [0, 0], "columns": [0, 0]}
    for case in cases:
        answer = answers.get(case["id"], {"diagnostics": [{"severity": "error", "start": -1, "message": "no answer"}]})
        for name, right in zip(totals, scored(answer, case)):
            if right is None:
                continue
            totals[name][0] += right
            totals[name][1] += 1
            if options.show and not right:
                print(f"-- {name}: {case['id']}\n   {case['kql']}")
                for d in case["diagnostics"]:
                    print(f"   official {d['code']} {d['start']}+{d['length']} {d['severity']}: {d['message']}")
                for d in answer["diagnostics"]:
                    print(f"   ours     {d.get('code')} {d['start']}+{d.get('length')} {d['severity']}: {d['message']}")
                if name == "columns":
                    print("   official", [(c["name"], c["type"]) for c in case["result"]["columns"]])
                    print("   ours    ", [(c["name"], c["type"]) for c in answer["columns"]])
    floors_file = here / "floors.json"
    floors = json.loads(floors_file.read_text())
    reached = {name: right for name, (right, _) in totals.items()}
    floor = floors.get("diagnostics-cases", {})
    failed = [name for name, right in reached.items() if right < floor.get(name, 0)]
    for name, (right, count) in totals.items():
        print(f"diagnostics-cases {name}: {right} of {count} (floor {floor.get(name, 0)})")
    print(f"diagnostics-cases scored by hand: {sum(1 for c in cases if c['id'] in HAND_SCORED)}")
    if options.higher:
        floors["diagnostics-cases"] = reached
        floors_file.write_text(json.dumps(floors, indent=2) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

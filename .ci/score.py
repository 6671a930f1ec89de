#!/usr/bin/env python3
"""Scores the KQL engine against the case files in a folder and fails when a score falls below its floor.

    .ci/score.py ../shared/cases            # compare with .ci/floors.json
    .ci/score.py ../shared/cases --raise    # write the scores reached as the new floors
"""
import json
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
floors_file = here / "floors.json"
cases = pathlib.Path(sys.argv[1])
target = json.loads(subprocess.check_output(
    ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"], cwd=here.parent))["target_directory"]
engine = f"{target}/release/rulewright query --batch"
floors = json.loads(floors_file.read_text())
reached, failed = {}, []
for name in ["semantics-cases", "emulator-cases", "peer-cases"]:
    file = cases / "kql" / f"{name}.json"
    if not file.exists():
        continue
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [sys.executable, str(cases / "kql" / "compare_cases.py"), str(file), "--batch", engine, "--show", "0",
             "--out", out.name], check=False, stdout=subprocess.DEVNULL)
        results = json.loads(pathlib.Path(out.name).read_text())["results"].values()
    # Right answers with exact types may not become fewer, wrong answers (not refusals) not more.
    strict = sum(1 for r in results if r["strict"])
    wrong = sum(1 for r in results if r["status"] == "fail")
    reached[name] = {"strict": strict, "wrong": wrong}
    floor = floors.get(name, {"strict": 0, "wrong": len(results)})
    print(f"{name}: {strict} of {len(results)} right (floor {floor['strict']}), {wrong} wrong (at most {floor['wrong']})")
    if strict < floor["strict"] or wrong > floor["wrong"]:
        failed.append(name)
if "--raise" in sys.argv:
    floors_file.write_text(json.dumps(floors | reached, indent=2) + "\n")
print(f"{len(reached) - len(failed)} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)

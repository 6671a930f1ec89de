"""What a cold run costs, ours and DuckDB's: from two files of a million events to the rows of the chain rule.

    cargo build --release
    target/release/rulewright generate scale --events 1000000 --days 30 --seed 1 -o /dev/shm/scale
    python tests/benches/compare.py target/release/rulewright /dev/shm/scale [ROUNDS]

Run it with a Python that has the package `duckdb`, for both; with another one it measures ours alone. A round is a
process of each, in turn, so that whatever else the machine does hits both. Wall and CPU time (user and system) in
seconds, peak memory in MB, least and median of the rounds.
"""

import importlib.util
import os
import pathlib
import statistics
import subprocess
import sys
import time

here = pathlib.Path(__file__).parent
program, folder = sys.argv[1], sys.argv[2]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
rule = here.parent.parent / "rules/sentinel/openai_config_to_abuse_chain.yaml"
contestants = {
    "rulewright": [program, "run", str(rule), "--logs", folder, "--format", "json"],
    "duckdb": [sys.executable, str(here / "duckdb_chain.py"), folder],
}
if importlib.util.find_spec("duckdb") is None:
    del contestants["duckdb"]
results = {name: [] for name in contestants}
for _ in range(rounds):
    for name, command in contestants.items():
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            sys.exit(f"{name} failed")
        results[name].append((wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
size = sum(f.stat().st_size for f in pathlib.Path(folder).iterdir() if f.is_file())
print(f"{size / 1e6:.0f} MB, {rounds} rounds")
print(f"{'':12}{'wall min':>10}{'median':>10}{'CPU min':>10}{'median':>10}{'peak MB':>10}{'of files':>10}")
figures = {}
for name, rows in results.items():
    wall, cpu, peak = zip(*rows)
    figures[name] = (min(wall), statistics.median(wall), min(cpu), statistics.median(cpu))
    shown = "".join(f"{figure:10.3f}" for figure in figures[name])
    print(f"{name:12}{shown}{max(peak):10.0f}{max(peak) * 1048576 / size:10.2f}")
if len(figures) == 2:
    ratios = [a / b for a, b in zip(figures["rulewright"], figures["duckdb"])]
    print(f"{'ratio':12}" + "".join(f"{ratio:10.2f}" for ratio in ratios))

"""Compares what panther_analysis_tool says of a repository with what `rulewright check` says, file by file:

    python compare.py VERDICTS FINDINGS [MUTATIONS]

VERDICTS is what ask_pat.py wrote; FINDINGS what `rulewright check --format json REPOSITORY` wrote.
MUTATIONS is the mutations.json of a copy that mutate.py made, for the reason beside each difference.
"""

import json
import sys
from collections import Counter


def findings(path):
    """Document -> the errors told of it and of its Python file."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("F\t"):
                continue
            _, document, _, at, severity, code, message, *_ = line.rstrip("\n").split("\t")
            found.setdefault(document, [])
            # What is wrong with a test fails that test; the document is loaded.
            if severity == "error" and not code.startswith("panther-case-"):
                found[document].append(f"{code}:{at}: {message}")
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        theirs = json.load(file)
    ours = findings(sys.argv[2])
    mutations = {}
    if len(sys.argv) > 3:
        with open(sys.argv[3], encoding="utf-8") as file:
            mutations = json.load(file)
    documents = set(theirs) | set(ours) | set(mutations)
    counts = Counter()
    for document in sorted(documents):
        refused, told = document in theirs, bool(ours.get(document))
        counts[refused, told] += 1
        if refused != told:
            print(document, "|", mutations.get(document, "not changed"))
            print("    theirs:", theirs.get(document, "valid")[:250].replace("\n", " "))
            print("    ours:  ", "; ".join(ours.get(document, ["valid"]))[:250] or "valid")
    mutated = [d for d in mutations if (d in theirs) == bool(ours.get(d))]
    print(f"both refuse {counts[True, True]}, only theirs {counts[True, False]}, only ours {counts[False, True]}")
    print(f"mutated documents: {len(mutations)}, agreed {len(mutated)}")


if __name__ == "__main__":
    main()

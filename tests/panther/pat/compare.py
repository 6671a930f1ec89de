"""Compares what panther_analysis_tool says of a repository with what `rulewright check` says, file by file:

    python ask_pat.py REPOSITORY > theirs.json
    rulewright check --format json REPOSITORY > ours.json
    python compare.py REPOSITORY theirs.json ours.json

In a copy that mutate.py made, what was done to a document stands beside each difference.
"""

import json
import os
import re
import sys
from collections import Counter


def bodies(root):
    """Python file -> the documents that name it."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            if re.fullmatch(r".*\.y.*ml", name):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    named = re.search(r"^Filename:\s*[\"']?([^\"'\s]+)", file.read(), re.M)
                if named:
                    body = os.path.normpath(os.path.join(folder, named.group(1)))
                    found.setdefault(os.path.relpath(body, root), []).append(os.path.relpath(path, root))
    return found


def findings(root, path):
    """Document -> the errors told of it and of its Python file."""
    found = {}
    documents = bodies(root)
    with open(path, encoding="utf-8") as file:
        told = json.load(file)
    for one in told:
        # What is wrong with a test fails that test; the document is loaded.
        if one["severity"] != "error" or one["code"].startswith("panther-case-"):
            continue
        at = os.path.relpath(os.path.abspath(one["path"]), root)
        for document in documents.get(at, [at]):
            found.setdefault(document, []).append(f"{one['code']}:{one.get('line')}: {one['message']}")
    return found


def main(root, theirs, ours):
    with open(theirs, encoding="utf-8") as file:
        theirs = json.load(file)
    ours = findings(root, ours)
    mutations = {}
    if os.path.exists(os.path.join(root, "mutations.json")):
        with open(os.path.join(root, "mutations.json"), encoding="utf-8") as file:
            mutations = json.load(file)
    counts = Counter()
    for document in sorted(set(theirs) | set(ours) | set(mutations)):
        refused, told = document in theirs, document in ours
        counts[refused, told] += 1
        if refused != told:
            print(document, "|", mutations.get(document, "not changed"))
            print("    theirs:", theirs.get(document, "valid")[:250].replace("\n", " "))
            print("    ours:  ", "; ".join(ours.get(document, ["valid"]))[:250])
    agreed = [d for d in mutations if (d in theirs) == (d in ours)]
    print(f"both refuse {counts[True, True]}, only theirs {counts[True, False]}, only ours {counts[False, True]}")
    print(f"mutated documents: {len(mutations)}, agreed {len(agreed)}")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3])

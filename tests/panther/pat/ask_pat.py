"""What panther_analysis_tool says of every document of a repository: JSON, path -> why it is invalid.

Run with the Python that has the tool installed, from anywhere:  python ask_pat.py REPOSITORY > verdicts.json
The tests of the detections are not run: only what makes a document invalid is asked.
"""

import contextlib
import io
import json
import os
import sys
import types


def main(root):
    os.chdir(root)
    sys.argv = ["pat"]
    from panther_analysis_tool import analysis_utils, main as pat

    pat.run_tests = lambda *args, **_: args[4]
    # Of two documents with one id the first counts, and which folder comes first is up to the file system: by name.
    walk = os.walk

    def sorted_walk(top):
        for folder, folders, names in walk(top):
            yield folder, folders, names
            folders.sort()

    analysis_utils.os = types.SimpleNamespace(**{**vars(os), "walk": sorted_walk})
    args = pat.TestAnalysisArgs(
        path=".",
        ignore_table_names=False,
        valid_table_names=[],
        ignore_files=[],
        ignore_extra_keys=False,
        workers=1,
        minimum_tests=0,
        skip_disabled_tests=False,
        available_destination=[],
        sort_test_results=False,
        show_failures_only=False,
        filters=[],
        filters_inverted=[],
        test_names=[],
    )
    # The tool looks into folders of certain names only where it is asked about `.`; their absolute path is asked about.
    args.path = os.path.abspath(".")
    with contextlib.redirect_stdout(io.StringIO()):
        _, invalid = pat.test_analysis(None, args)
    found = {}
    for entry in invalid:
        path, why = entry if isinstance(entry, tuple) else ("", entry)
        found[os.path.relpath(path, root)] = f"{type(why).__name__}: {why}"[:400]
    return found


if __name__ == "__main__":
    json.dump(main(os.path.abspath(sys.argv[1])), sys.stdout, indent=1)

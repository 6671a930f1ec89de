"""Copies a panther-analysis checkout and breaks some of its documents, each in one way:

    python mutate.py REPOSITORY COPY SEED COUNT

Writes COPY/mutations.json: path of the YAML document -> what was done to it. The same seed gives the same copy.
"""

import json
import os
import random
import re
import shutil
import sys

HELPERS = ("panther_base_helpers", "panther_oss_helpers", "panther_aws_helpers")


def top_keys(text):
    return [m.group(1) for m in re.finditer(r"^([A-Za-z]+):", text, re.M)]


def block(text, key):
    """Where a top-level entry begins and ends."""
    m = re.search(rf"^{key}:.*\n(?:(?:[ \t#-].*)?\n)*", text, re.M)
    return m.span() if m else None


def drop(text, key):
    at = block(text, key)
    return text[: at[0]] + text[at[1] :] if at else None


def put(text, key, value):
    at = block(text, key)
    return text[: at[0]] + f"{key}: {value}\n" + text[at[1] :] if at else None


class Mutations:
    """Each method takes (text of the YAML, text of the Python or None, rng, all) and gives (yaml, python, what)."""

    def delete_key(text, py, rng, ids):
        key = rng.choice(top_keys(text))
        return drop(text, key), py, f"without {key}"

    def misspell_key(text, py, rng, ids):
        key = rng.choice(top_keys(text))
        at = rng.randrange(1, len(key))
        other = rng.choice([key[:at] + key[at + 1 :], key.lower(), key[:at] + key[at] + key[at:], key + "s"])
        return re.sub(rf"^{key}:", f"{other}:", text, count=1, flags=re.M), py, f"{key} -> {other}"

    def wrong_type(text, py, rng, ids):
        key = rng.choice(top_keys(text))
        value = rng.choice(["5", "[x]", "{a: 1}", "true", "null", "some text", "1.5", "''", "'5'", "[]", "yes", "2024-01-01", "[x, x]", "-1"])
        return put(text, key, value), py, f"{key}: {value}"

    def wrong_severity(text, py, rng, ids):
        value = rng.choice(["high", "HIGH", "Hgh", "Informational", "INFO", "Critical ", "'Low '", "Mediun"])
        return put(text, "Severity", value), py, f"Severity: {value}"

    def wrong_kind(text, py, rng, ids):
        value = rng.choice(["rul", "Rule", "policies", "scheduled_rule", "policy", "rule", "global", "correlation_rule"])
        return put(text, "AnalysisType", value), py, f"AnalysisType: {value}"

    def duplicate_id(text, py, rng, ids):
        m = re.search(r"^(RuleID|PolicyID|QueryName|DataModelID|PackID|LookupName):.*$", text, re.M)
        if not m:
            return None, py, ""
        other = rng.choice(ids)
        return text[: m.start()] + f"{m.group(1)}: {json.dumps(other)}" + text[m.end() :], py, f"the id {other}"

    def bad_name(text, py, rng, ids):
        m = re.search(r"^(RuleID|PolicyID|QueryName|DisplayName|DataModelID|GlobalID):.*$", text, re.M)
        value = rng.choice(['"a<b"', '"a&b"', '"50%"', "'\"q\"'", '""', "5", '"plain"'])
        if not m:
            return None, py, ""
        return text[: m.start()] + f"{m.group(1)}: {value}" + text[m.end() :], py, f"{m.group(1)}: {value}"

    def missing_body(text, py, rng, ids):
        return (put(text, "Filename", "no_such_file.py") if py else None), py, "Filename of nothing"

    def syntax_error(text, py, rng, ids):
        if not py:
            return None, py, ""
        lines = py.splitlines(True)
        at = rng.randrange(len(lines))
        bad = rng.choice(["def (:\n", "  return )\n", "if x\n    pass\n", "x = [1, 2\ny = 3\n", "class:\n", "'unclosed\n", "\tpass\n  pass\n", "return 5\n", "break\n", "x = 5 = y\n", "def f(a, a): pass\n", "nonlocal q\n", "yield 5\n"])
        lines.insert(at, bad)
        return text, "".join(lines), f"line {at + 1}: {bad!r}"

    def rename_function(text, py, rng, ids):
        if not py or not re.search(r"^def (rule|policy)\(", py, re.M):
            return None, py, ""
        name = rng.choice(["ruel", "Rule", "my_rule", "polcy"])
        return text, re.sub(r"^def (rule|policy)\(", f"def {name}(", py, count=1, flags=re.M), f"def {name}"

    def hide_function(text, py, rng, ids):
        if not py or not re.search(r"^def (rule|policy)\(", py, re.M):
            return None, py, ""
        how = rng.choice(["class", "del", "if", "lambda", "none"])
        name = re.search(r"^def (rule|policy)\(", py, re.M).group(1)
        if how == "class":
            return text, "class Hidden:\n" + "".join("    " + l for l in py.splitlines(True)), "inside a class"
        if how == "del":
            return text, py + f"\n\ndel {name}\n", "deleted"
        if how == "if":
            return text, "if True:\n" + "".join("    " + l for l in py.splitlines(True)), "inside an if"
        if how == "lambda":
            return text, f"{name} = lambda event: False\n", "a lambda"
        return text, f"{name} = None\n", "None"

    def bad_import(text, py, rng, ids):
        if not py:
            return None, py, ""
        helper = rng.choice(HELPERS)
        line = rng.choice(
            [
                "import no_such_module\n",
                "from no_such_helpers import x\n",
                f"from {helper} import no_such_name\n",
                f"import {helper}s\n",
                "from panther_core.no_such import x\n",
                "import json.no_such\n",
                "import collections.abc, re, ipaddress\n",
                "try:\n    import no_such\nexcept ImportError:\n    no_such = None\n",
                "def later():\n    import no_such\n    return no_such\n",
                "import distutils\n",
                "import tomllib\n",
                "import numpy\n",
                "from . import x\n",
                "import yaml\n",
                "import dateutil.parser\n",
                f"from {helper} import *\n",
            ]
        )
        return text, line + py, f"{line!r}"

    def import_time(text, py, rng, ids):
        if not py:
            return None, py, ""
        line = rng.choice(
            [
                "X = undefined_name\n",
                "undefined_name()\n",
                "@undefined_name\ndef helper(): pass\n",
                "def helper(a=undefined_name): pass\n",
                "def helper(a: undefined_name): pass\n",
                "def helper(): return undefined_name\n",
                "class A(undefined_name): pass\n",
                "if False:\n    X = undefined_name\n",
                "X = [undefined_name for i in []]\n",
                "X = [undefined_name for i in [1]]\n",
                "X = lambda: undefined_name\n",
                "try:\n    X = undefined_name\nexcept NameError:\n    X = 1\n",
                "X = __file__ + __name__\n",
                "global GG\nGG = 1\n",
                "del undefined_name\n",
            ]
        )
        return text, py + "\n\n" + line, f"{line!r}"

    def bad_test(text, py, rng, ids):
        at = block(text, "Tests")
        if not at:
            return None, py, ""
        tests = text[at[0] : at[1]]
        m = list(re.finditer(r"^( *)(- )?( *)(Name|ExpectedResult|Log|Resource):", tests, re.M))
        if not m:
            return None, py, ""
        m = rng.choice(m)
        end = tests.index("\n", m.start())
        what = rng.choice(["misspell", "type", "extra"])
        key = m.group(4)
        if what == "misspell":
            new = tests[: m.start(4)] + rng.choice([key.lower(), key + "x"]) + tests[m.end(4) :]
        elif what == "type":
            value = rng.choice(["yes", "'true'", "5", "null", "x", "[a]", "TRUE"])
            if key in ("Log", "Resource"):
                return None, py, ""
            new = tests[: m.end()] + f" {value}" + tests[end:]
            what = f"{key}: {value}"
        else:
            pad = " " * (m.start(4) - m.start())
            extra = rng.choice(["Extra: 1", "LogType: A.B", "Mocks: [{objectName: a}]", "Mocks: [{objectName: a, returnValue: 5}]", "Mocks: {}", "Mocks: []", "ExpectedDestinations: x", "ExpectedDestinations: []", "RuleOutputs: []", "ResourceType: X", "Mocks: [{objectName: a, returnValue: b, more: 1}]"])
            new = tests[: m.start()] + (m.group(0)[: m.start(4) - m.start()]) + extra + "\n" + pad + tests[m.start(4) :]
            what = extra
        return text[: at[0]] + new + text[at[1] :], py, f"test: {what}"

    def bad_yaml(text, py, rng, ids):
        lines = text.splitlines(True)
        at = rng.randrange(len(lines))
        bad = rng.choice(["\tkey: 1\n", "key: 'unclosed\n", "key: [1, 2\n", "key: a: b\n", "- item\n", "   odd: 1\n", "{\n", "key: @x\n", "? x\n", "*nothing\n", "key: !!python/object x\n", "&a\n", "key: |\nx\n", "%YAML 1.1\n", "---\n", "...\n"])
        lines.insert(at, bad)
        return "".join(lines), py, f"line {at + 1}: {bad!r}"

    def repeat_item(text, py, rng, ids):
        key = rng.choice(["Tags", "LogTypes", "OutputIds", "SummaryAttributes", "Suppressions"])
        value = rng.choice(["[A.B, A.B]", "[A.B, a.b]", "[a]", "[1, 1]", "[A.B, 5]"])
        return put(text, key, value), py, f"{key}: {value}"

    def add_key(text, py, rng, ids):
        line = rng.choice(
            [
                "Unknown: 1",
                "Threshold: 0",
                "Threshold: '5'",
                "Threshold: 1.5",
                "DedupPeriodMinutes: 3",
                "DedupPeriodMinutes: 0",
                "DedupPeriodMinutes: 15m",
                "Reports: {MITRE ATT&CK: [TA0001]}",
                "Reports: {MITRE ATT&CK: TA0001}",
                "Reports: {MITRE ATT&CK: [1, 1.5]}",
                "Reports: {MITRE ATT&CK: [true]}",
                "Reports: {5: [a]}",
                "Reports: {}",
                "Reports: []",
                "Detection: []",
                "InlineFilters: [{KeyPath: a, Condition: Exists}]",
                "InlineFilters: [{All: [{KeyPath: a, Condition: Exists}]}]",
                "InlineFilters: {}",
                "InlineFilters: [{Key: a, Condition: Exists}]",
                "AlertTitle: 5",
                "AlertContext: [{KeyName: a, KeyValue: {Key: b}}]",
                "AlertContext: [{KeyName: a}]",
                "GroupBy: [{KeyPath: a.b}]",
                "GroupBy: [a]",
                "DynamicSeverities: [{ChangeTo: INFO, Conditions: [{Key: a, Condition: Exists}]}]",
                "DynamicSeverities: [{ChangeTo: LOWER, Conditions: []}]",
                "CreateAlert: no",
                "CreateAlert: False",
                "OnlyUseBaseRiskScore: true",
                "Status: Experimental",
                "BaseVersion: 1",
                "Suppressions: [a]",
                "ScheduledQueries: [a]",
                "LogTypes: [A.B]",
                "ResourceTypes: [AWS.S3.Bucket]",
                "Filename: x.py",
                "BaseDetection: A.B",
                "BaseDetection: ''",
                "CreatedBy: me",
                "Query: select 1",
            ]
        )
        if line.split(":")[0] in top_keys(text):
            return put(text, line.split(":")[0], line.split(":", 1)[1].strip()), py, f"now {line}"
        return text.rstrip("\n") + "\n" + line + "\n", py, f"with {line}"

    def inside(text, py, rng, ids):
        """Breaks something inside a Detection, a schedule, mappings …"""
        spots = [m for m in re.finditer(r"^ +(?:- )?([A-Z][A-Za-z]+):", text, re.M)]
        tests = block(text, "Tests")
        spots = [m for m in spots if not tests or not tests[0] <= m.start() < tests[1]]
        if not spots:
            return None, py, ""
        m = rng.choice(spots)
        end = text.index("\n", m.end())
        key = m.group(1)
        if rng.random() < 0.5:
            other = rng.choice([key + "x", key.lower(), key[:-1]])
            return text[: m.start(1)] + other + text[m.end(1) :], py, f"inside: {key} -> {other}"
        value = rng.choice(["5", "x", "[]", "{}", "true", "null", "-1", "''", "1.5", "'5'"])
        if not text[m.end() : end].strip():
            return None, py, ""
        return text[: m.end()] + " " + value + text[end:], py, f"inside: {key}: {value}"

    def sql(text, py, rng, ids):
        at = block(text, "Query") or block(text, "SnowflakeQuery")
        if not at:
            return None, py, ""
        new, n = re.subn(r"(?i)\b(from|join)\s+([a-z_0-9.]+)", lambda m: f"{m.group(1)} {rng.choice(['some_table', 'a.b', 'panther_logs.aws_cloudtrail', 'mydb.public.t', 'snowflake.account_usage.login', 'a.b.c.d'])}", text[at[0] : at[1]], count=1)
        return (text[: at[0]] + new + text[at[1] :] if n else None), py, "another table"


NAMES = [name for name in vars(Mutations) if not name.startswith("_")]


def main(source, copy, seed, count):
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", ".git"))
    rng = random.Random(seed)
    documents, ids = [], []
    for folder, folders, names in os.walk(copy):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if re.fullmatch(r".*\.y.*ml", name) and not name.startswith("."):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", newline="") as file:
                    text = file.read()
                if re.search(r"^AnalysisType:", text, re.M):
                    documents.append((path, text))
                    m = re.search(r"^(?:RuleID|PolicyID|QueryName):\s*[\"']?([^\"'\n]+)", text, re.M)
                    if m:
                        ids.append(m.group(1).strip())
    # A broken global breaks all that import it, so they stay as they are; the rare kinds come more often.
    kinds = {}
    for path, text in documents:
        kind = re.search(r"^AnalysisType:\s*[\"']?(\w+)", text, re.M)
        if kind and kind.group(1) != "global":
            group = kind.group(1)
            group += " derived" if "\nBaseDetection:" in text else ""
            group += " simple" if group == "rule" and "\nDetection:" in text else ""
            kinds.setdefault(group, []).append((path, text))
    done = {}
    while len(done) < count:
        group = rng.choice(sorted(kinds)) if rng.random() < 0.6 else rng.choice(["rule", "policy", "scheduled_rule"])
        if not kinds.get(group):
            continue
        path, text = rng.choice(kinds[group])
        relative = os.path.relpath(path, copy)
        if relative in done:
            continue
        named = re.search(r"^Filename:\s*[\"']?([^\"'\s]+)", text, re.M)
        body = os.path.join(os.path.dirname(path), named.group(1)) if named else None
        py = None
        if body and body.endswith(".py") and os.path.exists(body):
            with open(body, encoding="utf-8", newline="") as file:
                py = file.read()
        way = rng.choice(NAMES)
        new, new_py, what = getattr(Mutations, way)(text, py, rng, ids)
        if new is None or (new == text and new_py == py):
            continue
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(new)
        if new_py != py:
            with open(body, "w", encoding="utf-8", newline="") as file:
                file.write(new_py)
        done[relative] = f"{group}: {way}: {what}"
    with open(os.path.join(copy, "mutations.json"), "w", encoding="utf-8") as file:
        json.dump(done, file, indent=1)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

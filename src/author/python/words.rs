//! Panther's functions and event methods, Python's words.

/// A function or method that is known without being read.
pub struct Word {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub signature: &'static str,
    /// What it does.
    pub doc: &'static str,
}

const fn word(name: &'static str, signature: &'static str, doc: &'static str) -> Word {
    Word {
        name,
        signature,
        doc,
    }
}

/// The methods of an event; those marked with `true` parts of it have too.
pub const METHODS: &[(Word, bool)] = &[
    (
        word(
            "get",
            "get(key, default=None)",
            "The value of a key, or the default where it is missing. Upper and lower case do not matter.",
        ),
        true,
    ),
    (
        word(
            "deep_get",
            "deep_get(*keys, default=None)",
            "The value at a path of keys, or the default where a step is missing or the value is null.",
        ),
        true,
    ),
    (
        word(
            "deep_walk",
            "deep_walk(*keys, default=None, return_val=\"all\")",
            "All values at a path that may go through lists, each once: one alone comes by itself, several as a list. return_val takes \"all\", \"first\" or \"last\".",
        ),
        false,
    ),
    (
        word(
            "udm",
            "udm(*keys, default=None)",
            "A field by its unified name, as the log type's data model finds it.",
        ),
        false,
    ),
    (
        word(
            "udm_path",
            "udm_path(key)",
            "Where the data model finds a unified name: a path, or the name of a method.",
        ),
        false,
    ),
    (
        word(
            "lookup",
            "lookup(table, key)",
            "The row of a lookup table for a key.",
        ),
        false,
    ),
    (
        word(
            "event_time_epoch",
            "event_time_epoch()",
            "The event's time in seconds since 1970; 0 where it cannot be read.",
        ),
        false,
    ),
    (word("items", "items()", "Keys with their values."), true),
    (word("keys", "keys()", "The keys."), true),
    (word("values", "values()", "The values."), true),
    (word("copy", "copy()", "A copy that can be changed."), true),
    (
        word(
            "to_dict",
            "to_dict()",
            "A copy that can be changed, as a dict.",
        ),
        true,
    ),
];

/// Methods of texts.
pub const TEXT_METHODS: &[Word] = &[
    word(
        "startswith",
        "startswith(prefix, start, end)",
        "Whether the text begins with another, or with one of a tuple.",
    ),
    word(
        "endswith",
        "endswith(suffix, start, end)",
        "Whether the text ends with another, or with one of a tuple.",
    ),
    word("lower", "lower()", "The text in lower case."),
    word("upper", "upper()", "The text in upper case."),
    word(
        "strip",
        "strip(chars)",
        "The text without blanks, or other signs, at both ends.",
    ),
    word(
        "split",
        "split(separator, maxsplit)",
        "The parts of the text between separators.",
    ),
    word(
        "join",
        "join(parts)",
        "The parts with the text between them.",
    ),
    word(
        "replace",
        "replace(old, new, count)",
        "The text with one piece replaced by another.",
    ),
    word(
        "format",
        "format(*values)",
        "The text with its braces filled.",
    ),
    word(
        "find",
        "find(text)",
        "Where a text begins in it; -1 where it does not.",
    ),
    word("count", "count(text)", "How often a text stands in it."),
    word("isdigit", "isdigit()", "Whether all signs are digits."),
    word("splitlines", "splitlines()", "The lines of the text."),
    word(
        "partition",
        "partition(separator)",
        "What stands before a separator, the separator, and what stands behind it.",
    ),
];

/// A function that Panther asks a body for.
pub struct Output {
    /// Its name, signature and what it is for.
    pub word: Word,
    /// A body to begin with, with the cursor's place as U+0001.
    pub body: &'static str,
}

const fn output(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    body: &'static str,
) -> Output {
    Output {
        word: word(name, signature, doc),
        body,
    }
}

/// The functions that Panther asks a body for.
pub const OUTPUTS: &[Output] = &[
    output(
        "rule",
        "rule(event)",
        "Whether the event is a match: True or False, nothing else.",
        "    return event.get(\"\u{1}\") == \"\"",
    ),
    output(
        "title",
        "title(event)",
        "The alert's title, up to 1,000 characters. Where there is no dedup function, matches with the same title go into one alert.",
        "    return f\"\u{1}\"",
    ),
    output(
        "dedup",
        "dedup(event)",
        "Matches with the same text go into one alert within the dedup period.",
        "    return event.get(\"\u{1}\", \"\")",
    ),
    output(
        "severity",
        "severity(event)",
        "The alert's severity: INFO, LOW, MEDIUM, HIGH, CRITICAL, or DEFAULT for that of the document.",
        "    return \"\u{1}DEFAULT\"",
    ),
    output(
        "description",
        "description(event)",
        "The alert's description, up to 1,000 characters.",
        "    return \"\u{1}\"",
    ),
    output(
        "reference",
        "reference(event)",
        "A link to read more.",
        "    return \"\u{1}\"",
    ),
    output(
        "runbook",
        "runbook(event)",
        "What to do about the alert.",
        "    return \"\u{1}\"",
    ),
    output(
        "destinations",
        "destinations(event)",
        "Where the alert goes: a list of names or ids; an empty list sends it nowhere.",
        "    return [\"\u{1}\"]",
    ),
    output(
        "alert_context",
        "alert_context(event)",
        "What the alert carries: a dict that can be written as JSON.",
        "    return {\"\u{1}\": event.get(\"\")}",
    ),
    output(
        "unique",
        "unique(event)",
        "With a threshold, different texts are counted in place of matches.",
        "    return event.get(\"\u{1}\", \"\")",
    ),
    output(
        "policy",
        "policy(resource)",
        "Whether the resource complies: True or False, nothing else.",
        "    return \u{1}True",
    ),
];

/// Python's words.
pub const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "False", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "None",
    "not", "or", "pass", "raise", "return", "True", "try", "while", "with", "yield",
];

/// Python's own functions that rules use.
pub const BUILTINS: &[Word] = &[
    word("any", "any(values)", "Whether one of the values is true."),
    word("all", "all(values)", "Whether all of the values are true."),
    word(
        "len",
        "len(object)",
        "How many elements or signs there are.",
    ),
    word("str", "str(object)", "The object as a text."),
    word("int", "int(text, base)", "The object as a whole number."),
    word("float", "float(text)", "The object as a number."),
    word("bool", "bool(object)", "Whether the object counts as true."),
    word("dict", "dict(items)", "A mapping."),
    word("list", "list(values)", "A list."),
    word("set", "set(values)", "Each value once."),
    word("tuple", "tuple(values)", "A list that nobody changes."),
    word(
        "isinstance",
        "isinstance(object, type)",
        "Whether the object is of a type.",
    ),
    word(
        "sorted",
        "sorted(values, key, reverse)",
        "The values in order.",
    ),
    word("min", "min(values, default)", "The smallest value."),
    word("max", "max(values, default)", "The largest value."),
    word("sum", "sum(values)", "All values together."),
    word(
        "range",
        "range(start, stop, step)",
        "Whole numbers, one after the other.",
    ),
    word(
        "enumerate",
        "enumerate(values, start)",
        "The values with their numbers.",
    ),
    word(
        "zip",
        "zip(first, second)",
        "The values of several lists side by side.",
    ),
    word(
        "filter",
        "filter(function, values)",
        "The values for which a function is true.",
    ),
    word(
        "map",
        "map(function, values)",
        "What a function gives for each value.",
    ),
    word(
        "getattr",
        "getattr(object, name, default)",
        "An attribute by its name.",
    ),
    word(
        "hasattr",
        "hasattr(object, name)",
        "Whether there is an attribute.",
    ),
    word("abs", "abs(number)", "The number without its sign."),
    word("round", "round(number, digits)", "The number, rounded."),
    word(
        "print",
        "print(*values)",
        "Writes values; a rule has nowhere to show them but its tests.",
    ),
    word("repr", "repr(object)", "The object as code."),
    word(
        "reversed",
        "reversed(values)",
        "The values from the last to the first.",
    ),
];

/// Modules that bodies import.
pub const MODULES: &[&str] = &[
    "base64",
    "collections",
    "datetime",
    "difflib",
    "fnmatch",
    "functools",
    "ipaddress",
    "json",
    "math",
    "re",
    "shlex",
    "time",
    "typing",
    "urllib.parse",
];

from collections.abc import Sequence


def is_array(value):
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def ensure_array(value):
    return value if is_array(value) else [value]

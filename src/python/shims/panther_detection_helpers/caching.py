# What rules remember between events: counters, sets of strings and dictionaries by key. In memory, for one
# interpreter; whoever runs rules empties it between cases and between runs.
#
# The platform's table forgets by the clock. Here the clock is the time of the event, so that logs of last year are
# judged as they would have been then; without one it is the real clock. A time that lies after the real one was
# reckoned from it and is moved to the event's.
import json
import time

_DEFAULT = 90 * 24 * 3600
_store = {}


def _now():
    seen = EVENT_TIME()
    return seen if seen is not None else int(time.time())


def _expiry(epoch_seconds):
    if epoch_seconds is None:
        return _now() + _DEFAULT
    seconds = int(epoch_seconds)
    if seconds < _DEFAULT:
        return _now() + seconds
    real = int(time.time())
    return _now() + seconds - real if seconds > real else seconds


def _get(kind, key, empty):
    found = _store.get((kind, key))
    if found is None or found[1] < _now():
        return empty
    return found[0]


def _put(kind, key, value, epoch_seconds):
    if not isinstance(key, str):
        raise TypeError("a key is a string, not " + type(key).__name__)
    _store[kind, key] = (value, _expiry(epoch_seconds))


def _strings(val):
    return {val} if isinstance(val, str) else {str(one) for one in val}


def set_key_expiration(key, epoch_seconds=None):
    for kind in ("counter", "strings", "dictionary"):
        if (kind, key) in _store:
            _store[kind, key] = (_store[kind, key][0], _expiry(epoch_seconds))


def get_counter(key, force_ttl_check=False):
    return _get("counter", key, 0)


def increment_counter(key, val=1, epoch_seconds=None):
    count = get_counter(key) + val
    _put("counter", key, count, epoch_seconds)
    return count


def reset_counter(key):
    _store.pop(("counter", key), None)


def evaluate_threshold(key, threshold=10, expiry_seconds=3600):
    count = increment_counter(key)
    if count == 1:
        set_key_expiration(key, expiry_seconds)
    if count >= threshold:
        reset_counter(key)
        return True
    return False


def get_string_set(key, force_ttl_check=False):
    return set(_get("strings", key, ()))


def put_string_set(key, val, epoch_seconds=None):
    strings = _strings(val)
    if strings:
        _put("strings", key, strings, epoch_seconds)
    else:
        reset_string_set(key)


def add_to_string_set(key, val, epoch_seconds=None):
    strings = get_string_set(key) | _strings(val)
    put_string_set(key, strings, epoch_seconds)
    return strings


def remove_from_string_set(key, val, epoch_seconds=None):
    strings = get_string_set(key) - _strings(val)
    put_string_set(key, strings, epoch_seconds)
    return strings


def reset_string_set(key):
    _store.pop(("strings", key), None)


def get_dictionary(key, force_ttl_check=False):
    return json.loads(_get("dictionary", key, "{}"))


def put_dictionary(key, val, epoch_seconds=None):
    if not isinstance(val, dict):
        raise TypeError("a dictionary is needed, not " + type(val).__name__)
    # What is not JSON is refused, as by the platform.
    _put("dictionary", key, json.dumps(val), epoch_seconds)


def check_account_age(key):
    if isinstance(key, str) and key:
        return bool(get_string_set(key))
    return False

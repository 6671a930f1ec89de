# The import machinery names this module; it never gets to read code from bytes here.
version = 4


def _closed(*args, **kwargs):
    raise PermissionError("code from bytes is closed to rule bodies")


dump = dumps = load = loads = _closed

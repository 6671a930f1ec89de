# What rules use of the package `dateutil`: reading dates. Written anew; what it gives is compared with the package
# itself. The reader is native (`dates.rs`).
import importlib


def __getattr__(name):
    # As in the package, parts can be had without importing them.
    if name in ("parser", "tz"):
        return importlib.import_module("dateutil." + name)
    if name in ("relativedelta", "rrule", "easter", "utils", "zoneinfo"):
        raise NotImplementedError("dateutil." + name + " is not here: dateutil.parser and dateutil.tz are")
    raise AttributeError("module 'dateutil' has no attribute '" + name + "'")

# Runs once in every interpreter before a rule body is loaded: registers the event classes,
# offers the modules of our own, and closes what is not closed by the lack of native code.
import sys
import builtins
import collections.abc
from _frozen_importlib import ModuleSpec

collections.abc.Mapping.register(View)
collections.abc.Sequence.register(List)


class _Loader:
    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        name = module.__spec__.name
        if name == "panther_core.immutable":
            module.ImmutableCaseInsensitiveDict = View
            module.ImmutableList = List
        elif name == "panther_core.enriched_event":
            module.PantherEvent = Event
        else:
            module.__dict__.update(NATIVES.get(name, {}))
            exec(compile(SHIMS[name][1], "/lib/" + name + ".py", "exec"), module.__dict__)


_VIEWS = ("panther_core.immutable", "panther_core.enriched_event")


class _Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in SHIMS or name in _VIEWS:
            return ModuleSpec(name, _Loader, is_package=name in SHIMS and SHIMS[name][0])
        return None


class _LibraryLoader:
    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        path, source = LIBRARY(module.__spec__.name)
        module.__file__ = path
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)


class _LibraryFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        found = LIBRARY(name) if path is None else None
        return found and ModuleSpec(name, _LibraryLoader, origin=found[0])


class _Sink:
    """Takes what a body prints and forgets it."""

    encoding = "utf-8"
    errors = "strict"
    newlines = None
    closed = False

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return True


def _closed(what):
    def function(*args, **kwargs):
        raise PermissionError(what + " is closed to rule bodies")

    return function


sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = _Sink()
sys.stdin = sys.__stdin__ = None
sys.path[:] = []
sys.path_hooks[:] = []
sys.meta_path.insert(0, _Finder)
# Last, as on the platform: a helper never stands in for a module of the library.
sys.meta_path.append(_LibraryFinder)
sys.executable = ""
sys._base_executable = ""
sys.prefix = sys.base_prefix = sys.exec_prefix = sys.base_exec_prefix = ""
sys.argv = [""]
sys.orig_argv = []
sys.flags  # stays: it says nothing of the host

builtins.open = _closed("a file")
builtins.input = _closed("the terminal")
builtins.breakpoint = _closed("the debugger")

for _name in ("settrace", "setprofile", "_current_frames", "_current_exceptions",
              "_settraceallthreads", "_setprofileallthreads", "remote_exec"):
    if hasattr(sys, _name):
        setattr(sys, _name, _closed("the interpreter"))

import _io
import io
import time

_io.open = io.open = builtins.open
_io.open_code = io.open_code = builtins.open

# A body that waits would only use its time up: the wait is over at once.
time.sleep = lambda seconds: None

import _thread

_thread.start_new_thread = _thread.start_new = _thread.start_joinable_thread = _closed("a thread")

# What is left of `os` without a host: an empty environment, path arithmetic, random bytes.
import abc
import posixpath as path
import sys
import _random

name = "posix"
sep = "/"
altsep = None
extsep = "."
pathsep = ":"
linesep = "\n"
curdir = "."
pardir = ".."
defpath = ""
devnull = "/dev/null"
error = OSError
environ = {}
environb = {}
supports_bytes_environ = True
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1

sys.modules["os.path"] = path


class PathLike(abc.ABC):
    __slots__ = ()

    @abc.abstractmethod
    def __fspath__(self):
        raise NotImplementedError

    @classmethod
    def __subclasshook__(cls, subclass):
        return hasattr(subclass, "__fspath__") if cls is PathLike else NotImplemented


def fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    try:
        return type(path).__fspath__(path)
    except AttributeError:
        raise TypeError(
            "expected str, bytes or os.PathLike object, not " + type(path).__name__
        ) from None


def fsencode(filename):
    filename = fspath(filename)
    return filename.encode("utf-8", "surrogateescape") if isinstance(filename, str) else filename


def fsdecode(filename):
    filename = fspath(filename)
    return filename.decode("utf-8", "surrogateescape") if isinstance(filename, bytes) else filename


def getenv(key, default=None):
    return default


def getpid():
    return 1


def cpu_count():
    return 1


def urandom(size):
    return _random.Random().getrandbits(8 * size).to_bytes(size, "little") if size else b""


def strerror(code):
    return "error " + str(code)

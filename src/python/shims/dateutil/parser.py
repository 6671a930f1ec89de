import datetime
import calendar

from dateutil import tz


class ParserError(ValueError):
    def __str__(self):
        try:
            return self.args[0] % self.args[1:]
        except (TypeError, IndexError):
            return super().__str__()

    def __repr__(self):
        return "ParserError(" + ", ".join(map(repr, self.args)) + ")"


class UnknownTimezoneWarning(RuntimeWarning):
    pass


class parserinfo:
    def __init__(self, dayfirst=False, yearfirst=False):
        if dayfirst or yearfirst:
            raise NotImplementedError("dateutil.parser reads dates with the month first here")


def parse(timestr, parserinfo=None, **kwargs):
    """A text as a `datetime`; what it does not say is today's."""
    default = kwargs.pop("default", None)
    ignoretz = kwargs.pop("ignoretz", False)
    for name, value in kwargs.items():
        if value:
            raise NotImplementedError("dateutil.parser.parse does not know `" + name + "` here")
    if isinstance(timestr, (bytes, bytearray)):
        timestr = timestr.decode()
    elif hasattr(timestr, "read"):
        timestr = timestr.read()
    if not isinstance(timestr, str):
        raise TypeError(
            "Parser must be a string or character stream, not " + type(timestr).__name__
        )
    parts = DATE_PARTS(timestr)
    if isinstance(parts, str):
        raise ParserError(parts + ": %s", timestr)
    year, month, day, hour, minute, second, micro, offset = parts
    if default is None:
        default = datetime.datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    year, month = year or default.year, month or default.month
    if day is None:
        day = min(default.day, calendar.monthrange(year, month)[1])
    zone = None
    if offset is not None and not ignoretz:
        zone = tz.UTC if offset == 0 else tz.tzoffset(None, offset)
    return datetime.datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)


def isoparse(timestr):
    """A text in one of the forms of ISO 8601 as a `datetime`."""
    try:
        found = datetime.datetime.fromisoformat(timestr)
    except ValueError:
        raise ValueError("ISO string too short") from None
    if found.tzinfo is not None:
        offset = found.utcoffset()
        found = found.replace(tzinfo=tz.tzoffset(None, offset) if offset else tz.UTC)
    return found

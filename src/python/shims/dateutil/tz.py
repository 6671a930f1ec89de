import datetime

_ZERO = datetime.timedelta(0)


class tzutc(datetime.tzinfo):
    def utcoffset(self, dt):
        return _ZERO

    def dst(self, dt):
        return _ZERO

    def tzname(self, dt):
        return "UTC"

    def is_ambiguous(self, dt):
        return False

    def fromutc(self, dt):
        return dt

    def __eq__(self, other):
        if not isinstance(other, (tzutc, tzoffset)):
            return NotImplemented
        return isinstance(other, tzutc) or other._offset == _ZERO

    __hash__ = None

    def __repr__(self):
        return "tzutc()"


class tzoffset(datetime.tzinfo):
    def __init__(self, name, offset):
        self._name = name
        if not isinstance(offset, datetime.timedelta):
            offset = datetime.timedelta(seconds=offset)
        self._offset = offset

    def utcoffset(self, dt):
        return self._offset

    def dst(self, dt):
        return _ZERO

    def tzname(self, dt):
        return self._name

    def is_ambiguous(self, dt):
        return False

    def fromutc(self, dt):
        return dt + self._offset

    def __eq__(self, other):
        if isinstance(other, tzutc):
            return self._offset == _ZERO
        return isinstance(other, tzoffset) and self._offset == other._offset

    __hash__ = None

    def __repr__(self):
        name = repr(self._name) + ", " if self._name is not None else "None, "
        return "tzoffset(" + name + str(int(self._offset.total_seconds())) + ")"


UTC = tzutc()


def tzlocal():
    # The sandbox knows no other place.
    return UTC


def gettz(name=None):
    if name in (None, "", "UTC", "GMT", "Etc/UTC"):
        return UTC
    raise NotImplementedError("time zones by name are not here: " + repr(name))

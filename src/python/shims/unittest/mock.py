# The part of `unittest.mock` that rules and their tests need.
__all__ = ["MagicMock", "Mock", "NonCallableMock", "patch", "sentinel", "DEFAULT", "call"]


class _Sentinel:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "sentinel." + self.name


class _Sentinels:
    def __getattr__(self, name):
        value = _Sentinel(name)
        setattr(self, name, value)
        return value


sentinel = _Sentinels()
DEFAULT = sentinel.DEFAULT


def call(*args, **kwargs):
    return (args, kwargs)


class NonCallableMock:
    def __init__(self, spec=None, name=None, return_value=DEFAULT, side_effect=None, **attributes):
        self.__dict__.update(
            _name=name,
            _return_value=return_value,
            side_effect=side_effect,
            call_args=None,
            call_args_list=[],
            called=False,
            call_count=0,
        )
        for key, value in attributes.items():
            setattr(self, key, value)

    @property
    def return_value(self):
        if self._return_value is DEFAULT:
            self.__dict__["_return_value"] = type(self)()
        return self._return_value

    @return_value.setter
    def return_value(self, value):
        self.__dict__["_return_value"] = value

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = type(self)()
        self.__dict__[name] = value
        return value

    def __repr__(self):
        return "<%s id='%d'>" % (type(self).__name__, id(self))


class Mock(NonCallableMock):
    def __call__(self, *args, **kwargs):
        self.called = True
        self.call_count += 1
        self.call_args = (args, kwargs)
        self.call_args_list.append((args, kwargs))
        effect = self.side_effect
        if effect is not None:
            if isinstance(effect, BaseException) or (
                isinstance(effect, type) and issubclass(effect, BaseException)
            ):
                raise effect
            if callable(effect):
                result = effect(*args, **kwargs)
                if result is not DEFAULT:
                    return result
            else:
                self.side_effect = effect = iter(effect)
                return next(effect)
        return self.return_value

    def assert_called(self):
        if not self.called:
            raise AssertionError("Expected the mock to have been called.")

    def assert_called_once(self):
        if self.call_count != 1:
            raise AssertionError("Expected the mock to have been called once.")


class MagicMock(Mock):
    def __len__(self):
        return 0

    def __iter__(self):
        return iter([])

    def __contains__(self, item):
        return False

    def __bool__(self):
        return True

    def __int__(self):
        return 1

    def __float__(self):
        return 1.0

    def __getitem__(self, key):
        return type(self)()

    def __setitem__(self, key, value):
        pass

    def __enter__(self):
        return type(self)()

    def __exit__(self, *exception):
        return False


class _Patch:
    def __init__(self, target, name, value, given):
        self.target, self.name, self.value, self.given = target, name, value, given

    def __enter__(self):
        self.before = getattr(self.target, self.name)
        value = self.value if self.given else MagicMock()
        setattr(self.target, self.name, value)
        return value

    def __exit__(self, *exception):
        setattr(self.target, self.name, self.before)
        return False

    def __call__(self, function):
        def patched(*args, **kwargs):
            with self as value:
                return function(*args, *(() if self.given else (value,)), **kwargs)

        return patched


def _object(target, name, new=DEFAULT, **kwargs):
    return _Patch(target, name, new, new is not DEFAULT)


def patch(target, new=DEFAULT, **kwargs):
    import sys

    module, name = target.rsplit(".", 1)
    __import__(module)
    return _object(sys.modules[module], name, new)


patch.object = _object

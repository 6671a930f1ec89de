from unittest.mock import NonCallableMock


def is_mock(func):
    return isinstance(func, NonCallableMock)

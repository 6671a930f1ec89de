# `requests` without a network: every call says so.
class RequestException(IOError):
    pass


class ConnectionError(RequestException):
    pass


class HTTPError(RequestException):
    pass


class Timeout(RequestException):
    pass


class exceptions:
    RequestException = RequestException
    ConnectionError = ConnectionError
    HTTPError = HTTPError
    Timeout = Timeout


def request(method, url, **kwargs):
    raise ConnectionError("there is no network here: " + str(method).upper() + " " + str(url))


def _method(name):
    def call(url, *args, **kwargs):
        return request(name, url)

    call.__name__ = name
    return call


get, post, put, patch, delete, head, options = map(
    _method, ("get", "post", "put", "patch", "delete", "head", "options")
)


class Session:
    def __init__(self):
        self.headers = {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def request(self, method, url, **kwargs):
        return request(method, url)

    get = staticmethod(get)
    post = staticmethod(post)
    put = staticmethod(put)
    patch = staticmethod(patch)
    delete = staticmethod(delete)
    head = staticmethod(head)
    options = staticmethod(options)


session = Session

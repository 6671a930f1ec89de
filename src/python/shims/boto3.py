# `boto3` without AWS: clients and resources can be made, and every call says that there is no network.
from botocore.exceptions import NoCredentialsError


class _Far:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        far = _Far(self._name + "." + name)
        return far

    def __call__(self, *args, **kwargs):
        # `Table`, `Bucket` and the like only name something; so do paginators and waiters.
        last = self._name.rsplit(".", 1)[-1]
        if last[:1].isupper() or last in ("client", "resource", "get_paginator", "get_waiter"):
            return _Far(self._name + "()")
        raise NoCredentialsError(call=self._name)


client = _Far("boto3.client")
resource = _Far("boto3.resource")


class Session:
    def __init__(self, *args, **kwargs):
        self.region_name = kwargs.get("region_name")

    def client(self, *args, **kwargs):
        return client(*args, **kwargs)

    def resource(self, *args, **kwargs):
        return resource(*args, **kwargs)


class session:
    Session = Session

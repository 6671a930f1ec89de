import re

_FULL = re.compile(r"arn:([^:]+):([^:]+):([^:]*):(\*|[0-9]{12}|aws|cloudfront|):(.+)", re.DOTALL)


class ARN:
    """An Amazon resource name, the number of an account or the name of a service; `error` for anything else."""

    def __init__(self, input):
        if not isinstance(input, str):
            kind = type(input).__name__
            raise TypeError("expected string or bytes-like object, got '" + kind + "'")
        self.arn = input
        self.error = False
        self.partition = self.region = self.account_number = self.name = self.tech = None
        self.service = self.root = False
        full = _FULL.match(input)
        if full:
            self.partition, self.tech, self.region, self.account_number, self.name = full.groups()
            self.root = self.name == "root"
        elif re.match(r"^[0-9]{12}$", input):
            self.account_number = input
        elif service := re.match(r"(.+)\.amazon(?:aws)?\.com$", input):
            self.service = True
            self.tech = service.group(1)
        else:
            self.error = True

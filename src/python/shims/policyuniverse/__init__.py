# What rules use of the package `policyuniverse`: AWS policy documents. Written anew; what it gives is compared with
# the package itself. The actions of AWS are in `assets/python/aws-actions.txt`.
_LEVELS = {}


def _levels():
    # Read when something asks for it: most rules do not.
    if not _LEVELS:
        for line in AWS_ACTIONS().splitlines():
            if line.startswith("#"):
                continue
            service, level, *names = line.split()
            for name in names:
                _LEVELS[service + ":" + name] = level
    return _LEVELS


def __getattr__(name):
    if name == "all_permissions":
        return set(_levels())
    if name == "service_data":
        raise NotImplementedError("policyuniverse.service_data is not here")
    raise AttributeError("module 'policyuniverse' has no attribute '" + name + "'")

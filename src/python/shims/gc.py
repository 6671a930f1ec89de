# Collections are not run: memory that is only reachable in a circle counts against the limit.
callbacks = []
garbage = []


def collect(generation=2):
    return 0


def enable():
    pass


def disable():
    pass


def isenabled():
    return False


def freeze():
    pass


def unfreeze():
    pass

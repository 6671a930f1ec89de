# Panther measures its helpers with this; here nothing is measured.
USE_MONITORING = False


def wrap(name, tags=None):
    return lambda function: function

# The exceptions that the event classes and the checks of a rule's outputs raise.


class PantherError(Exception):
    pass


class UnknownDestinationError(Exception):
    pass


class FunctionReturnTypeError(Exception):
    pass

PRIVILEGED = ("owner", "admin")


def actor_of(event, default="unknown"):
    """The e-mail address of who did it."""
    return event.deep_get("actor", "email", default=default)


# Whether an address is one of ours.
def is_internal(address):
    return address.startswith("10.")

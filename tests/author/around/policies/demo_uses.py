import demo_helpers as h


def policy(resource):
    actor_of = resource.get("actor_of")
    return actor_of != h.actor_of(resource)

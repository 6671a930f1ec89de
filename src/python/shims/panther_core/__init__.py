# The package under which Panther's event classes are imported; the classes are native.
from panther_core.enriched_event import PantherEvent

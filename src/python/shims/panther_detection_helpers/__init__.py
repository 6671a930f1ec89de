# Panther's helpers that keep something between events. Written anew from their published descriptions.

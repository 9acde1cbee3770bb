"""A regional hub passes reports on to the hub above it, by a node of its own: the same protocol, no other."""

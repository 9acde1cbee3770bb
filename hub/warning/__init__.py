"""Signals of the early warning: where they stand, what they rest on, how they fold."""

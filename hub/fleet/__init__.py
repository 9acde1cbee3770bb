"""The boxes in the villages, looked after as a fleet: how each is, and who must be called."""

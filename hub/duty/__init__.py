"""The duty roster: who is on duty when, and who is told of an urgent report."""

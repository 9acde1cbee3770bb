"""Accounts of the hub: roles, areas, sign-in, sessions, second factor."""

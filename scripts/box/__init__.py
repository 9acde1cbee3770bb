"""Puts Kentongan on a Debian machine: what must be there, and how it is made so. Standard library alone."""

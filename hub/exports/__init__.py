"""Exports: tables for people's own tools, counts, public numbers."""

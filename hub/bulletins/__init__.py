"""Bulletins: warnings that a second person approves, for villages and for other agencies (OASIS CAP 1.2)."""

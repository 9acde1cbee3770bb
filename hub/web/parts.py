"""A part of a long list at a time: which one stands in the address, as the place of its first row."""

from __future__ import annotations

from typing import Final

from flask import request

ROWS: Final = 100
"""Rows of a part: a page of this many is drawn and read at once."""


def first_row() -> int:
    """Return the place of the first row that the address asks for, from 0."""
    asked = request.args.get("dari", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0


def following(first: int, count: int) -> int | None:
    """Return where the next part of a list of `count` rows begins, or None."""
    return first + ROWS if first + ROWS < count else None

"""Cursors of lists in order of a number and an id: the place of the last row, as one word of an address."""

from __future__ import annotations

import base64
import binascii
import json
import math

_LARGEST_ID = 2**31 - 1


def cursor_at(number: float, row_id: int) -> str:
    """Return the cursor behind a row."""
    return base64.urlsafe_b64encode(json.dumps([number, row_id]).encode()).decode("ascii")


def read_cursor(text: str | None) -> tuple[float, int] | None:
    """Return the place of a cursor, or None for one that is none."""
    if not text:
        return None
    try:
        number, row_id = json.loads(base64.urlsafe_b64decode(text.encode("ascii", "replace")))
        place = float(number), int(row_id)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None
    # Beyond what a column holds, a database refuses the question itself.
    return place if math.isfinite(place[0]) and 0 <= place[1] <= _LARGEST_ID else None

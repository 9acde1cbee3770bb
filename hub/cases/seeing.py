"""Which reports an account may see, as a condition that stands in the query itself."""

from __future__ import annotations

from typing import Any

import peewee

from hub.services import SignedIn


def may_see(who: SignedIn, village: Any) -> Any | None:
    """Return the condition on a column with village codes, or None where the account sees every area."""
    # The one place where areas of accounts enter inbox, triage, cases and search.
    areas: tuple[str, ...] = getattr(who, "areas", ())
    if not areas:
        return None
    condition = None
    for area in areas:
        one = begins_with(village, area)
        condition = one if condition is None else condition | one
    return condition


def begins_with(village: Any, area: str) -> Any:
    """Return the condition that a village code lies in an area. It uses no index of the column on purpose:
    the index of the list's order must be walked, or every page would sort the whole area."""
    return peewee.fn.SUBSTR(village, 1, len(area)) == area

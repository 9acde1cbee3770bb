"""Which rows of the inbox a choice shows: conditions of which one index answers the first, and cursors."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.models import Triage
from hub.cases.services import InboxChoice
from hub.cases.states import STAGES
from hub.cases.urgency import OPEN_BELOW, URGENT_BELOW
from hub.risk.scoring import BANDS
from hub.services import SignedIn

REGENCY_CHARACTERS = 5
VILLAGE_CHARACTERS = 13
LOOKED_AT = 10_000
"""Rows that a page is chosen from at most, where no index chooses; the next page goes on after them."""
FEW_REGENCIES = 8
"""Of so many the open reports are sorted in no time."""


def ordered(conditions: Sequence[Any], before: str | None) -> Any:
    """Return the query of the rows that fit, in the list's order, after a cursor."""
    query = Triage.select()
    for condition in conditions:
        query = query.where(condition)
    after = read_cursor(before)
    if after is not None:
        key, report = after
        query = query.where((Triage.sort_key >= key) & ((Triage.sort_key > key) | (Triage.report > report)))
    return query.order_by(Triage.sort_key, Triage.report)


def lead_and_rest(choice: InboxChoice, who: SignedIn) -> tuple[list[Any], list[Any]]:
    """Return the conditions of a choice: those that one index answers in the list's order, and all others."""
    lead: list[Any] = []
    if choice.urgent:
        lead.append(Triage.sort_key < URGENT_BELOW)
    elif choice.stage not in STAGES:
        lead.append(Triage.sort_key < OPEN_BELOW)
    rest = _within(choice, who)
    equal = [*_places(choice, who), *_words(choice, who)]
    if equal:
        # The first leaves the fewest rows. The others must not tempt the database to another index.
        field, values = equal[0]
        lead.append(field == values[0] if len(values) == 1 else field.in_(values))
    for field, values in equal[1:]:
        folded = peewee.fn.COALESCE(field, False if values[0] is True else "")
        rest.append(folded == values[0] if len(values) == 1 else folded.in_(values))
    return lead, rest


def _places(choice: InboxChoice, who: SignedIn) -> list[tuple[Any, list[Any]]]:
    """Return columns of places and the values that they may have."""
    found: list[tuple[Any, list[Any]]] = []
    if len(choice.area or "") == VILLAGE_CHARACTERS:
        found.append((Triage.village, [choice.area]))
    elif len(choice.area or "") >= REGENCY_CHARACTERS:
        found.append((Triage.regency, [str(choice.area)[:REGENCY_CHARACTERS]]))
    regencies = sorted({area[:REGENCY_CHARACTERS] for area in who.areas})
    if len(who.areas) == 1 and len(who.areas[0]) == VILLAGE_CHARACTERS:
        found.append((Triage.village, list(who.areas)))
    elif 0 < len(regencies) <= FEW_REGENCIES and all(len(one) == REGENCY_CHARACTERS for one in regencies):
        found.append((Triage.regency, regencies))
    return found


def _words(choice: InboxChoice, who: SignedIn) -> list[tuple[Any, list[Any]]]:
    """Return the other columns and their values, those first that leave the fewest rows."""
    asked = (
        (choice.mine, Triage.assignee, who.name),
        (choice.drawn, Triage.drawn, True),
        (choice.unread, Triage.unread, True),
        (choice.band in BANDS, Triage.band, choice.band),
        (choice.kind, Triage.kind, choice.kind),
        (choice.stage in STAGES, Triage.stage, choice.stage),
    )
    return [(field, [value]) for wanted, field, value in asked if wanted]


def _within(choice: InboxChoice, who: SignedIn) -> list[Any]:
    """Return the conditions of places that no index answers."""
    found = []
    if choice.area and len(choice.area) not in (REGENCY_CHARACTERS, VILLAGE_CHARACTERS):
        found.append(begins_with(Triage.village, choice.area))
    if who.areas:
        found.append(sees(who, Triage.village))
    return found


def begins_with(village: Any, area: str) -> Any:
    """Return the condition that a village code lies in an area. It uses no index of the column on purpose:
    the index of the list's order must be walked, or every page would sort the whole area."""
    return peewee.fn.SUBSTR(village, 1, len(area)) == area


def cursor_of(row: Any) -> str:
    """Return where the next page begins, as text."""
    return base64.urlsafe_b64encode(json.dumps([row.sort_key, row.report]).encode()).decode("ascii")


def read_cursor(text: str | None) -> tuple[int, str] | None:
    """Return the key and the report of a cursor; None for what is none."""
    if not text:
        return None
    try:
        key, report = json.loads(base64.urlsafe_b64decode(text.encode("ascii", "replace")))
        place = min(max(int(key), 0), 2**62), str(report)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None
    # Half of a letter, or a zero byte, is no text for a database.
    return place if place[1].isascii() and place[1].isprintable() else None

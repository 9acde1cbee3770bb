"""Summaries of the villages' awareness sessions: kept in their last revision, read for the staff's pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from hub.models import SessionSummary as Row
from hub.services import HeldSession, SessionCount
from hub.storage.statements import put
from sync.errors import MalformedWire
from sync.storage.database import connect
from sync.wire.session_summary import decode_summary


class VillageSessions:
    """Implements `hub.services.SessionServices`, and takes what the intake opens."""

    def __init__(self, database: Any) -> None:
        self._db = database

    def add(self, node: int, record: bytes, *, via: str, at: float) -> None:
        """Keep a summary; call it in the intake's transaction. An older revision changes nothing.

        Raises MalformedWire for what is none.
        """
        summary = decode_summary(record)
        known = Row.select(Row.revision).where((Row.node == node) & (Row.key == summary.key)).first(self._db)
        if known is not None and known.revision > summary.revision:
            return
        row = {
            "node": node,
            "key": summary.key,
            "revision": summary.revision,
            "record": record,
            "via": via,
            "received_at": at,
        }
        put(Row, row).execute(self._db)

    def sessions(self, node: int) -> list[HeldSession]:
        """See `SessionServices.sessions`."""
        connect(self._db)
        rows = Row.select().where(Row.node == node).execute(self._db)
        return sorted(readable(rows), key=_newest_first, reverse=True)

    def session_counts(self, nodes: Collection[int]) -> dict[int, SessionCount]:
        """See `SessionServices.session_counts`."""
        connect(self._db)
        found: dict[int, SessionCount] = {}
        for row in Row.select().where(Row.node.in_(list(nodes))).execute(self._db):
            for held in readable([row]):
                before = found.get(int(row.node), SessionCount(0, 0))
                people = before.people + held.summary.people
                found[int(row.node)] = SessionCount(before.sessions + 1, people)
        return found


def _newest_first(held: HeldSession) -> tuple[date, float]:
    return held.summary.held_on or date.min, held.received_at


def readable(rows: Any) -> Iterator[HeldSession]:
    """Yield the sessions of rows; those that this version cannot read are left out."""
    for row in rows:
        try:
            yield HeldSession(decode_summary(bytes(row.record)), row.via, float(row.received_at))
        except MalformedWire:  # of a version that was rolled back
            continue

"""A village's new box takes over the receipts of the boxes before it, so that old codes are answered there.

A new box has another pre-shared key, and with it another salt of receipts. The hub derives each code again
from its report's envelope, and tells the new box by what the code is found there: nothing that opens an
answer. It does so for a box whose fingerprint somebody compared by voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from hub.models import Answer, Down, Node, Report
from hub.outgoing import ANSWER, MOVED, Outgoing
from hub.relay_boxes import box_of, relays
from sync.errors import SealBroken
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

EVERY_S = 600
AT_ONCE = 20
"""Receipts in one commit: each costs some ten milliseconds of slow hashing."""
MOST_MOVED = 300
"""Receipts of one village that move, the newest: on the air each takes most of a second."""


class Succession:
    """Who comes after whom, and what is handed over."""

    def __init__(self, database: Any, writer: GroupCommitWriter, outgoing: Outgoing) -> None:
        self._db = database
        self._writer = writer
        self._outgoing = outgoing

    def jobs(self) -> list[Job]:
        """Return the look of each ten minutes."""
        return [Job("succession", EVERY_S, self._turn)]

    def _turn(self) -> None:
        self.turn()

    def turn(self) -> int:
        """Queue what boxes that were compared lack of their villages' receipts; return how many."""
        connect(self._db)
        ready = ~Node.retired & ~Node.door & Node.compared_at.is_null(False)
        before = Node.alias()
        has_past = before.select(before.village).where(before.retired & ~before.door)
        found = Node.select().where(ready & Node.village.in_(has_past)).execute(self._db)
        return sum(self._hand_over(int(node.number)) for node in list(found))

    def _hand_over(self, number: int) -> int:
        lacks = self._lacks(number)
        for start in range(0, len(lacks), AT_ONCE):
            self._writer.run(partial(self._move_all, number, lacks[start : start + AT_ONCE]))
        return len(lacks)

    def _lacks(self, number: int) -> list[str]:
        connect(self._db)
        node = Node.select().where(Node.number == number).get(self._db)
        stands_in = relays(self._db)
        past = [
            int(one.number)
            for one in Node.select()
            .where((Node.village == node.village) & Node.retired & ~Node.door)
            .execute(self._db)
        ]
        if number in stands_in or not past:
            return []
        told = Down.select(Down.ref).where((Down.node == number) & (Down.what == MOVED))
        newest = Report.select(Report.id).where(Report.node.in_(past))
        rows = newest.order_by(Report.received_at.desc()).limit(MOST_MOVED).tuples().execute(self._db)
        there = {str(ref) for (ref,) in told.tuples().execute(self._db)}
        return [str(report) for (report,) in rows if str(report) not in there]

    def _move_all(self, number: int, reports: Sequence[str]) -> None:
        for report in reports:
            self._move(number, report)

    def _move(self, number: int, report: str) -> None:
        try:
            self._outgoing.queue(number, MOVED, report)
        except (LookupError, SealBroken):
            return  # it is forgotten, or its key is destroyed: so is its code
        written = Answer.select(Answer.id).where(Answer.report == report).order_by(Answer.id)
        for (answer,) in list(written.tuples().execute(self._db)):
            told = (Down.node == number) & (Down.what == ANSWER) & (Down.ref == str(answer))
            if not Down.select().where(told).exists(self._db):
                self._outgoing.queue(number, ANSWER, str(answer))


def in_place_of(database: Any, number: int) -> int:
    """Return the box that holds the receipts of box `number` now: itself, or the one that came after it in
    its village and was compared by voice."""
    node = Node.select().where(Node.number == number).first(database)
    if node is None or not node.retired or node.door:
        return number
    after = box_of(database, node.village)
    ready = Node.compared_at.is_null(False) & (Node.number == after)
    return number if after is None or not Node.select().where(ready).exists(database) else after

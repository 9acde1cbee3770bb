"""A desk before another one: a box that is away is asked again, with the same token, for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bots.desks.fulfilling import Desk
from bots.dialogue.contract import Input, NotTaken, Wish
from sync.wire.attachments import Attachment


class PatientDesk:
    """Asks `tries` times; `wait` waits between two, and returns whether to give up."""

    def __init__(self, desk: Desk, tries: int, wait: Callable[[], bool]) -> None:
        self._desk = desk
        self._tries = tries
        self._wait = wait

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        """Return what came of a wish, at last."""
        outcome = self._desk.fulfil(wish, files)
        for _ in range(self._tries - 1):
            if not (isinstance(outcome, NotTaken) and outcome.why == "away") or self._wait():
                break
            outcome = self._desk.fulfil(wish, files)
        return outcome

"""Receipts that the hub gives unasked: at the end of a burst, and once more where nothing came after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sync.link.hearing import Owed


@dataclass
class _Debt:
    owed: Owed
    at: float
    repeats_left: int


class OwedReceipts:
    """One for a node at most, so no more than nodes that are heard now. Times as `now` of the session."""

    def __init__(self, repeats: int) -> None:
        self._repeats = repeats
        self._debts: dict[int, _Debt] = {}

    def took(self, owed: Owed, at: float, *, new: bool) -> None:
        """An envelope is committed, `new` unless it was before; its burst should be over by `at`.

        A copy alone earns nothing: else sending old frames again would make the hub talk.
        """
        if new or owed.epoch.node_number in self._debts:
            self._debts[owed.epoch.node_number] = _Debt(owed, at, self._repeats)

    def asked(self, owed: Owed, again_at: float | None) -> None:
        """A poll was answered; say it again at `again_at` unless something comes before."""
        self._expect(owed, again_at, self._repeats)

    def given(self, owed: Owed, again_at: float | None) -> None:
        """A receipt that was due went out; `again_at` as above."""
        debt = self._debts[owed.epoch.node_number]
        # The first was not a repeat: it answered the burst.
        self._expect(owed, again_at, debt.repeats_left)

    def _expect(self, owed: Owed, again_at: float | None, repeats_left: int) -> None:
        if again_at is None or repeats_left <= 0:
            self._debts.pop(owed.epoch.node_number, None)
        else:
            self._debts[owed.epoch.node_number] = _Debt(owed, again_at, repeats_left - 1)

    def due(self, now: float) -> list[Owed]:
        """Return what is to be given now."""
        return [debt.owed for debt in self._debts.values() if debt.at <= now]

    def times(self) -> Iterable[float]:
        """Return when each is due."""
        return (debt.at for debt in self._debts.values())

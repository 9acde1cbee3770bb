"""What may show in the village as waiting: from when to when, and no word of which reports."""

from __future__ import annotations

from dataclasses import dataclass

from sync.identifiers import EnvelopeId, Lane
from village_node.log_rows import LogRows, reads
from village_node.models import Envelope, Receipt, Setting, Step
from village_node.receipt_rows import STEP_SAVED
from village_node.timekeeping import Stamp

_NEVER = ((-1, -1), (-1, -1))
Moment = tuple[int, int]
"""Boot and second of it."""


@dataclass(frozen=True)
class Window:
    """From when to when reports may show. One of them waited after so many rounds of receipts."""

    begin: Moment
    end: Moment
    receipts: int


class WaitingRows(LogRows):
    """The part of the log that says since when something waits."""

    _shown: Window | None = None
    """The window as it is committed."""
    _receipts = 0
    """How often receipts came since this start: what waited then may wait no more."""

    def _show_waiting(self, stamp: Stamp) -> Window:
        """Let the village see that a report of this moment waits. Call inside a job, and `_remember` what it
        returns once that is committed.

        No row says of a report that it is hidden: kept is only from when to when reports may show. Within a
        second, and while no receipt comes, this asks the database nothing: in a crowd each of its answers
        costs a turn at the interpreter.
        """
        here = (stamp.boot, stamp.mono_s)
        known = self._shown
        if known is not None and known.receipts == self._receipts:
            begin, end, waits = known.begin, known.end, True
        else:
            known = None
            begin, end = self._shown_window()
            waits = self._waits_in(begin, end)
        if waits:
            # Threads come here in another order than they looked at the clock.
            shown = Window(min(begin, here), max(end, here), self._receipts)
        else:
            shown = Window(here, here, self._receipts)
        if shown != known:
            value = ",".join(map(str, (*shown.begin, *shown.end))).encode()
            self._insert(Setting, "REPLACE", key="shown_waiting", value=value)
        return shown

    def _remember(self, window: Window) -> None:
        self._shown = window

    def _receipts_came(self) -> None:
        self._receipts += 1

    def _waits_in(self, begin: Moment, end: Moment) -> bool:
        """Whether any report that may show waits; in the time that finding one takes, however many wait."""
        found = self._row(
            "SELECT 1 FROM envelope JOIN receipt USING (epoch, counter)"
            " WHERE receipted_in IS NULL AND lane = ?"
            " AND (boot, mono_s) >= (?, ?) AND (boot, mono_s) <= (?, ?) LIMIT 1",
            int(Lane.REPORT),
            *begin,
            *end,
        )
        return found is not None

    @reads
    def waits(self, place: str | None) -> bool:
        """Return whether the envelope with this id is here and nobody has receipted it."""
        if place is None:
            return False
        one = EnvelopeId.parse(place)
        found = self._row(
            "SELECT 1 FROM envelope WHERE epoch = ? AND lane = ? AND counter = ? AND receipted_in IS NULL",
            one.epoch,
            int(one.lane),
            one.counter,
        )
        return found is not None

    def _shown_window(self) -> tuple[Moment, Moment]:
        """Return from when to when reports may show."""
        value = self._setting("shown_waiting")
        if value is None:
            return _NEVER
        boot, mono_s, last_boot, last_s = map(int, value.split(b","))
        return (boot, mono_s), (last_boot, last_s)

    @reads
    def waiting_since(self) -> Stamp | None:
        """Return when the oldest waiting report that the village may see was taken, or None."""
        (boot, mono_s), (last_boot, last_s) = self._shown_window()
        row = (
            Envelope.select(Envelope.boot, Envelope.mono_s, Step.wall_s)
            .join(Receipt, on=((Receipt.epoch == Envelope.epoch) & (Receipt.counter == Envelope.counter)))
            .join(Step, on=((Step.find == Receipt.find) & (Step.step == STEP_SAVED)))
            .where(Envelope.receipted_in.is_null() & (Envelope.lane == int(Lane.REPORT)))
            .where((Envelope.boot > boot) | ((Envelope.boot == boot) & (Envelope.mono_s >= mono_s)))
            .where((Envelope.boot < last_boot) | ((Envelope.boot == last_boot) & (Envelope.mono_s <= last_s)))
            .order_by(Envelope.boot, Envelope.mono_s)
            .tuples()
            .first(self._db)
        )
        return None if row is None else Stamp(row[0], row[1], row[2])

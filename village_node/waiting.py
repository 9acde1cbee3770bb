"""What may show in the village as waiting: from when to when, and no word of which reports."""

from __future__ import annotations

from sync.identifiers import Lane
from village_node.log_rows import LogRows, reads
from village_node.models import Envelope, Receipt, Setting, Step
from village_node.receipt_rows import STEP_SAVED
from village_node.timekeeping import Stamp


class WaitingRows(LogRows):
    """The part of the log that says since when something waits."""

    def _show_waiting(self, stamp: Stamp) -> None:
        """Let the village see that a report of this moment waits. Call inside a job.

        No row says of a report that it is hidden: kept is only from when to when reports may show.
        """
        here = [stamp.boot, stamp.mono_s]
        window = self._shown_window()
        begin = window[:2] if self._waits_in(window) else here
        value = ",".join(map(str, (*begin, *here))).encode()
        self._insert(Setting, "REPLACE", key="shown_waiting", value=value)

    def _waits_in(self, window: list[int]) -> bool:
        """Whether any report that may show waits; in the time that finding one takes, however many wait."""
        found = self._db.execute_sql(
            "SELECT 1 FROM envelope JOIN receipt USING (epoch, counter)"
            " WHERE receipted_in IS NULL AND lane = ?"
            " AND (boot, mono_s) >= (?, ?) AND (boot, mono_s) <= (?, ?) LIMIT 1",
            (int(Lane.REPORT), *window),
        )
        return found.fetchone() is not None

    def _shown_window(self) -> list[int]:
        """Return from when to when reports may show: boot and second, twice."""
        value = self._setting("shown_waiting")
        return [-1, -1, -1, -1] if value is None else [int(part) for part in value.split(b",")]

    @reads
    def waiting_since(self) -> Stamp | None:
        """Return when the oldest waiting report that the village may see was taken, or None."""
        boot, mono_s, last_boot, last_s = self._shown_window()
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

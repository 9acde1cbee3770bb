"""What a receipt shows, by its `find`: steps, pictures, additions, files, answers; nothing of a report."""

from __future__ import annotations

from sync.identifiers import EnvelopeId, Lane
from village_node.log_rows import ROW, LogRows, reads
from village_node.models import Answer, Attached, Envelope, FollowUp, Receipt, ReceiptSign, Step
from village_node.services import FilesState
from village_node.timekeeping import Stamp

STEP_SAVED, STEP_ON_ITS_WAY, STEP_RECEIVED, STEP_READ, STEP_ACTED_ON = range(5)


class ReceiptRows(LogRows):
    """The part of the log that a receipt code opens."""

    def _reach(self, find: bytes, step: int, stamp: Stamp) -> None:
        wall_s = stamp.wall_s
        self._insert(
            Step, "IGNORE", find=find, step=step, boot=stamp.boot, mono_s=stamp.mono_s, wall_s=wall_s
        )

    @reads
    def steps(self, find: bytes) -> dict[int, Stamp]:
        """Return the steps that a receipt has reached; empty when no report has that receipt."""
        rows = Step.select().where(Step.find == find).execute(self._db)
        return {row.step: Stamp(row.boot, row.mono_s, row.wall_s) for row in rows}

    @reads
    def finds_of_pictures(self, pictures: int) -> list[bytes]:
        """Return the receipts with these pictures; in a village mostly one."""
        rows = ReceiptSign.select(ReceiptSign.find).where(ReceiptSign.pictures == pictures)
        return [bytes(row.find) for row in rows.execute(self._db)]

    @reads
    def find_under_duress(self, find: bytes) -> bytes | None:
        """Return the receipt whose duress code this is, or None."""
        row = ReceiptSign.select(ReceiptSign.find).where(ReceiptSign.duress_find == find).first(self._db)
        return None if row is None else bytes(row.find)

    @reads
    def place_of(self, find: bytes) -> EnvelopeId | None:
        """Return the envelope of the report with this receipt, or None."""
        row = Receipt.select().where(Receipt.find == find).first(self._db)
        return None if row is None else EnvelopeId(bytes(row.epoch), Lane.REPORT, row.counter)

    @reads
    def follow_ups(self, find: bytes) -> list[tuple[int, bytes, dict[int, Stamp]]]:
        """Return (kind, key, steps) of what was sent after a report, in the order taken."""
        rows = FollowUp.select().where(FollowUp.find == find).order_by(ROW).execute(self._db)
        return [(row.kind, bytes(row.key), self.steps(bytes(row.key))) for row in rows]

    @reads
    def files_state(self, key: bytes) -> FilesState:
        """Return how far the pictures and sounds of a receipt or a follow-up are."""
        row = Attached.select().where(Attached.key == key).first(self._db)
        if row is None:
            return "none"
        waits = (Envelope.epoch == row.epoch) & (Envelope.lane == int(Lane.BULK))
        waits &= Envelope.counter.between(row.first, row.last) & Envelope.receipted_in.is_null()
        return "waiting" if Envelope.select().where(waits).exists(self._db) else "received"

    @reads
    def answers(self, find: bytes) -> list[tuple[int, int, bool, int, bytes]]:
        """Return (generation, counter, asks, written_at_s, sealed) of a receipt's answers, oldest first."""
        rows = (
            Answer.select()
            .where(Answer.find == find)
            .order_by(Answer.generation, Answer.counter)
            .execute(self._db)
        )
        return [(r.generation, r.counter, r.asks, r.written_at_s, bytes(r.sealed)) for r in rows]

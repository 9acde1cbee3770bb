"""Hub envelopes: answers, ladder steps and backup marks, sealed for each node until it has them (D1b)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee

from hub.keyring import Keyring
from hub.models import Answer, Down, Epoch, Node, Notice, Report, Setting
from hub.retention.contents import ANSWER as ANSWER_TEXT
from hub.retention.contents import ReportContents
from hub.rotation.originals import Originals
from hub.storage.statements import put, run
from sync.identifiers import EnvelopeId, Lane
from sync.link.ranges import RangeSet
from sync.sealing.receipt_code import ReceiptKeys, receipt_salt
from sync.sealing.signing import sign
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.content_pieces import ContentPiece
from sync.wire.control_records import (
    AnswerRecord,
    BackedUp,
    MovedReceipt,
    SignedSetting,
    StatusRecord,
    encode_down,
)
from sync.wire.notices import SignedNotice
from sync.wire.numbers import Step
from sync.wire.settings_records import SETTING_LABEL, Revoked, encode_setting
from sync.wire.settings_records import Setting as NodeSetting

ANSWER, READ, ACTED_ON, BACKED_UP, SETTING = "answer", "read", "acted_on", "backed_up", "setting"
NOTICE, CONTENT, REVOKED, MOVED = "notice", "content", "revoked", "moved"
GONE = "gone"
"""It told of a report that was forgotten: what was sealed goes on its way and is never sealed again."""


@dataclass(frozen=True, repr=False)
class Waiting:
    """A hub envelope that its node does not have yet."""

    id: int
    node_number: int
    counter: int
    sealed: bytes
    generation: int
    delivered: bool = False
    """Meanwhile it has it: only `changes` tells of such."""


_SEALED_ANEW = "UPDATE down SET generation = ?, counter = ?, sealed = ?, changed = ? WHERE id = ?"


class Outgoing:
    """Allocates (generation, counter) inside the transaction that stores the envelope, and seals."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        keyring: Keyring,
        contents: ReportContents,
        signing_private: bytes,
    ) -> None:
        self._db = database
        self._writer = writer
        self._keyring = keyring
        self._contents = contents
        self._signing_private = signing_private
        self._originals = Originals(database, keyring, contents)
        self.on_lost: Callable[[bytes, int], bool] = lambda epoch, node_number: False
        """Told of an epoch whose first claim says that its node lost something, in a job of the writer;
        returns whether it speaks under another key of the hub now."""
        self.holder_of: Callable[[int], int] = lambda node_number: node_number
        """Gives the box that holds the receipts of a retired one (see `hub.succession`)."""
        self.piece_of: Callable[[str], ContentPiece] = _no_piece
        """Gives the piece of material that a reference names (see `hub.content`)."""

    # -- the generation ---------------------------------------------------------------------------

    def _number(self, key: str) -> int:
        row = Setting.select().where(Setting.key == key).first(self._db)
        return 0 if row is None else int(bytes(row.value))

    def _set_number(self, key: str, value: int) -> None:
        put(Setting, {"key": key, "value": str(value).encode()}).execute(self._db)

    @property
    def generation(self) -> int:
        """Return the generation in force."""
        connect(self._db)
        return self._number("generation")

    def begin_generation(self, now_s: float) -> int:
        """Draw a new generation and seal anew what nodes do not have yet.

        Every start of the hub does this: a database that was restored cannot tell, so each start counts as
        a restore. The date as number keeps generations growing even when the newest was lost with the disk.
        """

        def job() -> int:
            generation = max(self._number("generation") + 1, int(now_s))
            if not generation & 0xFFFF:
                generation += 1  # its low bits would read as "none" in a poll
            self._set_number("generation", generation)
            self._set_number(f"generation_tag.{generation & 0xFFFF}", generation)
            Setting.delete().where(Setting.key.startswith("down_counter.")).execute(self._db)
            Down.update(delivered=True, sealed=b"").where(Down.what == GONE).execute(self._db)
            change = self._last_change()
            for row in list(Down.select().where(~Down.delivered).order_by(Down.id).execute(self._db)):
                again = self._seal_again(row, generation)
                if again is None:
                    continue
                change += 1
                values = (generation, *again, change, row.id)
                run(self._db, _SEALED_ANEW, values)
            return generation

        return self._writer.run(job)

    # -- queueing ---------------------------------------------------------------------------------

    def queue(self, node_number: int, what: str, ref: str) -> None:
        """Seal and store one hub envelope; call inside a job of the writer or outside of one.

        Whoever sends it finds it by `changes`. Nobody may before the commit: a counter whose
        transaction is undone is given out again. Nothing is queued for a door, which nobody asks at.
        """
        node = self._keyring.node(node_number)
        if node is not None and node.door:
            return
        if node is not None and node.retired and what in (ANSWER, READ, ACTED_ON):
            node_number = self.holder_of(node_number)

        def job() -> None:
            generation = self._number("generation")
            counter, sealed = self._seal(node_number, what, ref, generation)
            Down.insert(
                node=node_number,
                what=what,
                ref=ref,
                generation=generation,
                counter=counter,
                sealed=sealed,
                changed=self._next_change(),
            ).execute(self._db)

        self._writer.run(job)

    def seal_for_key(self, node_number: int) -> None:
        """Seal anew, in its place, what waits for a node that speaks under another key of the hub now.

        In a job of the writer.

        What it told of reports that are forgotten stays as it was sealed.
        """
        node = self._keyring.node(node_number)
        if node is None or node.static_public is None:
            return
        keys, present = self._keyring.static_keys(node), self._number("generation")
        waits = (Down.node == node_number) & ~Down.delivered & (Down.what != GONE)
        rows = Down.select().where(waits & (Down.generation == present)).order_by(Down.id)
        for row in list(rows.execute(self._db)):
            try:
                record = self._record(node, row.what, row.ref, present, int(row.counter))
            except KeyError:
                continue
            sealed = keys.seal_down(present, int(row.counter), record)
            Down.update(sealed=sealed, changed=self._next_change()).where(Down.id == row.id).execute(self._db)

    def _seal_again(self, row: Any, generation: int) -> tuple[int, bytes] | None:
        """Return the counter and the bytes of an envelope under another generation.

        None, and it is never asked again, where the key of its report is lost: a hub whose copy was put back
        without its keys must start all the same.
        """
        try:
            return self._seal(int(row.node), row.what, row.ref, generation)
        except KeyError:
            if row.what not in (ANSWER, READ, ACTED_ON, MOVED):
                raise
            gone = {"what": GONE, "ref": "", "sealed": b"", "delivered": True}
            Down.update(gone).where(Down.id == row.id).execute(self._db)
            return None

    def _seal(self, node_number: int, what: str, ref: str, generation: int) -> tuple[int, bytes]:
        node = self._keyring.node(node_number)
        if node is None:
            raise LookupError("no such node")
        # A counter for each node, without gaps, so that the node can acknowledge with a base and a bitmap.
        key = f"down_counter.{generation}.{node_number}"
        counter = self._number(key)
        record = self._record(node, what, ref, generation, counter)
        self._set_number(key, counter + 1)
        return counter, self._keyring.static_keys(node).seal_down(generation, counter, record)

    def _record(self, node: Node, what: str, ref: str, generation: int, counter: int) -> bytes:
        if what == ANSWER:
            answer = Answer.select().where(Answer.id == int(ref)).get(self._db)
            written = self._contents.keys_of([answer.report]).open(answer.report, ANSWER_TEXT, answer.text)
            keys = self.receipt_keys(node, answer.report)
            text = keys.seal_answer(generation, counter, written.encode("utf-8"))
            return encode_down(AnswerRecord(keys.find, answer.asks, answer.written_at, text))
        if what == BACKED_UP:
            epoch, lane, base = ref.split(".")
            return encode_down(BackedUp(bytes.fromhex(epoch), Lane(int(lane)), int(base)))
        if what in (SETTING, REVOKED):
            # As it was signed: under a new generation it is the same setting, which a node takes once.
            return encode_down(SignedSetting(bytes.fromhex(ref)))
        if what == NOTICE:
            notice = Notice.select().where(Notice.serial == int(ref)).get(self._db)
            return encode_down(SignedNotice(bytes(notice.signed)))
        if what == CONTENT:
            return encode_down(self.piece_of(ref))
        report = Report.select().where(Report.id == ref).get(self._db)
        if what == MOVED:
            return encode_down(self._moved(node, report))
        step = Step.READ if what == READ else Step.ACTED_ON
        at = report.read_at if what == READ else report.acted_on_at
        return encode_down(StatusRecord(self.receipt_keys(node, ref).find, step, int(at or 0)))

    def _moved(self, node: Node, report: Any) -> MovedReceipt:
        """Return what the box that came after the one which took a report is told of its receipt."""
        before = self._keyring.node(int(report.node))
        if before is None:
            raise LookupError("no such node")
        old, new = self.receipt_keys(before, report.id), self.receipt_keys(node, report.id)
        forced = ReceiptKeys(old.duress_code, receipt_salt(bytes(node.psk)))
        steps = ((2, report.acted_on_at), (1, report.read_at), (0, report.received_at))
        step, at = next((step, at) for step, at in steps if at is not None)
        pictures = int.from_bytes(
            bytes(a << 4 | b for a, b in zip(old.pictures[::2], old.pictures[1::2], strict=True))
        )
        place = EnvelopeId.parse(report.id)
        return MovedReceipt(new.find, forced.find, pictures, place.epoch, place.counter, step, int(at))

    def receipt_keys(self, node: Node, report_id: str) -> ReceiptKeys:
        """Return the keys of a report's receipt code, derived again from its envelope; stored nowhere."""
        opened = self._originals.open(EnvelopeId.parse(report_id))
        return ReceiptKeys(opened.receipt_code, receipt_salt(bytes(node.psk)))

    def forget(self, report_id: str) -> None:
        """Keep nothing of what the reporter of a report was written or told; in a job of the writer.

        Rows stay, for their numbers; what has not arrived may still do so until the next start, because a
        counter is never used for two texts and must not be missing.
        """
        answers = Answer.select(Answer.id).where(Answer.report == report_id).tuples().execute(self._db)
        refs = [str(number) for (number,) in answers]
        about = ((Down.what == ANSWER) & Down.ref.in_(refs)) | (
            Down.what.in_([READ, ACTED_ON, MOVED]) & (Down.ref == report_id)
        )
        Down.update(sealed=b"").where(about & Down.delivered).execute(self._db)
        Down.update(what=GONE, ref="").where(about).execute(self._db)

    def queue_setting(
        self, node_number: int, make: Callable[[int, int], NodeSetting], *, what: str = SETTING
    ) -> None:
        """Queue, signed, the setting that `make` gives for (generation, a serial number of this hub)."""

        def job() -> None:
            serial = self._number("setting_serial") + 1
            self._set_number("setting_serial", serial)
            body = encode_setting(make(self._number("generation"), serial))
            self.queue(node_number, what, sign(self._signing_private, SETTING_LABEL, body).hex())

        self._writer.run(job)

    def revocation(self, node_number: int) -> Waiting:
        """Return the one hub envelope that tells a box that it counts no more, made when it is first asked
        for. Nothing acknowledges it: it is given as often as the box asks."""
        connect(self._db)
        word = (Down.node == node_number) & (Down.what == REVOKED)

        def job() -> Any:
            if not Down.select().where(word).exists(self._db):
                self.queue_setting(node_number, lambda *place: Revoked(node_number, *place), what=REVOKED)
            return Down.select().where(word).get(self._db)

        row = Down.select().where(word).first(self._db)
        return _waiting(row if row is not None else self._writer.run(job))

    def queue_backup_mark(self, epoch: bytes, lane: Lane, base: int, node_number: int) -> bool:
        """Tell a node up to where its envelopes are in a backup; False when it was told or there is none."""
        ref = f"{epoch.hex()}.{int(lane)}.{base}"

        def job() -> bool:
            told = Down.select().where((Down.what == BACKED_UP) & (Down.ref == ref)).exists(self._db)
            if told:
                return False
            self.queue(node_number, BACKED_UP, ref)
            return True

        return self._writer.run(job) if base else False

    # -- delivery ---------------------------------------------------------------------------------

    def waiting(self, node_number: int | None = None) -> list[Waiting]:
        """Return what nodes (or one node) do not have yet, oldest first."""
        connect(self._db)
        query = Down.select().where(~Down.delivered).order_by(Down.id)
        if node_number is not None:
            query = query.where(Down.node == node_number)
        return [_waiting(row) for row in query.execute(self._db)]

    def changes(self, since: int) -> list[Waiting]:
        """Return what was queued, arrived or was taken back after the change with that number, in its order.

        Whichever process did it: one writes at a time, so no lower number is committed later.
        """
        connect(self._db)
        query = Down.select().where(Down.changed > since).order_by(Down.changed)
        return [_waiting(row) for row in query.execute(self._db)]

    def newest(self) -> int:
        """Return the number of the last change; 0 when there was none."""
        connect(self._db)
        return self._last_change()

    def _last_change(self) -> int:
        return int(Down.select(peewee.fn.MAX(Down.changed)).scalar(self._db) or 0)

    def _next_change(self) -> int:
        return self._last_change() + 1

    def acknowledged(self, node_number: int, counters: RangeSet, at: float | None = None) -> None:
        """The node has these hub envelopes of the present generation, as the hub learns at `at`."""
        generation = self.generation
        arrived = [w.id for w in self.waiting(node_number) if w.counter in counters]
        if not arrived:
            return

        def job() -> None:
            Down.update(delivered=True, delivered_at=at, changed=self._next_change()).where(
                Down.id.in_(arrived) & (Down.generation == generation)
            ).execute(self._db)

        self._writer.run(job)

    def lost(self, epoch: bytes, node_number: int, generation_tag: int, has: RangeSet) -> list[Waiting]:
        """Take back as waiting what was delivered and is not in a node any more; return it.

        `generation_tag` and `has` are what the node claims. It lacks what it had acknowledged when its card
        was restored from an old copy: an answer on the newer card would otherwise never be seen. A restored
        card opens a new epoch, so only the first claim of an epoch is asked, once for ever: later ones may
        come late, may be replayed, and name no generation when the hub was silent for long.
        """
        connect(self._db)
        fresh = (Epoch.id == epoch) & ~Epoch.claimed
        if not Epoch.select().where(fresh).exists(self._db):
            return []
        claimed = self._number(f"generation_tag.{generation_tag}")
        was_drawn = bool(claimed) or not generation_tag

        def job() -> list[Waiting]:
            if not Epoch.update(claimed=True).where(fresh).execute(self._db) or not was_drawn:
                return []
            present = self._number("generation")
            # Only what a node may lack is looked at: a question for each part, each within one index.
            same = (Down.generation == claimed) & (Down.counter >= has.first_missing())
            rows = [
                row
                for part in (same, Down.generation > claimed)
                for row in Down.select()
                .where((Down.node == node_number) & Down.delivered & (Down.what != GONE) & part)
                .execute(self._db)
            ]
            again = []
            fell_back = bool(rows) and self.on_lost(epoch, node_number)
            for row in sorted(rows, key=lambda row: int(row.id)):
                if row.generation == claimed and row.counter in has:
                    continue
                if row.generation != present:
                    sealed_again = self._seal_again(row, present)
                    if sealed_again is None:
                        continue
                    row.generation = present
                    row.counter, row.sealed = sealed_again
                Down.update(
                    generation=row.generation,
                    counter=row.counter,
                    sealed=row.sealed,
                    delivered=False,
                    changed=self._next_change(),
                ).where(Down.id == row.id).execute(self._db)
                row.delivered = False
                again.append(_waiting(row))
            if fell_back:
                self.seal_for_key(node_number)
                numbers = {one.id for one in again}
                again = [one for one in self.waiting(node_number) if one.id in numbers]
            return again

        return self._writer.run(job)


def _no_piece(ref: str) -> ContentPiece:
    raise LookupError("no material to send")


def _waiting(row: Any) -> Waiting:
    return Waiting(
        int(row.id),
        int(row.node),
        int(row.counter),
        bytes(row.sealed),
        int(row.generation),
        bool(row.delivered),
    )

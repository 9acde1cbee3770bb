"""Attachments at the hub: each piece is noted once, by the envelope that holds its bytes; joined when asked.

The sealed envelopes are kept as they came, so a second copy of the bytes would double the database.
"""

from __future__ import annotations

from typing import Any

import peewee

from hub.keyring import Keyring
from hub.models import AttachmentPiece as Row
from hub.retention.contents import ReportContents
from hub.rotation.originals import Originals
from hub.services import AttachmentIncomplete, AttachmentView, UnknownAttachment
from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.storage.database import connect
from sync.wire.attachments import MAX_ATTACHED_BYTES, MEDIA_TYPES, AttachmentPiece, decode_piece
from sync.wire.control_records import split_age
from sync.wire.numbers import MediaType


class Attachments:
    """Notes and joins pieces. Threads may share it."""

    def __init__(self, database: Any, keyring: Keyring, contents: ReportContents) -> None:
        self._db = database
        self._originals = Originals(database, keyring, contents)

    def add(self, place: EnvelopeId, record: bytes) -> None:
        """Note one piece; call inside a job of the writer.

        Raises MalformedWire, and notes nothing, for what cannot be read or does not fit what is here.
        """
        piece = decode_piece(record)
        if place.lane is not Lane.BULK:
            raise MalformedWire("a piece outside of the bulk lane")
        others = list(
            self._rows(place.epoch, piece.report_counter).where(Row.number == piece.number).execute(self._db)
        )
        if any((row.last, row.media_type) != (piece.last, piece.media_type) for row in others):
            raise MalformedWire("a piece of another attachment under the same number")
        if any(row.place == piece.index for row in others):
            raise MalformedWire("a piece that is here already")
        if sum(row.bytes_here for row in others) + len(piece.data) > MAX_ATTACHED_BYTES:
            raise MalformedWire("an attachment beyond the limit")
        self._insert(place, piece)

    def _insert(self, place: EnvelopeId, piece: AttachmentPiece) -> None:
        Row.insert(
            epoch=place.epoch,
            report=piece.report_counter,
            number=piece.number,
            place=piece.index,
            last=piece.last,
            media_type=int(piece.media_type),
            bytes_here=len(piece.data),
            counter=place.counter,
        ).execute(self._db)

    def _rows(self, epoch: bytes, report_counter: int) -> Any:
        return Row.select().where((Row.epoch == epoch) & (Row.report == report_counter))

    def counts(self) -> dict[str, int]:
        """Return how many attachments, whole or not, each report has that has any."""
        connect(self._db)
        grouped = (
            Row.select(Row.epoch, Row.report, peewee.fn.COUNT(Row.number.distinct()))
            .group_by(Row.epoch, Row.report)
            .tuples()
        )
        return {
            str(EnvelopeId(bytes(epoch), Lane.REPORT, report)): int(count)
            for epoch, report, count in grouped.execute(self._db)
        }

    def of(self, report_id: str) -> tuple[AttachmentView, ...]:
        """Return a report's attachments by number, as far as they have come; their bytes are not read."""
        place = EnvelopeId.parse(report_id)
        if place.lane is not Lane.REPORT:
            return ()
        connect(self._db)
        views: dict[int, AttachmentView] = {}
        for row in self._rows(place.epoch, place.counter).order_by(Row.number, Row.place).execute(self._db):
            before = views.get(row.number)
            views[row.number] = AttachmentView(
                number=row.number,
                media_type=MEDIA_TYPES[MediaType(row.media_type)],
                bytes_here=row.bytes_here + (0 if before is None else before.bytes_here),
                pieces_here=1 + (0 if before is None else before.pieces_here),
                pieces=row.last + 1,
            )
        return tuple(views.values())

    def content(self, report_id: str, number: int) -> bytes:
        """Return the bytes of one attachment; raise UnknownAttachment or AttachmentIncomplete."""
        place = EnvelopeId.parse(report_id)
        connect(self._db)
        rows = list(
            self._rows(place.epoch, place.counter)
            .where(Row.number == number)
            .order_by(Row.place)
            .execute(self._db)
        )
        if not rows or place.lane is not Lane.REPORT:
            raise UnknownAttachment
        if len(rows) <= rows[0].last:
            raise AttachmentIncomplete
        return b"".join(self._data(place.epoch, row.counter) for row in rows)

    def _data(self, epoch: bytes, counter: int) -> bytes:
        _, record = split_age(self._originals.open(EnvelopeId(epoch, Lane.BULK, counter)).plain)
        return decode_piece(record).data

"""To which report an envelope belongs: what is forgotten with it, and what is dropped when it comes late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.follow_ups import report_id
from hub.links.bulk import select_in
from hub.retention.contents import REPORT, ReportContents
from hub.retention.models import ForgottenReport
from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.wire.attachments import decode_piece
from sync.wire.control_records import FIRST_REPORT_BYTE, split_age
from sync.wire.followups import Addition, decode_withdrawal
from sync.wire.numbers import UpRecord
from sync.wire.subscriptions import Subscription


@dataclass(frozen=True)
class Owned:
    """To which reports the envelopes of a batch belong, and which of these were forgotten."""

    owners: Mapping[EnvelopeId, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    @classmethod
    def find(cls, database: Any, opened: Iterable[tuple[EnvelopeId, bytes, object]]) -> Owned:
        """Return it for envelopes by place, what they hold, and that read: see `owner_of`."""
        owners = {
            place: owner
            for place, plain, told in opened
            if (owner := owner_of(place, plain, told)) is not None
        }
        return cls(owners, frozenset(gone_among(database, owners.values())))

    def of(self, place: EnvelopeId) -> str | None:
        """Return the report that an envelope belongs to."""
        return self.owners.get(place)

    @staticmethod
    def encrypt(
        contents: ReportContents, reports: Iterable[dict[str, Any]], envelopes: Iterable[dict[str, Any]]
    ) -> None:
        """Put rows of reports and envelopes under the keys of their reports; in a job of the writer."""
        owned = [row for row in envelopes if row["owner"] is not None]
        keys = contents.draw(row["owner"] for row in owned)
        for row in reports:
            row["body"] = keys.seal(row["id"], REPORT, row["body"])
        for row in owned:
            row["sealed"] = keys.seal_envelope(row["owner"], row["sealed"])


def owner_of(place: EnvelopeId, plain: bytes, told: object) -> str | None:
    """Return the id of the report that an opened envelope tells of; None when it tells of none.

    `told` is its report or addition, read. For a piece of an attachment it is the id of what it is attached
    to, a report or an addition.
    """
    if isinstance(told, Addition):
        return report_id(place, told.report)
    if isinstance(told, Subscription):
        return None  # nothing of it is kept
    if told is not None:
        return str(place)
    try:
        _, record = split_age(plain)
        if not record or record[0] >= FIRST_REPORT_BYTE:
            return None
        if record[0] == UpRecord.ATTACHMENT_PIECE:
            return str(EnvelopeId(place.epoch, Lane.REPORT, decode_piece(record).report_counter))
        if record[0] == UpRecord.WITHDRAWAL:
            return report_id(place, decode_withdrawal(record).report)
    except MalformedWire:
        return None  # kept as it came, for a version that can read it
    return None


def gone_among(database: Any, owners: Iterable[str]) -> set[str]:
    """Return which of these reports and additions were forgotten."""
    return {name for (name,) in select_in(database, [ForgottenReport.id], ForgottenReport.id, owners)}

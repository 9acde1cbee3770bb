"""Which report an envelope belongs to."""

from __future__ import annotations

import pytest
from village import report

from hub.retention.owners import owner_of
from sync.identifiers import EnvelopeId, Lane
from sync.wire.attachments import AttachmentPiece, encode_piece
from sync.wire.control_records import EpochClosed, encode_up_control
from sync.wire.followups import Addition, ReportPlace, Withdrawal, encode_withdrawal
from sync.wire.numbers import MediaType, UpRecord, WithdrawalReason

HERE = EnvelopeId(bytes(8), Lane.REPORT, 4)
AGE = b"\x00"
ELSEWHERE = ReportPlace(b"\x01" * 8, 3)


def test_a_report_owns_itself_and_what_follows_it() -> None:
    assert owner_of(HERE, AGE, report("x")) == str(HERE)
    assert owner_of(HERE, AGE, Addition(ELSEWHERE, "lagi", False, None)) == "0101010101010101.0.3"
    taken_back = AGE + encode_withdrawal(Withdrawal(ELSEWHERE, WithdrawalReason.MISTAKE))
    assert owner_of(HERE, taken_back, None) == "0101010101010101.0.3"
    piece = AttachmentPiece(3, 0, MediaType.JPEG, 0, 0, b"x")
    assert owner_of(EnvelopeId(bytes(8), Lane.BULK, 9), AGE + encode_piece(piece), None) == (
        "0000000000000000.0.3"
    )


@pytest.mark.parametrize(
    "record",
    [b"", b"\xff\x00", bytes([UpRecord.WITHDRAWAL]), bytes([UpRecord.ATTACHMENT_PIECE])],
)
def test_what_cannot_be_read_belongs_to_nothing(record: bytes) -> None:
    assert owner_of(HERE, AGE + record, None) is None


def test_what_a_node_tells_of_itself_belongs_to_nothing() -> None:
    closed = encode_up_control(EpochClosed(bytes(8), Lane.REPORT, b""))
    assert owner_of(HERE, AGE + closed, None) is None

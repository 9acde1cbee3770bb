"""Read the records whose text takes long to read, before the transaction that stores them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sync.errors import MalformedWire
from sync.identifiers import Lane
from sync.records import Report
from sync.wire.control_records import FIRST_REPORT_BYTE
from sync.wire.followups import Addition, decode_addition
from sync.wire.numbers import UpRecord
from sync.wire.open_questions import Question, decode_question
from sync.wire.report_codec import decode_report
from sync.wire.subscriptions import Subscription, decode_subscription

READ_BEFORE: Mapping[int, Callable[[bytes], Report | Addition | Question | Subscription]] = {
    UpRecord.ADDITION: decode_addition,
    UpRecord.QUESTION: decode_question,
    UpRecord.SUBSCRIPTION: decode_subscription,
}
"""Records below the reports whose text takes long to read, and those of whose bytes nothing is kept."""
_REPORT_LANE = (UpRecord.QUESTION, UpRecord.SUBSCRIPTION)


def read_told(record: bytes, lane: Lane) -> Report | Addition | Question | Subscription | None:
    """Return the report, addition, question or wish in a record, None for anything else.

    Raises MalformedWire when it cannot be read.
    """
    read = READ_BEFORE.get(record[0], _decoded if record[0] >= FIRST_REPORT_BYTE else None)
    if read is None or (record[0] in _REPORT_LANE and lane is not Lane.REPORT):
        return None
    return read(record)


def _decoded(record: bytes) -> Report:
    try:
        return decode_report(record)
    except (ValueError, LookupError, ArithmeticError) as error:
        # One record that this version cannot read must not keep back all that came with it.
        raise MalformedWire("a report that cannot be read") from error

"""What a reporter sends after a report: an addition, or a withdrawal. Both name their report by its place.

::

    place       varint: twice the report's counter, and 1 more where an epoch follows | [epoch id (8)]
    addition    u8 0x06 | place | u8 flags and text model | [u32 question] | text to the end
    withdrawal  u8 0x07 | place | u8 reason

Without an epoch the report is of the envelope's own. Flags: 0x10 urgent, 0x20 answers the question that the
hub wrote at that second. The low half of that byte is the text model (see `text_models`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.identifiers import EPOCH_ID_BYTES
from sync.records import TEXT_LIMITS
from sync.wire.numbers import UpRecord, WithdrawalReason
from sync.wire.primitives import ByteReader, ByteWriter
from sync.wire.text_models import TEXT_MODELS, encode_shortest

ADDITION_MAX_CHARACTERS = TEXT_LIMITS["narrative"]
_URGENT, _ANSWERS = 0x10, 0x20
_MOST_COUNTER = 2**32 - 1


@dataclass(frozen=True)
class ReportPlace:
    """The report that is meant; `epoch` is None where it is that of the envelope."""

    epoch: bytes | None
    counter: int


@dataclass(frozen=True, repr=False)
class Addition:
    """More to a report. No repr: it holds what somebody told."""

    report: ReportPlace
    text: str
    """Empty where only pictures or sounds are added."""
    urgent: bool = False
    question: int | None = None
    """When the hub wrote the question that this answers, in Unix seconds."""


@dataclass(frozen=True)
class Withdrawal:
    """The reporter takes a report back."""

    report: ReportPlace
    reason: WithdrawalReason = WithdrawalReason.NOT_SAID


def write_text(text: str, best: int | None = None) -> tuple[int, bytes]:
    """Return the model and the bytes of a text: the shorter of an instant model's and those of `best`."""
    number, packed = encode_shortest([text])
    if best is not None and text:
        dense = TEXT_MODELS[best].encode([text])
        if len(dense) < len(packed):
            return best, dense
    return number, packed


def encode_addition(addition: Addition, written: tuple[int, bytes] | None = None) -> bytes:
    """Return the record; `written` is its text as `write_text` gave it.

    Raises ValueError for what no reader would take.
    """
    _check_text(addition.text, ValueError)
    model, packed = written or write_text(addition.text)
    writer = ByteWriter()
    writer.uint(UpRecord.ADDITION, 1)
    _write_place(writer, addition.report)
    answers = addition.question is not None
    writer.uint(model | (_URGENT if addition.urgent else 0) | (_ANSWERS if answers else 0), 1)
    if addition.question is not None:
        writer.uint(addition.question, 4)
    writer.raw(packed)
    return writer.getvalue()


def decode_addition(record: bytes) -> Addition:
    """Read an addition; raise MalformedWire. Takes as long as its text model does."""
    reader = ByteReader(record)
    if reader.uint(1) != UpRecord.ADDITION:
        raise MalformedWire("not an addition")
    place, head = _read_place(reader), reader.uint(1)
    model = head & 0x0F
    if head & ~(0x0F | _URGENT | _ANSWERS) or model not in TEXT_MODELS:
        raise MalformedWire("an addition with flags or a text model that are not known here")
    question = reader.uint(4) if head & _ANSWERS else None
    try:
        [text] = TEXT_MODELS[model].decode(reader.rest(), 1)
    except (ValueError, LookupError, ArithmeticError) as error:
        raise MalformedWire("an addition whose text cannot be read") from error
    _check_text(text, MalformedWire)
    return Addition(place, text, bool(head & _URGENT), question)


def encode_withdrawal(withdrawal: Withdrawal) -> bytes:
    """Return the record; raise ValueError for a place that there is not."""
    writer = ByteWriter()
    writer.uint(UpRecord.WITHDRAWAL, 1)
    _write_place(writer, withdrawal.report)
    writer.uint(withdrawal.reason, 1)
    return writer.getvalue()


def decode_withdrawal(record: bytes) -> Withdrawal:
    """Read a withdrawal; raise MalformedWire. A reason of a later version counts as another one."""
    reader = ByteReader(record)
    if reader.uint(1) != UpRecord.WITHDRAWAL:
        raise MalformedWire("not a withdrawal")
    place, reason = _read_place(reader), reader.uint(1)
    reader.end()
    known = reason in WithdrawalReason.__members__.values()
    return Withdrawal(place, WithdrawalReason(reason) if known else WithdrawalReason.OTHER)


def _write_place(writer: ByteWriter, place: ReportPlace) -> None:
    if not 0 <= place.counter <= _MOST_COUNTER:
        raise ValueError("a counter has at most 32 bits")
    writer.varint(2 * place.counter + (place.epoch is not None))
    if place.epoch is not None:
        if len(place.epoch) != EPOCH_ID_BYTES:
            raise ValueError("an epoch is named by 8 bytes")
        writer.raw(place.epoch)


def _read_place(reader: ByteReader) -> ReportPlace:
    counter, names_epoch = divmod(reader.varint(), 2)
    if counter > _MOST_COUNTER:
        raise MalformedWire("a counter above 32 bits")
    return ReportPlace(reader.raw(EPOCH_ID_BYTES) if names_epoch else None, counter)


def _check_text(text: str, error: type[ValueError] | type[MalformedWire]) -> None:
    if len(text) > ADDITION_MAX_CHARACTERS:
        raise error(f"an addition has at most {ADDITION_MAX_CHARACTERS} characters")

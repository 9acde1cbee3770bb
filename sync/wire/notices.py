"""What the hub says to villages: bulletins, opportunities, withdrawals; and that a village has seen one.

A notice is signed whole (`sync.sealing.signing`, label "bulletin"), so that a box can show who said it. Days
are numbers from 1970-01-01 on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind, SeenStep
from sync.wire.primitives import ByteReader, ByteWriter
from sync.wire.text_models import QUICK, TEXT_MODELS

MAX_NOTICE_CHARACTERS = 1000
"""About five packets; some 300 fit into one."""
_PUBLIC = 0x80
_WRITTEN_WITH = (0, 1, QUICK)
"""Text models of which the shortest form is taken: none that a small box would have to load first."""

_CLASSES = {NoticeKind.BULLETIN: BulletinLevel, NoticeKind.OPPORTUNITY: OpportunityKind}


@dataclass(frozen=True)
class SignedNotice:
    """A notice with its signature, as it came: nothing of it is known before the signature was checked."""

    signed: bytes


@dataclass(frozen=True, repr=False)
class Notice:
    """One notice. `level` is a `BulletinLevel`, for an opportunity an `OpportunityKind`; `public` ones stand
    on the village's own site as well. It counts to the end of day `until`."""

    serial: int
    kind: NoticeKind
    level: int
    public: bool
    issued: int
    until: int
    text: str


@dataclass(frozen=True)
class NoticeWithdrawal:
    """Notice `withdrawn` counts no more."""

    serial: int
    withdrawn: int


@dataclass(frozen=True)
class BulletinSeen:
    """What a village did with a notice, and when (Unix seconds; 0: the box does not know)."""

    serial: int
    step: SeenStep
    at_s: int


def encode_notice(notice: Notice | NoticeWithdrawal) -> bytes:
    """Return the body that is signed."""
    writer = ByteWriter()
    writer.varint(notice.serial)
    if isinstance(notice, NoticeWithdrawal):
        writer.uint(NoticeKind.WITHDRAWAL << 4, 1)
        writer.varint(notice.withdrawn)
        return writer.getvalue()
    model, data = _shortest(notice.text)
    writer.uint(notice.kind << 4 | notice.level, 1)
    writer.uint(model | (_PUBLIC if notice.public else 0), 1)
    writer.uint(notice.issued, 2)
    writer.uint(notice.until, 2)
    writer.raw(data)
    return writer.getvalue()


def _shortest(text: str) -> tuple[int, bytes]:
    forms = [(number, TEXT_MODELS[number].encode([text])) for number in _WRITTEN_WITH]
    return min(forms, key=lambda form: (len(form[1]), form[0]))


def decode_notice(body: bytes) -> Notice | NoticeWithdrawal:
    """Read a body whose signature held; raise MalformedWire, also for a kind of a later version."""
    reader = ByteReader(body)
    serial, kind_and_level = reader.varint(), reader.uint(1)
    kind, level = kind_and_level >> 4, kind_and_level & 0x0F
    if kind == NoticeKind.WITHDRAWAL and not level:
        withdrawal = NoticeWithdrawal(serial, reader.varint())
        reader.end()
        return withdrawal
    if kind not in _CLASSES or level not in _CLASSES[NoticeKind(kind)].__members__.values():
        raise MalformedWire("a notice of a kind that is not known here")
    how = reader.uint(1)
    issued, until = reader.uint(2), reader.uint(2)
    model = TEXT_MODELS.get(how & ~_PUBLIC)
    if model is None or until < issued:
        raise MalformedWire("a notice that cannot be read")
    [text] = model.decode(reader.rest(), 1)
    if not 0 < len(text) <= MAX_NOTICE_CHARACTERS:
        raise MalformedWire("a notice without text, or with too much")
    return Notice(serial, NoticeKind(kind), level, bool(how & _PUBLIC), issued, until, text)


def encode_seen(record: BulletinSeen) -> bytes:
    """Return the bytes of what a village did with a notice."""
    writer = ByteWriter()
    writer.varint(record.serial)
    writer.uint(record.step, 1)
    writer.uint(record.at_s, 4)
    return writer.getvalue()


def decode_seen(data: bytes) -> BulletinSeen:
    """Read what a village did with a notice; raise MalformedWire."""
    reader = ByteReader(data)
    serial, step, at_s = reader.varint(), reader.uint(1), reader.uint(4)
    reader.end()
    if step not in SeenStep.__members__.values():
        raise MalformedWire("a step that is not known here")
    return BulletinSeen(serial, SeenStep(step), at_s)

"""Records of the protocol itself: what travels sealed beside reports, and what the hub sends down."""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.identifiers import EPOCH_ID_BYTES, Lane
from sync.wire.beacons import Beacon, decode_beacon, encode_beacon
from sync.wire.box_settings import SettingsHeld, decode_settings_held, encode_settings_held
from sync.wire.content_pieces import (
    ContentHeld,
    ContentPiece,
    decode_content,
    decode_held,
    encode_content,
    encode_held,
)
from sync.wire.notices import BulletinSeen, SignedNotice, decode_seen, encode_seen
from sync.wire.numbers import DownRecord, Step, UpRecord
from sync.wire.primitives import ByteReader, ByteWriter
from sync.wire.update_records import UpdateHeld, decode_update_held, encode_update_held

FIND_BYTES = 8
KEY_ID_BYTES = 8
"""Of a key of the hub, see `sync.sealing.derivation.key_id`."""
FIRST_REPORT_BYTE = 0x10
"""A record whose first byte is at least this is a report (see `report_codec`)."""


@dataclass(frozen=True)
class EpochClosed:
    """What an earlier epoch of the node committed in one lane, as `RangeSet.to_bytes`. All else is void."""

    epoch: bytes
    lane: Lane
    committed: bytes


@dataclass(frozen=True)
class Void:
    """Counters of this epoch and lane that will never come, as `RangeSet.to_bytes`."""

    counters: bytes


@dataclass(frozen=True)
class HubKeyHeld:
    """The node seals for the hub's key with this id (8 bytes), and told the ends of all that it sealed for
    earlier keys before: in this epoch, or in ones whose end it told too.

    What it told in the bulk lane of this epoch stands below the counter `bulk`.
    """

    key: bytes
    bulk: int


@dataclass(frozen=True)
class AnswerRecord:
    """Text for the reporter whose receipt has this `find`, sealed under the receipt code."""

    find: bytes
    asks: bool
    written_at_s: int
    sealed_text: bytes


@dataclass(frozen=True)
class StatusRecord:
    """A step of a ladder, and when."""

    find: bytes
    step: Step
    at_s: int


@dataclass(frozen=True)
class BackedUp:
    """Envelopes of this epoch and lane below `base` are in a backup of the hub: the node may drop them."""

    epoch: bytes
    lane: Lane
    base: int


@dataclass(frozen=True)
class SignedSetting:
    """A setting as the hub signed it, see `sync.wire.settings_records`; who reads it checks the signature."""

    signed: bytes


@dataclass(frozen=True)
class MovedReceipt:
    """A report's receipt on the box that came after the one which took it.

    `find` and `duress_find` are of its two codes under the salt of the new box; `pictures` are those that
    were shown, `epoch` and `counter` the place of the report. `step`, reached `at_s`, is 0 (received) or a
    `Step`.
    """

    find: bytes
    duress_find: bytes
    pictures: int
    epoch: bytes
    counter: int
    step: int
    at_s: int


UpControl = EpochClosed | Void | BulletinSeen | ContentHeld | HubKeyHeld | Beacon | UpdateHeld | SettingsHeld
Down = AnswerRecord | StatusRecord | BackedUp | SignedSetting | SignedNotice | ContentPiece | MovedReceipt


def with_age(age_minutes: int, record: bytes) -> bytes:
    """Return the plain text of an envelope: the epoch's age when it was taken, then the record.

    Minutes: one byte for two hours, two for eleven days, and the hub learns the epoch's start from polls.
    """
    writer = ByteWriter()
    writer.varint(age_minutes)
    writer.raw(record)
    return writer.getvalue()


def split_age(plain: bytes) -> tuple[int, bytes]:
    """Return (age in minutes, record); raise MalformedWire."""
    reader = ByteReader(plain)
    age = reader.varint()
    record = reader.rest()
    if not record or age > 2**32:
        raise MalformedWire("an envelope without a record")
    return age, record


def encode_up_control(record: UpControl) -> bytes:
    """Return the bytes of a protocol record from the node."""
    writer = ByteWriter()
    if isinstance(record, EpochClosed):
        writer.uint(UpRecord.EPOCH_CLOSED, 1)
        writer.raw(record.epoch)
        writer.uint(record.lane, 1)
        writer.raw(record.committed)
    elif isinstance(record, Void):
        writer.uint(UpRecord.VOID, 1)
        writer.raw(record.counters)
    elif isinstance(record, BulletinSeen):
        writer.uint(UpRecord.BULLETIN_SEEN, 1)
        writer.raw(encode_seen(record))
    elif isinstance(record, HubKeyHeld):
        writer.uint(UpRecord.HUB_KEY_HELD, 1)
        writer.raw(record.key)
        writer.varint(record.bulk)
    elif isinstance(record, Beacon):
        writer.raw(encode_beacon(record))
    elif isinstance(record, UpdateHeld):
        writer.uint(UpRecord.UPDATE_HELD, 1)
        writer.raw(encode_update_held(record))
    elif isinstance(record, SettingsHeld):
        writer.uint(UpRecord.SETTINGS_HELD, 1)
        writer.raw(encode_settings_held(record))
    else:
        writer.uint(UpRecord.CONTENT_HELD, 1)
        writer.raw(encode_held(record))
    return writer.getvalue()


def decode_up_control(data: bytes) -> UpControl:
    """Read a protocol record from a node; raise MalformedWire."""
    reader = ByteReader(data)
    kind = reader.uint(1)
    if kind == UpRecord.EPOCH_CLOSED:
        return EpochClosed(reader.raw(EPOCH_ID_BYTES), read_lane(reader), reader.rest())
    if kind == UpRecord.VOID:
        return Void(reader.rest())
    if kind == UpRecord.HEALTH:
        return decode_beacon(data)
    if kind == UpRecord.BULLETIN_SEEN:
        return decode_seen(reader.rest())
    if kind == UpRecord.CONTENT_HELD:
        return decode_held(reader.rest())
    if kind == UpRecord.UPDATE_HELD:
        return decode_update_held(reader.rest())
    if kind == UpRecord.SETTINGS_HELD:
        return decode_settings_held(reader.rest())
    if kind == UpRecord.HUB_KEY_HELD:
        told = HubKeyHeld(reader.raw(KEY_ID_BYTES), reader.varint())
        reader.end()
        return told
    raise MalformedWire("a record number that is not known here")


def read_lane(reader: ByteReader) -> Lane:
    """Take the number of a lane; raise MalformedWire."""
    number = reader.uint(1)
    if number not in Lane.__members__.values():
        raise MalformedWire("a lane that is not known here")
    return Lane(number)


def encode_down(record: Down) -> bytes:
    """Return the bytes of a record from the hub."""
    writer = ByteWriter()
    if isinstance(record, AnswerRecord):
        writer.uint(DownRecord.ANSWER, 1)
        writer.raw(record.find)
        writer.uint(int(record.asks), 1)
        writer.uint(record.written_at_s, 4)
        writer.raw(record.sealed_text)
    elif isinstance(record, StatusRecord):
        writer.uint(DownRecord.STATUS, 1)
        writer.raw(record.find)
        writer.uint(record.step, 1)
        writer.uint(record.at_s, 4)
    elif isinstance(record, SignedSetting):
        writer.uint(DownRecord.SETTING, 1)
        writer.raw(record.signed)
    elif isinstance(record, BackedUp):
        writer.uint(DownRecord.BACKED_UP, 1)
        writer.raw(record.epoch)
        writer.uint(record.lane, 1)
        writer.varint(record.base)
    elif isinstance(record, SignedNotice):
        writer.uint(DownRecord.BULLETIN, 1)
        writer.raw(record.signed)
    elif isinstance(record, MovedReceipt):
        writer.uint(DownRecord.MOVED_RECEIPT, 1)
        _write_moved(writer, record)
    else:
        writer.uint(DownRecord.CONTENT, 1)
        writer.raw(encode_content(record))
    return writer.getvalue()


def _write_moved(writer: ByteWriter, moved: MovedReceipt) -> None:
    writer.raw(moved.find)
    writer.raw(moved.duress_find)
    writer.uint(moved.pictures, 2)
    writer.raw(moved.epoch)
    writer.varint(moved.counter)
    writer.uint(moved.step, 1)
    writer.uint(moved.at_s, 4)


def _read_moved(reader: ByteReader) -> MovedReceipt:
    find, duress, pictures = reader.raw(FIND_BYTES), reader.raw(FIND_BYTES), reader.uint(2)
    epoch, counter = reader.raw(EPOCH_ID_BYTES), reader.varint()
    step, at_s = reader.uint(1), reader.uint(4)
    reader.end()
    if step > max(Step) or counter > 0xFFFF or find == duress:
        raise MalformedWire("a receipt that no box gave")
    return MovedReceipt(find, duress, pictures, epoch, counter, step, at_s)


def decode_down(data: bytes) -> Down:
    """Read a record from the hub; raise MalformedWire, also for numbers of a later version."""
    reader = ByteReader(data)
    kind = reader.uint(1)
    if kind == DownRecord.ANSWER:
        find, asks, at = reader.raw(FIND_BYTES), reader.uint(1), reader.uint(4)
        if asks > 1:
            raise MalformedWire("a flag is 0 or 1")
        return AnswerRecord(find, bool(asks), at, reader.rest())
    if kind == DownRecord.STATUS:
        find, step, at = reader.raw(FIND_BYTES), reader.uint(1), reader.uint(4)
        if step not in Step.__members__.values():
            raise MalformedWire("a step that is not known here")
        reader.end()
        return StatusRecord(find, Step(step), at)
    if kind == DownRecord.SETTING:
        return SignedSetting(reader.rest())
    if kind == DownRecord.BACKED_UP:
        mark = BackedUp(reader.raw(EPOCH_ID_BYTES), read_lane(reader), reader.varint())
        reader.end()
        return mark
    if kind == DownRecord.BULLETIN:
        return SignedNotice(reader.rest())
    if kind == DownRecord.CONTENT:
        return decode_content(reader.rest())
    if kind == DownRecord.MOVED_RECEIPT:
        return _read_moved(reader)
    raise MalformedWire("a record number that is not known here")

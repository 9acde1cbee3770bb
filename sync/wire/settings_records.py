"""What a signed setting says. `sync.sealing.signing` signs these bytes under the label "setting"."""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.wire.numbers import SettingKind
from sync.wire.primitives import ByteReader, ByteWriter

SETTING_LABEL = "setting"
CODE_SALT_BYTES = 16
CODE_HASH_BYTES = 32
HUB_KEY_BYTES = 32
WEEK_MINUTES = 7 * 1440
MAX_WEEK_PARTS = 28
MAX_FREE_DAYS = 40
MAX_DAY = 100_000
MAX_OFFSET_MINUTES = 14 * 60


@dataclass(frozen=True)
class ResetPin:
    """Unset the facilitator's PIN of one node.

    `generation` and `serial` are the hub's when it signed: a node takes a setting only if the pair is above
    that of the last one it took, so that none counts twice. The code itself is told by telephone; its
    Argon2id hash (`sync.passwords.split_hash`) travels.
    """

    node_number: int
    generation: int
    serial: int
    code_salt: bytes
    code_hash: bytes


@dataclass(frozen=True)
class StaffedHours:
    """When somebody at the hub reads reports of a village, for the pages of its node.

    `reads` and `urgent` are parts of a week, (begin, end) in minutes from Monday's midnight where the hub is,
    in order and apart: when any report is read, and when an urgent one. `free_days` counts days from
    1970-01-01 on which the office is closed: what begins on them does not hold. `offset_minutes` is the hub's
    time zone, east of UTC. Generation and serial as in `ResetPin`.
    """

    node_number: int
    generation: int
    serial: int
    offset_minutes: int
    reads: tuple[tuple[int, int], ...]
    urgent: tuple[tuple[int, int], ...]
    free_days: tuple[int, ...] = ()


@dataclass(frozen=True)
class HubKey:
    """The X25519 public key of the hub for which one node seals from now on.

    `number` grows with each key of a hub (its date in Unix seconds; the key of an enrolment counts as 0): a
    node takes no key whose number is not above that of its own, so that nobody leads it back to an older one.
    Generation and serial as in `ResetPin`.
    """

    node_number: int
    generation: int
    serial: int
    number: int
    public: bytes


@dataclass(frozen=True)
class BoxSettings:
    """How one box runs: a whole set, as `sync.wire.box_settings.encode_values` writes it.

    It goes back by itself when it has run so many hours under them and the hub did not answer. The values
    stay bytes here, so that a box can name what it does not know. Generation and serial as in `ResetPin`.
    """

    node_number: int
    generation: int
    serial: int
    probation_hours: int
    values: bytes


Setting = ResetPin | StaffedHours | HubKey | BoxSettings


_KINDS = {
    ResetPin: SettingKind.RESET_PIN,
    StaffedHours: SettingKind.STAFFED_HOURS,
    HubKey: SettingKind.HUB_KEY,
    BoxSettings: SettingKind.BOX,
}


def encode_setting(setting: Setting) -> bytes:
    """Return the bytes to sign."""
    writer = ByteWriter()
    writer.uint(_KINDS[type(setting)], 1)
    writer.varint(setting.node_number)
    writer.uint(setting.generation, 4)
    writer.varint(setting.serial)
    if isinstance(setting, StaffedHours):
        return _with_hours(writer, setting)
    if isinstance(setting, BoxSettings):
        writer.varint(setting.probation_hours)
        writer.raw(setting.values)
        return writer.getvalue()
    if isinstance(setting, HubKey):
        if len(setting.public) != HUB_KEY_BYTES:
            raise ValueError("a public key has 32 bytes")
        writer.uint(setting.number, 4)
        writer.raw(setting.public)
        return writer.getvalue()
    if (len(setting.code_salt), len(setting.code_hash)) != (CODE_SALT_BYTES, CODE_HASH_BYTES):
        raise ValueError("a code's salt has 16 bytes and its hash 32")
    writer.raw(setting.code_salt)
    writer.raw(setting.code_hash)
    return writer.getvalue()


def decode_setting(body: bytes) -> Setting:
    """Read what was signed; raise MalformedWire, also for kinds of a later version."""
    reader = ByteReader(body)
    kind = reader.uint(1)
    if kind not in _KINDS.values():
        raise MalformedWire("a setting that is not known here")
    place = reader.varint(), reader.uint(4), reader.varint()
    setting: Setting
    if kind == SettingKind.RESET_PIN:
        setting = ResetPin(*place, reader.raw(CODE_SALT_BYTES), reader.raw(CODE_HASH_BYTES))
    elif kind == SettingKind.BOX:
        setting = BoxSettings(*place, reader.varint(), reader.rest())
    elif kind == SettingKind.HUB_KEY:
        setting = HubKey(*place, reader.uint(4), reader.raw(HUB_KEY_BYTES))
    else:
        setting = _hours(reader, place)
    reader.end()
    return setting


def _with_hours(writer: ByteWriter, hours: StaffedHours) -> bytes:
    if not -MAX_OFFSET_MINUTES <= hours.offset_minutes <= MAX_OFFSET_MINUTES:
        raise ValueError("a time zone lies within 14 hours of UTC")
    writer.varint(hours.offset_minutes + MAX_OFFSET_MINUTES)
    for parts in (hours.reads, hours.urgent):
        flat = [minute for part in parts for minute in part]
        if len(parts) > MAX_WEEK_PARTS or sorted(set(flat)) != flat or (flat and flat[-1] > WEEK_MINUTES):
            raise ValueError(f"at most {MAX_WEEK_PARTS} parts of one week, in order and apart")
        writer.varint(len(parts))
        for before, minute in zip([0, *flat], flat, strict=False):
            writer.varint(minute - before)
    if len(hours.free_days) > MAX_FREE_DAYS or sorted(set(hours.free_days)) != list(hours.free_days):
        raise ValueError(f"at most {MAX_FREE_DAYS} days, in order")
    writer.varint(len(hours.free_days))
    for before, day in zip((0, *hours.free_days), hours.free_days, strict=False):
        writer.varint(day - before)
    return writer.getvalue()


def _hours(reader: ByteReader, place: tuple[int, int, int]) -> StaffedHours:
    offset = reader.varint() - MAX_OFFSET_MINUTES
    if offset > MAX_OFFSET_MINUTES:
        raise MalformedWire("a time zone lies within 14 hours of UTC")
    reads, urgent = _parts(reader), _parts(reader)
    days = _rising(reader, _count(reader, MAX_FREE_DAYS), MAX_DAY)
    return StaffedHours(*place, offset, reads, urgent, days)


def _parts(reader: ByteReader) -> tuple[tuple[int, int], ...]:
    flat = _rising(reader, 2 * _count(reader, MAX_WEEK_PARTS), WEEK_MINUTES)
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def _count(reader: ByteReader, most: int) -> int:
    count = reader.varint()
    if count > most:
        raise MalformedWire("more parts of a week or days than any setting has")
    return count


def _rising(reader: ByteReader, count: int, most: int) -> tuple[int, ...]:
    """Read numbers that rise, each as its distance from the one before; the first may be 0."""
    found: list[int] = []
    for _ in range(count):
        step = reader.varint()
        if found and not step:
            raise MalformedWire("times and days of a setting rise")
        found.append((found[-1] if found else 0) + step)
    if found and found[-1] > most:
        raise MalformedWire("a time outside of the week, or a day too far")
    return tuple(found)

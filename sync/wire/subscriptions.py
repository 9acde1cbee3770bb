"""Somebody asks over a village's SMS to be told of bulletins, or to be told no more: a report lane record.

::

    subscription  u8 0x0C | u8 language and wish | number | [area]
    number, area  u8 count of digits | the digits, two a byte, the first one high; 0xF fills an odd one

The language is the high half of the second byte; the low half is 0 to stop and 1 to begin. The number is that
of the telephone with its country code, without a sign in front. An area stands where the wish is to begin
alone: its code of 2, 4, 6 or 10 digits, or no digit for the whole region. At most 17 bytes: one packet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.wire.numbers import AskedIn, UpRecord

LEAST_DIGITS, MOST_DIGITS = 8, 15
SUBSCRIPTION_MAX_BYTES = 17
_STOP, _BEGIN = 0, 1
_HEAD_BYTES = 2
_AREA_DIGITS = (0, 2, 4, 6, 10)
_FILL = 0xF
_AREA = re.compile(r"(?:[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?)?")
_PHONE = re.compile(f"[1-9][0-9]{{{LEAST_DIGITS - 1},{MOST_DIGITS - 1}}}")


@dataclass(frozen=True, repr=False)
class Subscription:
    """What somebody asks for. `phone`: digits with the country code; `area`: a code such as 52.02, empty for
    the whole region and wherever nothing is wanted. No repr: it holds a number."""

    phone: str
    wanted: bool
    language: AskedIn = AskedIn.INDONESIAN
    area: str = ""


def is_phone(digits: str) -> bool:
    """Return whether these are the digits of a number with its country code."""
    return _PHONE.fullmatch(digits) is not None


def usual_number(number: str) -> str:
    """Return a number as its digits with the country code, that of Indonesia where it begins with one 0; it
    need not be one (see `is_phone`)."""
    digits = re.sub(r"[\s()+.\-]", "", number)
    return "62" + digits[1:] if re.fullmatch("0[1-9][0-9]*", digits) else digits


def encode_subscription(subscription: Subscription) -> bytes:
    """Return the record; raise ValueError, without the number, for what none can hold."""
    if not is_phone(subscription.phone):
        raise ValueError(f"a number has {LEAST_DIGITS} to {MOST_DIGITS} digits with its country code")
    if not _AREA.fullmatch(subscription.area) or (subscription.area and not subscription.wanted):
        raise ValueError("an area is a code such as 52, 52.02, 52.02.08 or 52.02.08.2001, to begin alone")
    wish = _BEGIN if subscription.wanted else _STOP
    head = bytes([UpRecord.SUBSCRIPTION, subscription.language << 4 | wish])
    area = _written(subscription.area.replace(".", "")) if subscription.wanted else b""
    return head + _written(subscription.phone) + area


def decode_subscription(record: bytes) -> Subscription:
    """Read a subscription; raise MalformedWire."""
    if not _HEAD_BYTES < len(record) <= SUBSCRIPTION_MAX_BYTES or record[0] != UpRecord.SUBSCRIPTION:
        raise MalformedWire("not a subscription")
    language, wish = divmod(record[1], 16)
    if wish not in (_STOP, _BEGIN) or language not in AskedIn.__members__.values():
        raise MalformedWire("a subscription with a language or a wish that is not known here")
    phone, rest = _read(record[_HEAD_BYTES:])
    if not is_phone(phone):
        raise MalformedWire("a subscription without a number")
    area = ""
    if wish == _BEGIN:
        area, rest = _read(rest)
        if len(area) not in _AREA_DIGITS:
            raise MalformedWire("a subscription for an area of no level")
    if rest:
        raise MalformedWire("a subscription is longer than what it says")
    cut = [area[:2], area[2:4], area[4:6], area[6:]]
    return Subscription(phone, wish == _BEGIN, AskedIn(language), ".".join(part for part in cut if part))


def _written(digits: str) -> bytes:
    halves = [int(digit) for digit in digits] + [_FILL] * (len(digits) % 2)
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return bytes([len(digits), *(high << 4 | low for high, low in pairs)])


def _read(data: bytes) -> tuple[str, bytes]:
    if not data or len(data) < 1 + (data[0] + 1) // 2 or data[0] > MOST_DIGITS:
        raise MalformedWire("a subscription that ends too soon")
    count, end = data[0], 1 + (data[0] + 1) // 2
    halves = [half for byte in data[1:end] for half in divmod(byte, 16)]
    if any(half > 9 for half in halves[:count]) or (count % 2 and halves[count] != _FILL):
        raise MalformedWire("a subscription with a digit that is none")
    return "".join(map(str, halves[:count])), data[end:]

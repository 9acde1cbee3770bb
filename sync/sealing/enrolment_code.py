"""An enrolment as letters and digits: for one QR code, and on paper in lines that can be typed.

The letters are Crockford's 32 (no I, L, O, U): a QR code packs them tightly, and what is misread is put
right. Each typed line carries its number and two check characters, so that a mistake is told by its line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sync.errors import EnrolmentRefused, MalformedWire
from sync.sealing.enrolment import Enrolment
from sync.sealing.radio_plan import RadioPlan
from sync.wire.primitives import ByteReader, ByteWriter

PREFIX = "KENTONGAN1:"
LINE_CHARACTERS = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": "", "\t": "", "\r": ""})
_VERSION, _VERSION_WITH_RADIO = 1, 2
"""The first is written where nothing of the second is needed: boxes of before read it."""
_RELEASE, _URL, _RADIO = 1, 2, 4
_CHECK_BYTES = 4
_TEXT_BYTES = 1000
_AGAIN = "ask the hub for a new enrolment (kentongan hub enrol)"


def to_qr(enrolment: Enrolment) -> str:
    """Return the text of the QR code."""
    return PREFIX + _letters(_to_bytes(enrolment))


def to_lines(enrolment: Enrolment) -> list[str]:
    """Return lines to print and to type, such as "01 2B7F ... 9K": number, groups of four, check."""
    letters = _letters(_to_bytes(enrolment))
    bodies = [letters[at : at + LINE_CHARACTERS] for at in range(0, len(letters), LINE_CHARACTERS)]
    return [
        f"{number:02} {' '.join(body[at : at + 4] for at in range(0, len(body), 4))} {_check(number, body)}"
        for number, body in enumerate(bodies, 1)
    ]


def is_code(text: str) -> bool:
    """Return whether a text means to be one of the two, rather than an enrolment file."""
    start = text.lstrip("\ufeff \t\r\n")
    return start.upper().startswith(PREFIX) or start[:1].isdigit()


def from_code(text: str) -> Enrolment:
    """Read the text of a QR code or typed lines; raise EnrolmentRefused, which names the mistyped line."""
    tidy = text.strip("\ufeff \t\r\n").upper()
    if tidy.startswith(PREFIX):
        return _from_letters(tidy.removeprefix(PREFIX).translate(_MISREAD))
    return _from_letters(_from_lines([line for line in tidy.splitlines() if line.strip()]))


def _from_lines(lines: Sequence[str]) -> str:
    bodies = []
    for number, line in enumerate(lines, 1):
        packed = line.translate(_MISREAD)
        body = packed[2:-2]
        whole = len(body) == LINE_CHARACTERS or (number == len(lines) and 0 < len(body) < LINE_CHARACTERS)
        if packed[:2] != f"{number:02}" or not whole or packed[-2:] != _check(number, body):
            raise EnrolmentRefused(f"line {number} is not as on the paper: compare it letter by letter")
        bodies.append(body)
    return "".join(bodies)


def _check(number: int, body: str) -> str:
    value = int.from_bytes(hashlib.sha256(f"{number:02}{body}".encode()).digest()[:2], "big")
    return _ALPHABET[value >> 5 & 31] + _ALPHABET[value & 31]


def _letters(data: bytes) -> str:
    count = -(-8 * len(data) // 5)
    number = int.from_bytes(data, "big") << (5 * count - 8 * len(data))
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))


def _from_letters(letters: str) -> Enrolment:
    try:
        number = 0
        for letter in letters:
            number = number << 5 | _ALPHABET.index(letter)
        size = 5 * len(letters) // 8
        data = (number >> (5 * len(letters) - 8 * size)).to_bytes(size, "big")
        if _letters(data) != letters or _checksum(data[:-_CHECK_BYTES]) != data[-_CHECK_BYTES:]:
            raise EnrolmentRefused(f"the enrolment is damaged (its checksum differs): {_AGAIN}")
        return _from_bytes(data[:-_CHECK_BYTES])
    except (ValueError, MalformedWire) as error:
        versions = f"{_VERSION} or {_VERSION_WITH_RADIO}"
        raise EnrolmentRefused(f"this is not an enrolment of version {versions}: {_AGAIN}") from error


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(b"kentongan/1/enrolment" + body).digest()[:_CHECK_BYTES]


def _to_bytes(enrolment: Enrolment) -> bytes:
    writer = ByteWriter()
    release, url, radio = enrolment.release_public, enrolment.hub_url, enrolment.radio
    writer.uint(_VERSION if radio is None else _VERSION_WITH_RADIO, 1)
    has = ((release, _RELEASE), (url, _URL), (radio, _RADIO))
    writer.uint(sum(flag for part, flag in has if part is not None), 1)
    writer.uint(enrolment.node_number, 4)
    writer.uint(enrolment.enrolled_at, 4)
    for key in (enrolment.hub_public, enrolment.psk, enrolment.hub_signing_public, release or b""):
        writer.raw(key)
    texts = (enrolment.village, enrolment.village_name, enrolment.hub_name)
    for text in (*texts, *([] if url is None else [url])):
        writer.sized(text.encode())
    if radio is not None:
        radio.write(writer)
    body = writer.getvalue()
    return body + _checksum(body)


def _from_bytes(body: bytes) -> Enrolment:
    reader = ByteReader(body)
    version, flags = reader.uint(1), reader.uint(1)
    if version not in (_VERSION, _VERSION_WITH_RADIO) or bool(flags & _RADIO) != (version > _VERSION):
        raise MalformedWire("another version")
    if flags & ~(_RELEASE | _URL | _RADIO):
        raise MalformedWire("parts of a later version")
    number, enrolled_at = reader.uint(4), reader.uint(4)
    hub_public, psk, signing = reader.raw(32), reader.raw(32), reader.raw(32)
    release = reader.raw(32) if flags & _RELEASE else None
    village, village_name, hub_name = (reader.sized(_TEXT_BYTES).decode() for _ in range(3))
    url = reader.sized(_TEXT_BYTES).decode() if flags & _URL else None
    radio = RadioPlan.read(reader) if flags & _RADIO else None
    reader.end()
    return Enrolment(
        number, village, village_name, hub_name, hub_public, psk, signing, release, url, enrolled_at, radio
    )

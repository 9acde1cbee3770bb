"""The alphabet of SMS: GSM 03.38 with its extension table, and seven-bit packing.

The tables come from the package `gsm0338`; the packing is of 3GPP TS 23.038, section 6.1.2.1.
"""

from __future__ import annotations

from functools import cache

from gsm0338 import Codec

ESCAPE = 0x1B


@cache
def _codec() -> Codec:
    return Codec()


def septets_of(text: str) -> bytes | None:
    """Return the text as septets, one a byte (two for signs such as the euro), or None when a sign lacks."""
    if "\x1b" in text:
        return None  # the codec would write it as the escape itself
    try:
        encoded: bytes = _codec().encode(text)[0]
    except UnicodeEncodeError:
        return None
    return encoded


def text_of(septets: bytes) -> str:
    """Return the text of septets. An unknown sign after an escape is shown as that sign of the main table."""
    signs = []
    position = 0
    while position < len(septets):
        if septets[position] != ESCAPE:
            signs.append(_sign(septets[position : position + 1]))
        elif position + 1 < len(septets):
            pair = septets[position : position + 2]
            signs.append(_sign(pair) or _sign(pair[1:]))
            position += 1
        position += 1
    return "".join(signs)


@cache
def _sign(code: bytes) -> str:
    if code == b"\x1b" or code == b"\x1b\x1b":
        return " "  # TS 23.038: a receiver that does not know a further table shows a space
    try:
        sign: str = _codec().decode(code)[0]
    except UnicodeDecodeError:
        return ""
    return sign


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Pack septets into bytes, after so many bits of zero."""
    bits = fill_bits
    number = 0
    for septet in septets:
        number |= (septet & 0x7F) << bits
        bits += 7
    return number.to_bytes((bits + 7) // 8, "little")


def unpack(packed: bytes, count: int, fill_bits: int = 0) -> bytes:
    """Return so many septets from bytes, after so many bits. Raises ValueError when there are too few."""
    if fill_bits + 7 * count > 8 * len(packed):
        raise ValueError("fewer septets than were announced")
    number = int.from_bytes(packed, "little") >> fill_bits
    return bytes((number >> (7 * index)) & 0x7F for index in range(count))

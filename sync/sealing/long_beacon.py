"""The health beacon over the internet, under a key of the node's enrolment."""

from __future__ import annotations

from sync.errors import MalformedWire, SealBroken
from sync.sealing.derivation import expand, mac, mac_matches
from sync.wire.beacons import LongBeacon, decode_long, encode_long
from sync.wire.frame_blocks import MAC_BYTES


def _key(psk: bytes) -> bytes:
    return expand(psk, "health-beacon")


def seal_long(long: LongBeacon, psk: bytes) -> bytes:
    """Return a longer beacon as bytes, with its MAC at the end."""
    body = encode_long(long)
    return body + mac(_key(psk), b"beacon", body)


def read_long(data: bytes) -> LongBeacon:
    """Read a longer beacon, not checked yet; raise MalformedWire."""
    if len(data) <= MAC_BYTES:
        raise MalformedWire("a beacon without its code")
    return decode_long(data[:-MAC_BYTES])


def check_long(data: bytes, psk: bytes) -> None:
    """Raise SealBroken when the beacon is not under this key."""
    if not mac_matches(mac(_key(psk), b"beacon", data[:-MAC_BYTES]), data[-MAC_BYTES:]):
        raise SealBroken("the beacon is not of this node")

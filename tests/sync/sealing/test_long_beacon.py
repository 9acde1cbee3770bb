"""A beacon over the internet counts only under the key of its node."""

from __future__ import annotations

import pytest

from sync.errors import MalformedWire, SealBroken
from sync.sealing.long_beacon import check_long, read_long, seal_long
from sync.wire.beacons import Beacon, LongBeacon

PSK, OTHER = b"k" * 32, b"o" * 32
LONG = LongBeacon(7, 3, 60, Beacon(), {1: 64})


def test_it_comes_back_under_its_own_key_only() -> None:
    data = seal_long(LONG, PSK)
    check_long(data, PSK)
    assert read_long(data) == LONG
    with pytest.raises(SealBroken):
        check_long(data, OTHER)
    for at in range(len(data)):
        with pytest.raises(SealBroken):
            check_long(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], PSK)


@pytest.mark.parametrize("data", [b"", b"x" * 8, b"x" * 39])
def test_nonsense_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        read_long(data)

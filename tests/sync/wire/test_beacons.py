"""A beacon has 20 bytes, comes back as it was, and what no box writes is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.airtime import CHANNEL_PAYLOAD_LIMIT
from sync.errors import MalformedWire
from sync.wire.beacons import (
    BEACON_BYTES,
    Beacon,
    BeaconFlag,
    ClockTrust,
    DiskFree,
    LongBeacon,
    QueueAge,
    RadioGrade,
    decode_beacon,
    decode_long,
    encode_beacon,
    encode_long,
)

SIGNED = st.none() | st.integers(-127, 127)
BYTE, SHORT = st.integers(0, 255), st.integers(0, 65_535)
BEACONS = st.builds(
    Beacon,
    clock=st.sampled_from(ClockTrust),
    disk=st.sampled_from(DiskFree),
    queue=st.sampled_from(QueueAge),
    radio=st.sampled_from(RadioGrade),
    flags=st.integers(0, sum(BeaconFlag)).map(BeaconFlag),
    margin_db=SIGNED,
    answered_percent=st.none() | st.integers(0, 100),
    temperature_c=SIGNED,
    starts=SHORT,
    unclean=SHORT,
    uptime_days=BYTE,
    software=st.tuples(BYTE, BYTE, BYTE),
    content=st.integers(0, 0xFFFFFFFF),
)


@given(BEACONS)
def test_every_beacon_has_20_bytes_and_comes_back(beacon: Beacon) -> None:
    data = encode_beacon(beacon)
    assert len(data) == BEACON_BYTES == 20
    assert decode_beacon(data) == beacon


@given(BEACONS, st.dictionaries(st.integers(1, 8), st.integers(0, 2**40)), SHORT, SHORT)
def test_the_longer_one_comes_back(beacon: Beacon, figures: dict[int, int], boot: int, up: int) -> None:
    long = LongBeacon(7, boot, up, beacon, figures)
    found = decode_long(encode_long(long))
    assert (found.node, found.boot, found.uptime_s, found.beacon) == (7, boot, up, beacon)
    assert dict(found.figures) == figures


@given(st.binary(min_size=20, max_size=20))
def test_what_reads_at_all_is_what_a_box_writes(data: bytes) -> None:
    try:
        beacon = decode_beacon(b"\x05\x01" + data[2:])
    except MalformedWire:
        return
    assert encode_beacon(beacon) == b"\x05\x01" + data[2:]


def test_totals_go_on_from_zero_and_sizes_stop_at_their_end() -> None:
    beacon = Beacon(starts=65_537, unclean=65_536, uptime_days=400, temperature_c=300, software=(0, 999, 1))
    found = decode_beacon(encode_beacon(beacon))
    assert (found.starts, found.unclean, found.uptime_days) == (1, 0, 255)
    assert (found.temperature_c, found.software) == (127, (0, 255, 1))


def test_a_figure_of_a_later_version_is_passed_over() -> None:
    data = encode_long(LongBeacon(7, 1, 1, Beacon(), {1: 64, 200: 5}))
    assert dict(decode_long(data).figures) == {1: 64}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        encode_beacon(Beacon())[:-1],
        encode_beacon(Beacon()) + b"\x00",
        b"\x06" + encode_beacon(Beacon())[1:],
        b"\x05\x02" + encode_beacon(Beacon())[2:],  # a later layout
        b"\x05\x01\x80" + encode_beacon(Beacon())[3:],  # a flag that is not known
        b"\x05\x01\x00\x07" + encode_beacon(Beacon())[4:],  # a queue that is not known
    ],
)
def test_nonsense_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_beacon(data)


@pytest.mark.parametrize("tail", [b"\x02\x01\x01\x01", b"\x01\x01\x01\x01", b"\x01", b"\x01\x01" * 150])
def test_figures_out_of_order_or_without_end_are_malformed(tail: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_long(encode_long(LongBeacon(7, 1, 1, Beacon())) + tail)


def test_six_beacons_fit_into_one_packet() -> None:
    assert 6 * (BEACON_BYTES + 8 + 2) < CHANNEL_PAYLOAD_LIMIT

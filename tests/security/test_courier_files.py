"""What may lie on a stick under the name of a courier file: links, pipes, devices, and bytes of any kind."""

from __future__ import annotations

import contextlib
import os
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from attack_size import times
from village import Region, quick_folder

from hub.link_desk import UnknownSender
from sync.carriers.courier import read_bundle, write_bundle
from sync.errors import CarrierError, MalformedWire, SealBroken
from sync.wire.bundle_codec import MAGIC, MAX_BUNDLE_BYTES, VERSION, _finish
from sync.wire.numbers import BundleKind

KEYS = "the keys of the box"


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.mark.parametrize("name", ["kurir.ktg", "kurir.ktg.part"])
def test_a_link_on_the_stick_does_not_lead_to_the_keys(tmp_path: Path, name: str) -> None:
    keys = tmp_path / "node.key"
    keys.write_text(KEYS)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / name).symlink_to(keys)
    write_bundle(stick / "kurir.ktg", b"bundle")
    assert keys.read_text() == KEYS
    assert read_bundle(stick / "kurir.ktg") == b"bundle"
    assert not (stick / "kurir.ktg").is_symlink()


def test_a_hard_link_on_the_stick_is_replaced_and_not_written_into(tmp_path: Path) -> None:
    keys = tmp_path / "node.key"
    keys.write_text(KEYS)
    (tmp_path / "kurir.ktg.part").hardlink_to(keys)
    write_bundle(tmp_path / "kurir.ktg", b"bundle")
    assert keys.read_text() == KEYS


def test_a_pipe_is_not_waited_at(tmp_path: Path) -> None:
    pipe = tmp_path / "kurir.ktg"
    os.mkfifo(pipe)
    with pytest.raises(CarrierError, match="no file"):
        read_bundle(pipe)
    write_bundle(pipe, b"bundle")
    assert read_bundle(pipe) == b"bundle"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty", "/"])
def test_a_device_is_not_read(tmp_path: Path, device: str) -> None:
    link = tmp_path / "kurir.ktg"
    link.symlink_to(device)
    with pytest.raises(CarrierError, match="courier file"):
        read_bundle(link)


def test_nothing_on_a_stick_takes_down_a_desk_or_changes_it(region: Region) -> None:
    """Mutations of true files, truths with huge counts, and noise behind a true beginning; seeded."""
    region.file()
    node, hub = region.node().desk, region.hub.desk
    up = node.up_bundle().data
    down, _ = hub.exchange(up, via="courier")
    node.apply_down_bundle(down)
    before = (region.stories(), node.up_bundle().data)
    rng = random.Random(8)
    tracemalloc.start()
    for _ in range(times(24)):
        for whole, take in (
            (up, lambda data: hub.exchange(data, via="courier")),
            (down, node.apply_down_bundle),
        ):
            damaged = mutated(whole, rng)
            if damaged == whole:
                continue
            with contextlib.suppress(MalformedWire, SealBroken, UnknownSender):
                take(damaged)  # anything else fails the test
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 1024 * 1024, most
    assert region.stories() == before[0]


def mutated(whole: bytes, rng: random.Random) -> bytes:
    """Return a bundle with a true hash behind what somebody changed in it."""
    body = bytearray(whole[:-34])
    kind = rng.randrange(5)
    if kind == 0:  # a length or a count
        body[rng.randrange(4, min(len(body), 80))] = rng.choice((0x7F, 0x80, 0xFF))
    elif kind == 1:  # a huge count
        place = rng.randrange(6, min(len(body), 80))
        body[place : place + 1] = b"\xff\xff\xff\xff\x0f"
    elif kind == 2:  # noise
        body = bytearray(MAGIC + bytes([VERSION, rng.randrange(6)]) + rng.randbytes(rng.randrange(600)))
    elif kind == 3:  # a section over and over
        body = body[:6] + bytes([rng.randrange(16), 0]) * 2_000 + body[6:]
    else:
        return whole[: rng.randrange(len(whole))]
    return _finish(BundleKind(whole[5]), bytes(body[6:]))


def test_the_largest_file_is_refused_by_its_size(tmp_path: Path) -> None:
    big = tmp_path / "kurir.ktg"
    with big.open("wb") as file:
        file.truncate(MAX_BUNDLE_BYTES * 64)  # takes no room on the stick
    with pytest.raises(CarrierError, match="at most"):
        read_bundle(big)

from __future__ import annotations

import datetime
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from content.errors import PackRefused
from content.packs import ContentPack, PackedFile, entries_of, pack, unpack
from content.updates import fingerprint, make_update, restore_pack

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = [KEY.public_key()]
DAY = datetime.date(2026, 11, 26)
OLD = {f"languages/id/file{i}.toml": random.Random(i).randbytes(600) for i in range(30)}
NEW = {**OLD, "languages/id/file3.toml": b"changed", "icons/new.svg": b"<svg/>"}
del NEW["languages/id/file7.toml"]


def packed(files: dict[str, bytes] = NEW, version: int = 2) -> tuple[bytes, ContentPack]:
    data = pack(files, version=version, made_at=DAY, release_key=KEY)
    return data, unpack(data, PUBLIC)


def opened(update: bytes, base: dict[str, bytes]) -> ContentPack:
    entries = entries_of(base)
    return unpack(restore_pack(update, entries), PUBLIC, held={e.sha256: base[e.path] for e in entries})


@pytest.mark.parametrize("base", [OLD, {}, NEW], ids=["older", "nothing", "the-same"])
def test_an_update_gives_the_pack_again(base: dict[str, bytes]) -> None:
    update = make_update(*packed(), entries_of(base))
    assert opened(update, base).files == NEW


def test_one_changed_file_takes_some_hundred_bytes() -> None:
    data, whole = packed()
    assert len(make_update(data, whole, entries_of(OLD))) < 400
    assert len(data) > 17_000


def test_an_update_for_other_files_is_refused() -> None:
    update = make_update(*packed(), entries_of(OLD))
    with pytest.raises(PackRefused, match="other material"):
        restore_pack(update, entries_of(NEW))


def test_no_damage_gives_anything_that_is_not_signed() -> None:
    update = make_update(*packed(), entries_of(OLD))
    rng = random.Random(1)
    for place in range(len(update)):
        broken = bytearray(update)
        broken[place] ^= rng.randrange(1, 256)
        with pytest.raises(PackRefused):
            opened(bytes(broken), OLD)
    for size in range(0, len(update), 7):
        with pytest.raises(PackRefused):
            opened(update[:size], OLD)


def test_files_are_named_by_path_and_content() -> None:
    entries = entries_of(OLD)
    names = {fingerprint(entries), fingerprint(entries[1:]), fingerprint(())}
    moved = (PackedFile("icons/other.svg", entries[0].size, entries[0].sha256), *entries[1:])
    assert len(names | {fingerprint(moved)}) == 4

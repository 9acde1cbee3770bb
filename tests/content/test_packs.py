"""Packs: nothing unsigned is unpacked, and what comes out is what was signed."""

from __future__ import annotations

import datetime
import json
import tracemalloc
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from content import packs
from content.errors import PackRefused
from content.packs import MAGIC, SIGNED_AS, pack, sha256_hex, unpack, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = [KEY.public_key()]
DAY = datetime.date(2026, 11, 25)
FILES = {"languages/id/a.toml": b"a = 1\n", "icons/boat.svg": b"<svg/>", "agencies/p3mi.csv": b""}
PACK = pack(FILES, version=3, made_at=DAY, release_key=KEY)

paths = st.from_regex(r"(languages|icons|agencies)/[a-z0-9][a-z0-9_-]{0,8}\.(toml|svg|csv)", fullmatch=True)


@given(st.dictionaries(paths, st.binary(max_size=50), min_size=1, max_size=4), st.integers(1, 2**31 - 1))
@settings(max_examples=50)
def test_what_was_packed_comes_out(files: dict[str, bytes], version: int) -> None:
    opened = unpack(pack(files, version=version, made_at=DAY, release_key=KEY), KEYS)
    assert opened.files == files
    assert (opened.manifest.version, opened.manifest.made_at) == (version, DAY)


def test_the_same_material_gives_the_same_bytes() -> None:
    again = pack(dict(reversed(FILES.items())), version=3, made_at=DAY, release_key=KEY)
    assert again == PACK


def test_a_pack_with_one_bit_changed_is_refused_or_still_gives_what_was_signed() -> None:
    # zlib has a few bits without meaning (the level in its head, the padding of its last byte).
    meaningless = 0
    for place in range(len(PACK)):
        for bit in range(8):
            changed = bytearray(PACK)
            changed[place] ^= 1 << bit
            try:
                assert unpack(bytes(changed), KEYS).files == FILES
                meaningless += 1
            except PackRefused:
                pass
    assert meaningless < 10


def test_a_pack_cut_short_or_with_bytes_behind_it_is_refused() -> None:
    for size in range(len(PACK)):
        with pytest.raises(PackRefused):
            unpack(PACK[:size], KEYS)
    with pytest.raises(PackRefused):
        unpack(PACK + b"\0", KEYS)


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_any_bytes_are_refused(data: bytes) -> None:
    for candidate in (data, MAGIC + data):
        with pytest.raises(PackRefused):
            unpack(candidate, KEYS)


def test_only_a_known_release_key_counts() -> None:
    forged = pack(FILES, version=3, made_at=DAY, release_key=OTHER)
    with pytest.raises(PackRefused, match="not signed by a release key"):
        unpack(forged, KEYS)
    with pytest.raises(PackRefused, match="not signed"):
        unpack(PACK, [])
    assert unpack(forged, [*KEYS, OTHER.public_key()]).files == FILES, (
        "a successor may stand beside the first"
    )


def test_a_signature_for_something_else_does_not_count() -> None:
    manifest = PACK[len(MAGIC) + 68 : PACK.index(b"}") + 1]
    bare = MAGIC + KEY.sign(manifest) + len(manifest).to_bytes(4, "big") + manifest
    with pytest.raises(PackRefused, match="not signed"):
        verify(bare + PACK[len(bare) :], KEYS)


def test_nothing_is_inflated_before_the_signature_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def inflate(*_: object) -> bytes:
        raise AssertionError("inflated an unsigned stream")

    monkeypatch.setattr(packs, "_inflated", inflate)
    with pytest.raises(PackRefused, match="not signed"):
        unpack(pack(FILES, version=3, made_at=DAY, release_key=OTHER), KEYS)


def test_a_version_must_be_above_the_one_held() -> None:
    assert unpack(PACK, KEYS, newer_than=2).manifest.version == 3
    for held in (3, 4):
        with pytest.raises(PackRefused, match=f"it must be above {held}"):
            unpack(PACK, KEYS, newer_than=held)


def test_an_update_leaves_out_what_is_held_and_needs_it() -> None:
    large = bytes(range(256)) * 40
    before = {"languages/id/a.toml": large, "languages/id/b.toml": b"b = 1\n"}
    after = {"languages/id/a.toml": large, "languages/id/b.toml": b"b = 2\n"}
    first = unpack(pack(before, version=1, made_at=DAY, release_key=KEY), KEYS)
    held = first.by_hash()
    update = pack(after, version=2, made_at=DAY, release_key=KEY, held=held)
    assert len(update) < len(pack(after, version=2, made_at=DAY, release_key=KEY)) - 200
    assert unpack(update, KEYS, newer_than=1, held=held).files == after
    with pytest.raises(PackRefused):
        unpack(update, KEYS, newer_than=1)
    with pytest.raises(PackRefused, match="is not the file that was signed"):
        unpack(update, KEYS, held={sha256_hex(large): large + b"!", sha256_hex(b"b = 1\n"): b"b = 1\n"})


def signed(manifest: object, stream: bytes = b"") -> bytes:
    data = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    return MAGIC + KEY.sign(SIGNED_AS + b"\0" + data) + len(data).to_bytes(4, "big") + data + stream


GOOD = {"format": 1, "version": 1, "made_at": "2026-11-25", "files": [["icons/a.svg", 0, sha256_hex(b"")]]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": 2}, "format 1: update the program"),
        ({"version": 0}, "version"),
        ({"version": True}, "version"),
        ({"made_at": "25-11-2026"}, "made_at"),
        ({"made_at": "2026-02-30"}, "made_at"),
        ({"files": []}, "1 to 2000 files"),
        ({"files": [["../a.svg", 0, sha256_hex(b"")]]}, "path"),
        ({"files": [["icons/a.svg", -1, sha256_hex(b"")]]}, "bytes"),
        ({"files": [["icons/a.svg", 2**40, sha256_hex(b"")]]}, "bytes"),
        ({"files": [["icons/a.svg", 0, "00"]]}, "hexadecimal"),
        ({"files": [["icons/a.svg", 0]]}, "path, bytes and SHA-256"),
        ({"files": [["icons/a.svg", 0, sha256_hex(b"")]] * 2}, "by path, each once"),
        ({"files": [[f"icons/a{n}.svg", 2**21, "0" * 64] for n in range(9)]}, "bytes together"),
        ({"more": 1}, "and nothing else"),
    ],
)
def test_a_signed_manifest_that_is_wrong_is_refused_all_the_same(
    changed: dict[str, object], said: str
) -> None:
    assert verify(signed(GOOD), KEYS).version == 1
    with pytest.raises(PackRefused, match=said):
        verify(signed({**GOOD, **changed}), KEYS)


@pytest.mark.parametrize("manifest", [b"[]", b"nothing", b"\xff", b"[" * 100_000])
def test_a_signed_manifest_that_is_no_table_is_refused(manifest: bytes) -> None:
    with pytest.raises(PackRefused):
        verify(signed(manifest), KEYS)


def test_a_stream_gives_no_more_than_was_signed() -> None:
    bomb = signed(GOOD, zlib.compress(bytes(20_000_000), 9))
    tracemalloc.start()
    try:
        with pytest.raises(PackRefused, match="damaged or cut short"):
            unpack(bomb, KEYS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_other_files_under_a_signed_manifest_are_refused() -> None:
    manifest = {**GOOD, "files": [["icons/a.svg", 6, sha256_hex(b"<svg/>")]]}
    assert unpack(signed(manifest, zlib.compress(b"<svg/>")), KEYS).files == {"icons/a.svg": b"<svg/>"}
    with pytest.raises(PackRefused, match=r"icons/a\.svg is not the file that was signed"):
        unpack(signed(manifest, zlib.compress(b"<SVG/>")), KEYS)


def test_what_would_be_refused_is_not_signed() -> None:
    with pytest.raises(PackRefused, match="path"):
        pack({"etc/passwd": b""}, version=1, made_at=DAY, release_key=KEY)
    with pytest.raises(PackRefused, match="version"):
        pack(FILES, version=0, made_at=DAY, release_key=KEY)


def test_all_shipped_material_fits_into_a_pack(shipped: dict[str, bytes]) -> None:
    data = pack(shipped, version=1, made_at=DAY, release_key=KEY)
    assert unpack(data, KEYS).files == shipped
    assert len(data) < 120_000


GOLDEN = bytes.fromhex(
    "4b54475041434b31a6bac432f96402c3f641934c075e43a7dbd187ef12872371b8fa247a414471b57c4dbd38e6d18cbd"
    "640a07edf1c48b3710def43801efa372c5d14973a04f6906000000ee7b22666f726d6174223a312c2276657273696f6e"
    "223a372c226d6164655f6174223a22323032362d31312d3235222c2266696c6573223a5b5b2269636f6e732f626f6174"
    "2e737667222c362c22643464633536363639313433303334663331616133303936333564343131336439616437366130"
    "32623137333964613232633936356564323034396265396536225d2c5b226c616e6775616765732f69642f612e746f6d"
    "6c222c362c22636237386264386131376637623735316665306434363633333636646362633235373230343033336566"
    "37646464363462316632393639353733623562326532225d5d7d78dab3292e4bd7b74b54b05530e4020017d80313"
)
"""A pack as it was shipped first: it must open for ever."""


def test_a_pack_that_was_shipped_still_opens() -> None:
    opened = unpack(GOLDEN, KEYS)
    assert (opened.manifest.version, opened.manifest.made_at) == (7, DAY)
    assert opened.files == {"icons/boat.svg": b"<svg/>", "languages/id/a.toml": b"a = 1\n"}

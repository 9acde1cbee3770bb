"""What is not exactly what the release key signed is refused, with a word why."""

from __future__ import annotations

import io
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from releases import KEY, PUBLIC, manifest, release

from content.packs import SIGNED_AS as SIGNED_AS_MATERIAL
from updater.release_file import (
    HEAD_BYTES,
    SIGNED_AS,
    ReleaseRefused,
    check_wheels,
    head_of,
    manifest_bytes,
    numbers_of,
    read_head,
)


def read(data: bytes) -> None:
    file = io.BytesIO(data)
    check_wheels(file, read_head(file, [PUBLIC]))


def why(data: bytes) -> str:
    with pytest.raises(ReleaseRefused) as refused:
        read(data)
    return refused.value.why


def test_a_release_reads_back() -> None:
    data = release(changes="Apa yang berubah: é.")
    found = read_head(io.BytesIO(data), [bytes(32), PUBLIC])
    assert (found.version, found.changes) == ("0.2.0", "Apa yang berubah: é.")
    read(data)


def test_another_key_or_another_use_of_the_key_counts_nothing() -> None:
    assert why(release(key=Ed25519PrivateKey.from_private_bytes(bytes(32)))) == "signature"
    body = manifest_bytes(manifest())
    assert SIGNED_AS != SIGNED_AS_MATERIAL
    assert why(head_of(body, KEY.sign(SIGNED_AS_MATERIAL + b"\0" + body))) == "signature"


def test_a_byte_changed_or_cut_off_anywhere_is_noticed() -> None:
    data = release()
    ends = len(data)
    for at in [*range(0, HEAD_BYTES + 8, 5), *range(HEAD_BYTES + 8, ends, 67), ends - 1]:
        changed = bytearray(data)
        changed[at] ^= 0x20
        assert why(bytes(changed)) in ("signature", "damaged")
        assert why(data[:at]) == "damaged"
    assert why(data + b"x") == "damaged"


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "1.2"},
        {"version": "../etc"},
        {"version": "01.2.3"},
        {"minimum": "1.2.3.4"},
        {"machine": "a/b"},
        {"store": 3, "store_floor": 4},
        {"changes": "x" * 2001},
        {"made_at": "gestern"},
        {"packages": ()},
        {"packages": (("kentongan", "0.2.0"), ("kentongan", "0.3.0"))},
        {"packages": (("../x", "0.2.0"),)},
        {"packages": (("kentongan", "../x"),)},
    ],
)
def test_what_a_box_would_refuse_is_not_signed(fields: dict[str, object]) -> None:
    with pytest.raises(ReleaseRefused, match="manifest|version"):
        release(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["../x-1-py3-none-any.whl", "x.whl", "a/b-1-py3-none-any.whl"])
def test_a_wheel_with_a_path_is_not_signed(name: str) -> None:
    with pytest.raises(ReleaseRefused, match="names a wheel"):
        release(wheels={name: (b"x", "")})


@pytest.mark.parametrize(
    "rows",
    [
        [["a-1-py3-none-any.whl", 1, "0" * 64, ""]] * 2,
        [["a-1-py3-none-any.whl", 1, "0" * 64]],
        [["a-1-py3-none-any.whl", 1, "0" * 64, "", ""]],
        [["a-1-py3-none-any.whl", 0, "0" * 64, ""]],
        ["a-1-py3-none-any.whl"],
        "a-1-py3-none-any.whl",
    ],
)
def test_a_signed_list_of_wheels_that_is_not_one_is_refused(rows: object) -> None:
    body = json.dumps({**json.loads(manifest_bytes(manifest())), "wheels": rows}).encode()
    with pytest.raises(ReleaseRefused, match="manifest"):
        read_head(io.BytesIO(head_of(body, KEY.sign(SIGNED_AS + b"\0" + body))), [PUBLIC])


def test_versions_are_compared_as_numbers() -> None:
    assert numbers_of("0.10.0") > numbers_of("0.9.9")

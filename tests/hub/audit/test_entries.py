"""Entries and heads as bytes."""

from __future__ import annotations

import hashlib

import pytest

from hub.audit.entries import Entry, Head, NoEntry, check_words, entry_from_json, open_head
from sync.errors import SealBroken
from sync.sealing.signing import sign

PRIVATE = bytes(range(32))
PUBLIC = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
ENTRY = Entry(3, 1_795_000_000_123, "sari", "read", "report 0123456789abcdef.0.1")


def test_the_bytes_are_fixed() -> None:
    assert ENTRY.canonical() == (
        b'{"about":"report 0123456789abcdef.0.1","at_ms":1795000000123,"by":"sari","number":3,'
        b'"reason":"","what":"read"}'
    )
    assert ENTRY.leaf(bytes(16)) == hashlib.sha256(b"\x00" + bytes(16) + ENTRY.canonical()).digest()
    assert ENTRY.leaf(bytes(16)) != ENTRY.leaf(bytes(15) + b"\x01")


def test_an_entry_comes_back_from_a_file() -> None:
    assert entry_from_json(ENTRY.to_json()) == ENTRY


@pytest.mark.parametrize(
    "change", [{"number": "3"}, {"number": True}, {"by": None}, {"at_ms": 1.5}, {"more": 1}, {"what": 3}]
)
def test_what_is_no_entry_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(NoEntry):
        entry_from_json({**ENTRY.to_json(), **change})
    with pytest.raises(NoEntry):
        entry_from_json(None)


@pytest.mark.parametrize(
    ("what", "about", "reason"),
    [("Read", "x", ""), ("", "x", ""), ("read", "", ""), ("read", "a\nb", ""), ("read", "x", "r" * 201)],
)
def test_words_that_no_entry_takes_are_refused_without_repeating_them(
    what: str, about: str, reason: str
) -> None:
    with pytest.raises(NoEntry) as refused:
        check_words(what, about, reason)
    assert "r" * 201 not in str(refused.value)


def test_a_head_opens_under_its_key_alone() -> None:
    head = Head(8, bytes(range(32)), 1_795_000_000)
    assert open_head(PUBLIC, head.signed(PRIVATE)) == head
    with pytest.raises(SealBroken):
        open_head(bytes(32), head.signed(PRIVATE))
    with pytest.raises(SealBroken):
        open_head(PUBLIC, sign(PRIVATE, "bulletin", head.body()))
    for body in (b"", b"[]", b"{}", b'{"at_s":1,"root":"00","size":1}', head.body() + b" "):
        with pytest.raises(NoEntry):
            open_head(PUBLIC, sign(PRIVATE, "audit-head", body))

"""Which release key counts: named by a spare key, once and for all, and never by a key that was replaced."""

from __future__ import annotations

import io
import itertools
import json
from pathlib import Path

import pytest
from releases import KEY, PUBLIC
from releases import named as add
from releases import secret as key

from updater.release_file import ReleaseRefused
from updater.successors import (
    KEYS_FILE,
    MAGIC,
    MAX_STATEMENTS,
    KeyRing,
    Trust,
    chain_bytes,
    grown,
    read_chain,
    read_prefix,
    trusted,
)

A, B, C, D = (key(number) for number in range(1, 5))
THIEF = key(66)
ONE = add(b"", by=KEY, release=KEY, spares=(A, B))
TWO = add(ONE, by=A, release=C, spares=(B, D))
THREE = add(TWO, by=B, release=D, spares=(A, B))


def public(secret: object) -> bytes:
    return secret.public_key().public_bytes_raw()  # type: ignore[attr-defined, no-any-return]


def trust(chain: bytes, first: bytes = PUBLIC) -> Trust:
    return trusted([first], read_chain(chain))


def why(chain: bytes, first: bytes = PUBLIC) -> str:
    with pytest.raises(ReleaseRefused) as refused:
        trust(chain, first)
    return refused.value.why


def test_a_spare_key_replaces_a_release_key_and_the_one_before_counts_no_more() -> None:
    assert trust(b"") == Trust(0, (PUBLIC,))
    assert trust(ONE) == Trust(1, (PUBLIC,), (public(A), public(B)))
    assert trust(TWO) == Trust(2, (public(C),), (public(B), public(D)), (PUBLIC,))
    assert trust(THREE).former == (PUBLIC, public(C))
    handed_over_at_once = add(b"", by=KEY, release=C, spares=(A,))
    assert trust(handed_over_at_once).release == (public(C),)


def test_a_box_that_was_set_up_later_takes_up_the_statements_at_its_own_key() -> None:
    later = trust(THREE, public(C))
    assert (later.epoch, later.release) == (3, (public(D),))
    assert trust(TWO, public(C)).spares == (public(B), public(D))
    assert why(THREE, public(THIEF)) == "signature"
    # A spare key is no release key: nobody is set up with one, and it leads nowhere.
    assert why(TWO, public(A)) == "signature"


def test_who_steals_a_release_key_names_nobody() -> None:
    """Neither with the present one, once spare keys are named, nor with one that was replaced."""
    for thief in (KEY, THIEF):
        assert why(add(ONE, by=thief, release=THIEF, spares=(A, D))) == "signature"
    assert why(add(TWO, by=C, release=THIEF, spares=(A,))) == "signature"
    assert why(add(TWO, by=A, release=THIEF, spares=(B,))) == "signature", "a spare key that was replaced"
    assert why(add(b"", by=THIEF, release=THIEF, spares=(A,))) == "signature"
    assert why(add(ONE, by=A, release=C, spares=(B,), agreed=THIEF)) == "signature", "C never agreed"
    assert why(add(b"", by=KEY, release=C, spares=(B,), agreed=KEY)) == "signature"
    assert why(add(b"", by=THIEF, release=KEY, spares=(THIEF,), agreed=THIEF)) == "signature"


def test_what_was_named_before_cannot_be_named_otherwise() -> None:
    """A replay of older statements changes nothing; another one in the place of a known one is refused."""
    assert grown([PUBLIC], TWO, THREE) == THREE
    for older in (b"", ONE, TWO):
        assert grown([PUBLIC], TWO, older) == TWO
    other_first = add(b"", by=KEY, release=KEY, spares=(THIEF,))
    longer = add(other_first, by=THIEF, release=THIEF, spares=(A,))
    for forged in (other_first, longer, add(longer, by=A, release=D, spares=(B,))):
        with pytest.raises(ReleaseRefused, match="contradict"):
            grown([PUBLIC], TWO, forged)


def test_what_is_no_list_of_statements_is_refused() -> None:
    whole = read_chain(THREE)
    rows = json.loads(THREE[12:])
    text = json.loads(rows[0][0])

    def listed(body: object) -> bytes:
        data = json.dumps(body).encode()
        return MAGIC + len(data).to_bytes(4, "big") + data

    def first_with(**changes: object) -> bytes:
        return listed([[json.dumps(text | changes, separators=(",", ":")), *rows[0][1:]]])

    assert read_chain(first_with()) == whole[:1]
    bad = [
        *(b"x", MAGIC, THREE[:-1], THREE + b"x", listed({}), listed([]), listed([[1, 2, 3]])),
        *(
            listed([rows[0][:2]]),
            listed(rows[1:]),
            listed([rows[0], rows[0]]),
            listed([["[" * 9999, "", ""]]),
        ),
        *(listed([[rows[0][0] + " ", *rows[0][1:]]]), listed([[rows[0][0], "00", rows[0][2]]])),
        *(first_with(epoch=2), first_with(epoch=True), first_with(format=2), first_with(more=1)),
        *(first_with(spares=[]), first_with(spares=[text["release"]]), first_with(spares=["00"])),
        *(first_with(spares=text["spares"] * 2), first_with(made_at="today"), first_with(release=1)),
        chain_bytes(list(itertools.islice(itertools.cycle(whole), MAX_STATEMENTS + 1))),
        MAGIC + (9).to_bytes(4, "big") + b"[" * 9,
    ]
    for data in bad:
        with pytest.raises(ReleaseRefused) as refused:
            read_chain(data)
        assert refused.value.why == "damaged", data[:40]


def test_statements_stand_before_a_release_or_nothing_does() -> None:
    file = io.BytesIO(TWO + b"KTGRELS1")
    assert (read_prefix(file), file.read()) == (TWO, b"KTGRELS1")
    file = io.BytesIO(b"KTGRELS1 and so on")
    assert (read_prefix(file), file.read()) == (b"", b"KTGRELS1 and so on")
    for cut in (TWO[:10], TWO[:-1], MAGIC + b"\xff\xff\xff\xff" + bytes(50_000)):
        with pytest.raises(ReleaseRefused, match="copy it again"):
            read_prefix(io.BytesIO(cut))


def test_a_damaged_file_of_keys_does_not_bring_back_an_old_key(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path, [PUBLIC])
    assert ring.learn(TWO) == KeyRing(tmp_path, [PUBLIC]).trust() == trust(TWO)
    # Set up anew for another hub by the installer: those statements are of the old one.
    assert KeyRing(tmp_path, [public(THIEF)]).trust() == Trust(0, (public(THIEF),))
    whole = (tmp_path / KEYS_FILE).read_text()
    for damaged in (
        whole.replace(PUBLIC.hex()[:5], "00000", 1),
        "",
        "{",
        "[]",
        '{"first": 1}',
        json.dumps({"first": [PUBLIC.hex()], "chain": "00"}),
    ):
        (tmp_path / KEYS_FILE).write_text(damaged)
        for ask in (ring.trust, lambda: ring.learn(ONE)):
            with pytest.raises(ReleaseRefused):
                ask()

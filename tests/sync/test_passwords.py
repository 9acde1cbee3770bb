"""Password hashes: they match, they differ, they name their cost, they run one at a time."""

from __future__ import annotations

import threading
import time

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import passwords
from sync.passwords import (
    COST,
    PASSWORD_MAX_CHARACTERS,
    BrokenPasswordHash,
    Cost,
    derive_key,
    hash_password,
    join_hash,
    needs_new_hash,
    password_matches,
    split_hash,
)

WEAK = Cost(memory_kib=8, passes=1, lanes=1)  # insecure but fast

pytestmark = pytest.mark.usefixtures("full_password_cost")

# `argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32` with the password "password", from the test vectors
# of the reference implementation (phc-winner-argon2, src/test.c).
REFERENCE = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"


def test_the_right_password_matches_and_others_do_not() -> None:
    stored = hash_password("ketuk tiga kali", cost=WEAK)
    assert password_matches("ketuk tiga kali", stored)
    assert not password_matches("ketuk dua kali", stored)
    assert not password_matches("", stored)
    assert not password_matches("ketuk tiga kali ", stored)


def test_a_hash_of_the_reference_implementation_opens() -> None:
    assert password_matches("password", REFERENCE)
    assert not password_matches("Password", REFERENCE)


def test_the_default_cost_is_19_mib_two_passes_one_lane() -> None:
    stored = hash_password("x")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert Cost(19456, 2, 1) == COST
    assert password_matches("x", stored)


def test_the_same_password_gets_another_salt_each_time() -> None:
    assert hash_password("sama", cost=WEAK) != hash_password("sama", cost=WEAK)


def test_the_text_holds_no_part_of_the_password() -> None:
    assert "rahasia" not in hash_password("rahasia", cost=WEAK)


def test_an_accent_composed_otherwise_is_the_same_password() -> None:
    stored = hash_password("caf\u00e9", cost=WEAK)
    assert password_matches("cafe\u0301", stored)


def test_an_old_cost_still_opens_and_asks_for_a_new_hash() -> None:
    stored = hash_password("lama", cost=WEAK)
    assert password_matches("lama", stored)
    assert needs_new_hash(stored)
    assert not needs_new_hash(hash_password("baru"))


def test_a_password_beyond_the_limit_is_wrong_and_cannot_be_set() -> None:
    longest = "a" * PASSWORD_MAX_CHARACTERS
    stored = hash_password(longest, cost=WEAK)
    assert password_matches(longest, stored)
    assert not password_matches(longest + "a", stored)
    assert not password_matches(longest + "a", hash_password("", cost=WEAK))
    with pytest.raises(ValueError, match="at most"):
        hash_password(longest + "a", cost=WEAK)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "rahasia",
        "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        REFERENCE + "\n",
        REFERENCE.replace("m=65536", "m=99999999"),
        REFERENCE.replace("m=65536", "m=1"),
        REFERENCE.replace("t=2", "t=999"),
        REFERENCE.replace("p=1", "p=99"),
        REFERENCE[:-1] + "!",
        REFERENCE[:-2],
        REFERENCE.replace("v=19", "v=16"),
    ],
)
def test_a_broken_stored_hash_is_refused_without_repeating_it(stored: str) -> None:
    with pytest.raises(BrokenPasswordHash) as caught:
        password_matches("x", stored)
    assert "c29tZXNhbHQ" not in str(caught.value)
    assert "rahasia" not in str(caught.value)


def test_an_unknown_account_costs_one_derivation_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[Cost] = []
    derive = passwords._derive

    def counting(password: str, salt: bytes, cost: Cost, length: int) -> bytes:
        costs.append(cost)
        return derive(password, salt, cost, length)

    stored = hash_password("ada")
    monkeypatch.setattr(passwords, "_derive", counting)
    assert not password_matches("salah", stored)
    assert not password_matches("salah", None)
    assert not password_matches("x" * (PASSWORD_MAX_CHARACTERS + 1), stored)
    assert costs == [COST, COST, COST]


def test_checks_run_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = hash_password("antre", cost=WEAK)
    running = 0
    most = 0

    class Watched:
        def __init__(
            self, *, salt: bytes, length: int, iterations: int, lanes: int, memory_cost: int
        ) -> None:
            self.real = Argon2id(
                salt=salt, length=length, iterations=iterations, lanes=lanes, memory_cost=memory_cost
            )

        def derive(self, key_material: bytes) -> bytes:
            nonlocal running, most
            running += 1
            most = max(most, running)
            time.sleep(0.005)
            running -= 1
            return self.real.derive(key_material)

    monkeypatch.setattr(passwords, "Argon2id", Watched)
    threads = [threading.Thread(target=password_matches, args=("antre", stored)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_the_comparison_is_the_constant_time_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = hash_password("x", cost=WEAK)
    compared: list[int] = []

    def recording(a: bytes, b: bytes) -> bool:
        compared.append(len(a))
        return a == b

    monkeypatch.setattr("sync.passwords.hmac.compare_digest", recording)
    assert password_matches("x", stored)
    assert compared == [32]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_password(password: str) -> None:
    stored = hash_password(password, cost=WEAK)
    assert password_matches(password, stored)
    assert not password_matches(password + "x", stored)


def test_a_hash_travels_as_salt_and_hash_and_opens_as_before() -> None:
    stored = hash_password("kode 1234")
    salt, hashed = split_hash(stored)
    assert (len(salt), len(hashed)) == (16, 32)
    assert join_hash(salt, hashed) == stored
    with pytest.raises(BrokenPasswordHash):
        split_hash(hash_password("kode", cost=WEAK))


def test_a_key_depends_on_all_that_it_is_made_of_and_on_nothing_else() -> None:
    salt = bytes(16)
    key = derive_key("kentongan bertalu-talu", salt, WEAK)
    assert len(key) == 32
    assert derive_key("kentongan bertalu-talu", salt, WEAK) == key
    others = [
        derive_key("kentongan bertalu-tali", salt, WEAK),
        derive_key("kentongan bertalu-talu", b"\x01" * 16, WEAK),
        derive_key("kentongan bertalu-talu", salt, Cost(16, 1, 1)),
    ]
    assert len({key, *others}) == 4


@pytest.mark.parametrize(
    "cost", [Cost(1 << 30, 1, 1), Cost(8, 0, 1), Cost(8, 99, 1), Cost(8, 1, 0), Cost(8, 1, 2)]
)
def test_a_key_at_a_cost_that_is_none_of_ours_is_refused_before_any_work(cost: Cost) -> None:
    with pytest.raises(BrokenPasswordHash, match="cost"):
        derive_key("kentongan bertalu-talu", bytes(16), cost)
    with pytest.raises(BrokenPasswordHash, match="16 bytes"):
        derive_key("kentongan bertalu-talu", b"", WEAK)


def test_no_key_is_made_of_a_password_that_is_too_long() -> None:
    with pytest.raises(ValueError, match="at most"):
        derive_key("a" * (PASSWORD_MAX_CHARACTERS + 1), bytes(16), WEAK)

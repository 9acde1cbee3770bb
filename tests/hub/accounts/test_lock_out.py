"""Waits after wrong sign-ins: they grow, survive restarts, and tell nobody which names exist."""

from __future__ import annotations

import pytest
from village import Region, dump

from hub.accounts import lock_out as lock_out_module
from hub.accounts.lock_out import ALL_MAX_WAIT_S, FORGOTTEN_AFTER_S, WRONG_BEFORE_WAITING, LockOut
from hub.accounts.models import SignInFailure
from hub.config import HubConfig
from hub.services import SignInSlowed
from hub.store_wiring import HubStore


@pytest.fixture
def lock_out(region: Region) -> LockOut:
    return region.hub.store.accounts.lock_out


def waits(lock_out: LockOut, name: str) -> int:
    try:
        lock_out.check(name)
    except SignInSlowed as slowed:
        return slowed.wait_s
    return 0


def test_the_wait_survives_a_restart_and_counts_in_every_process(region: Region, lock_out: LockOut) -> None:
    other = HubStore(HubConfig(region.hub_folder), clock=region.clock)
    for number in range(WRONG_BEFORE_WAITING):
        (lock_out, other.accounts.lock_out)[number % 2].count_wrong("sari")
    assert waits(lock_out, "sari") == waits(other.accounts.lock_out, "sari") > 0
    other.close()
    region.restart_hub()
    assert waits(region.hub.store.accounts.lock_out, "sari") > 0


def test_an_unknown_name_waits_like_a_known_one(region: Region) -> None:
    accounts = region.hub.store.accounts
    accounts.add("sari", "analyst", "kentongan bertalu-talu")
    said = {}
    for name in ("sari", "tidak ada"):
        for _ in range(WRONG_BEFORE_WAITING):
            assert accounts.sign_in(name, "salah salah salah") is None
        said[name] = waits(accounts.lock_out, name)
    assert said["sari"] == said["tidak ada"] > 0


def test_a_password_typed_as_a_name_is_kept_nowhere(region: Region, lock_out: LockOut) -> None:
    lock_out.count_wrong("rahasia sekali ini")
    assert "rahasia sekali ini" not in repr(dump(region.hub_folder))


def test_guesses_under_many_names_slow_everybody_a_little(
    region: Region, lock_out: LockOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_out_module, "ALL_BEFORE_WAITING", 8.0)
    for number in range(8):
        lock_out.count_wrong(f"nama {number}")
    assert 0 < waits(lock_out, "sari") <= ALL_MAX_WAIT_S + 1
    for number in range(30):
        lock_out.count_wrong(f"lain {number}")
    assert waits(lock_out, "sari") <= ALL_MAX_WAIT_S + 1
    region.clock.advance(ALL_MAX_WAIT_S + 1)
    assert waits(lock_out, "sari") == 0
    region.clock.advance(3600)
    lock_out.count_wrong("lagi")
    assert waits(lock_out, "sari") == 0, "the count leaks"


def test_old_names_are_forgotten(region: Region, lock_out: LockOut) -> None:
    for number in range(5):
        lock_out.count_wrong(f"nama {number}")
    region.clock.advance(FORGOTTEN_AFTER_S + 1)
    lock_out.count_wrong("sari")
    assert SignInFailure.select().count(region.hub.store.database) == 2


def test_a_clock_that_was_set_back_makes_nobody_wait_for_days(region: Region, lock_out: LockOut) -> None:
    for _ in range(WRONG_BEFORE_WAITING):
        lock_out.count_wrong("sari")
    region.clock.jump_wall(-5 * 86_400)
    assert waits(lock_out, "sari") <= lock_out_module.MAX_WAIT_S + 1

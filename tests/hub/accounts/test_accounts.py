"""Accounts of the hub's staff and the slowing of wrong passwords."""

from __future__ import annotations

import threading

import pytest
from village import Region

from hub.account_services import AccountRefused
from hub.accounts import accounts as accounts_module
from hub.accounts.accounts import Accounts
from hub.accounts.lock_out import MAX_WAIT_S, WAIT_S, WRONG_BEFORE_WAITING
from hub.services import SignInSlowed

PASSWORD = "kentongan bertalu-talu"


@pytest.fixture
def accounts(region: Region) -> Accounts:
    store = region.hub.store
    store.accounts.add("sari", "analyst", PASSWORD)
    return store.accounts


def guess(accounts: Accounts, times: int) -> None:
    for _ in range(times):
        assert accounts.sign_in("sari", "salah salah salah") is None


def test_the_right_password_signs_in(accounts: Accounts) -> None:
    signed_in = accounts.sign_in("sari", PASSWORD)
    assert signed_in is not None
    assert (signed_in.name, signed_in.role) == ("sari", "analyst")
    assert accounts.sign_in("budi", PASSWORD) is None
    assert accounts.account("budi") is None


def test_adding_again_changes_role_and_password(accounts: Accounts) -> None:
    accounts.add("sari", "auditor", PASSWORD + "!")
    assert accounts.sign_in("sari", PASSWORD) is None
    signed_in = accounts.sign_in("sari", PASSWORD + "!")
    assert signed_in is not None
    assert signed_in.role == "auditor"


@pytest.mark.parametrize(
    ("name", "role", "password", "said"),
    [
        ("", "analyst", PASSWORD, "1 to 64"),
        ("   ", "analyst", PASSWORD, "1 to 64"),
        ("x" * 65, "analyst", PASSWORD, "1 to 64"),
        ("a\nb", "analyst", PASSWORD, "1 to 64"),
        ("sari", "king", PASSWORD, "the role is one of"),
        ("sari", "analyst", "x" * 11, "at least 12"),
    ],
)
def test_a_wrong_account_is_refused(
    accounts: Accounts, name: str, role: str, password: str, said: str
) -> None:
    with pytest.raises(AccountRefused, match=said) as refused:
        accounts.add(name, role, password)
    assert PASSWORD not in str(refused.value)


def test_wrong_passwords_must_wait_longer_and_longer(region: Region, accounts: Accounts) -> None:
    guess(accounts, WRONG_BEFORE_WAITING)
    waits = []
    for _ in range(9):
        with pytest.raises(SignInSlowed) as slowed:
            accounts.sign_in("sari", PASSWORD)
        waits.append(slowed.value.wait_s)
        region.clock.advance(slowed.value.wait_s)
        guess(accounts, 1)
    assert waits[0] in (WAIT_S, WAIT_S + 1)
    assert waits == sorted(waits)
    assert waits[-1] <= MAX_WAIT_S + 1


def test_others_are_not_slowed_and_the_right_password_clears(region: Region, accounts: Accounts) -> None:
    accounts.add("budi", "analyst", PASSWORD)
    guess(accounts, WRONG_BEFORE_WAITING)
    assert accounts.sign_in("budi", PASSWORD) is not None
    region.clock.advance(WAIT_S + 1)
    assert accounts.sign_in("sari", PASSWORD) is not None
    guess(accounts, WRONG_BEFORE_WAITING - 1)
    assert accounts.sign_in("sari", PASSWORD) is not None


def test_wrong_passwords_at_the_same_moment_each_count(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(WRONG_BEFORE_WAITING)

    def slow_check(password: str, stored: str | None) -> bool:
        together.wait()
        return False

    monkeypatch.setattr(accounts_module, "password_matches", slow_check)
    threads = [threading.Thread(target=guess, args=(accounts, 1)) for _ in range(WRONG_BEFORE_WAITING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(SignInSlowed):
        accounts.sign_in("sari", PASSWORD)

"""Second factors: encrypted at rest, each code once, recovery codes once."""

from __future__ import annotations

import pyotp
import pytest
from village import Region, dump

from hub.account_services import AccountRefused
from hub.accounts.accounts import Accounts
from hub.accounts.models import User
from hub.services import SignInSlowed

PASSWORD = "kentongan bertalu-talu"


@pytest.fixture
def accounts(region: Region) -> Accounts:
    accounts = region.hub.store.accounts
    accounts.add("sari", "analyst", PASSWORD)
    return accounts


def code(region: Region, secret: str) -> str:
    return pyotp.TOTP(secret).at(int(region.clock.wall_s()))


def set_up(region: Region, accounts: Accounts, name: str = "sari") -> tuple[str, tuple[str, ...]]:
    """Set a second factor; the step of its first code is over."""
    secret = accounts.second_factor_secret(name)
    codes = accounts.confirm_second_factor(name, code(region, secret), session_id="")
    assert codes is not None
    region.clock.advance(60)
    return secret, codes


def test_a_secret_is_used_only_after_its_first_code(region: Region, accounts: Accounts) -> None:
    secret = accounts.second_factor_secret("sari")
    assert accounts.second_factor_secret("sari") == secret, "a reloaded page shows the same"
    assert accounts.confirm_second_factor("sari", "000000", session_id="") is None
    assert not accounts.own("sari").second_factor
    _, codes = set_up(region, accounts)
    assert len(set(codes)) == 10
    assert accounts.own("sari").recovery_codes == 10


def test_a_code_is_taken_once(region: Region, accounts: Accounts) -> None:
    secret, _ = set_up(region, accounts)
    now = code(region, secret)
    assert accounts.factor.accepts("sari", now)
    assert not accounts.factor.accepts("sari", now)
    region.clock.advance(30)
    assert not accounts.factor.accepts("sari", now), "it would still be within the step before"
    assert accounts.factor.accepts("sari", code(region, secret))


def test_the_code_that_set_it_up_does_not_sign_in(region: Region, accounts: Accounts) -> None:
    secret = accounts.second_factor_secret("sari")
    first = code(region, secret)
    assert accounts.confirm_second_factor("sari", first, session_id="") is not None
    assert not accounts.factor.accepts("sari", first)


def test_a_recovery_code_is_taken_once_however_it_is_typed(region: Region, accounts: Accounts) -> None:
    _, codes = set_up(region, accounts)
    typed = codes[3].upper().replace("-", " ")
    assert accounts.factor.accepts("sari", typed)
    assert not accounts.factor.accepts("sari", typed)
    assert accounts.own("sari").recovery_codes == 9
    accounts.add("budi", "analyst", PASSWORD)
    set_up(region, accounts, "budi")
    assert not accounts.factor.accepts("budi", codes[4]), "another account's"


def test_neither_secret_nor_codes_stand_in_the_database(region: Region, accounts: Accounts) -> None:
    secret, codes = set_up(region, accounts)
    kept = repr(dump(region.hub_folder))
    for private in (secret, *codes, *(one.replace("-", "") for one in codes)):
        assert private not in kept


def test_a_secret_copied_to_another_account_opens_nothing(region: Region, accounts: Accounts) -> None:
    secret, _ = set_up(region, accounts)
    accounts.add("budi", "analyst", PASSWORD)
    sealed = User.select().where(User.name == "sari").get(accounts._db).totp_sealed
    User.update(totp_sealed=sealed).where(User.name == "budi").execute(accounts._db)
    assert not accounts.factor.accepts("budi", code(region, secret))


def test_signing_in_needs_both_and_codes_cannot_be_guessed(region: Region, accounts: Accounts) -> None:
    secret, _ = set_up(region, accounts)
    waiting = accounts.begin_session("sari")
    session = accounts.session(waiting)
    assert session is not None
    assert session.stage == "code"
    for _ in range(4):
        assert accounts.enter_code(waiting, "000000") is None
    assert accounts.sign_in("sari", PASSWORD) is not None, "the right password does not begin the count anew"
    assert accounts.enter_code(waiting, "000000") is None
    with pytest.raises(SignInSlowed):
        accounts.enter_code(waiting, code(region, secret))
    region.clock.advance(31)
    whole = accounts.enter_code(waiting, code(region, secret))
    assert whole is not None
    assert whole != waiting
    session = accounts.session(whole)
    assert session is not None
    assert session.stage == "whole"
    assert accounts.session(waiting) is None
    assert accounts.enter_code(whole, code(region, secret)) is None, "a whole session asks for no code"


def test_another_device_takes_the_password_too(region: Region) -> None:
    accounts = region.hub.store.accounts
    accounts.add("dewi", "analyst", "kentongan bertalu-talu")
    set_up(region, accounts, "dewi")
    right = code(region, accounts.second_factor_secret("dewi"))
    with pytest.raises(AccountRefused) as refused:
        accounts.confirm_second_factor("dewi", right, password="salah", session_id="")
    assert refused.value.why == "wrong"
    taken = accounts.confirm_second_factor("dewi", right, password="kentongan bertalu-talu", session_id="")
    assert taken is not None

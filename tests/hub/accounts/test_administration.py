"""An administrator changes accounts; nobody raises himself, and one administrator stays."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from village import Region

from hub.account_services import AccountRefused, UnknownAccount
from hub.accounts.administration import Administration
from hub.services import SignedIn

PASSWORD = "kentongan bertalu-talu"
KETUT = SignedIn("ketut", "administrator")


@pytest.fixture
def administration(region: Region) -> Administration:
    accounts = region.hub.store.accounts
    accounts.add("ketut", "administrator", PASSWORD)
    accounts.add("sari", "analyst", PASSWORD)
    return region.hub.store.administration


def noted(region: Region) -> list[tuple[str, str, str, str]]:
    return [
        (kept.entry.by, kept.entry.what, kept.entry.about, kept.entry.reason)
        for kept in region.hub.store.audit.entries()
    ]


def test_a_new_account_begins_with_a_one_time_password(
    region: Region, administration: Administration
) -> None:
    accounts = region.hub.store.accounts
    code = administration.create("budi", "supervisor", ("52.02",), by=KETUT)
    assert accounts.sign_in("budi", code) == SignedIn("budi", "supervisor", ("52.02",))
    session_id = accounts.begin_session("budi")
    session = accounts.session(session_id)
    assert session is not None
    assert session.stage == "setup"
    accounts.change_password("budi", code, PASSWORD, session_id=session_id)
    session = accounts.session(session_id)
    assert session is not None
    assert session.stage == "whole"
    assert accounts.sign_in("budi", code) is None
    with pytest.raises(AccountRefused, match="of that name"):
        administration.create("budi", "analyst", (), by=KETUT)


def test_each_change_is_noted_with_who_and_whom(region: Region, administration: Administration) -> None:
    before = len(noted(region))
    administration.change("sari", "supervisor", ("53", "52.02"), by=KETUT)
    administration.lock("sari", True, by=KETUT)
    administration.lock("sari", False, by=KETUT)
    administration.reset("sari", by=KETUT)
    administration.end_sessions("sari", by=KETUT)
    assert noted(region)[before:] == [
        ("ketut", "account changed", "account sari", "supervisor 52.02 53"),
        ("ketut", "account locked", "account sari", ""),
        ("ketut", "account unlocked", "account sari", ""),
        ("ketut", "account reset", "account sari", ""),
        ("ketut", "sessions ended", "account sari", ""),
    ]
    assert region.hub.store.accounts.account("sari") == SignedIn("sari", "supervisor", ("52.02", "53"))


CHANGES: list[Callable[[Administration, str, SignedIn], object]] = [
    lambda administration, name, by: administration.change(name, "administrator", (), by=by),
    lambda administration, name, by: administration.change(name, "analyst", (), by=by),
    lambda administration, name, by: administration.lock(name, True, by=by),
    lambda administration, name, by: administration.reset(name, by=by),
    lambda administration, name, by: administration.end_sessions(name, by=by),
]


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_himself_and_what_is_refused_is_not_noted(
    region: Region,
    administration: Administration,
    change: Callable[[Administration, str, SignedIn], object],
) -> None:
    before = noted(region)
    with pytest.raises(AccountRefused, match="own account"):
        change(administration, "ketut", KETUT)
    with pytest.raises(UnknownAccount):
        change(administration, "siapa", KETUT)
    assert noted(region) == before


def test_one_administrator_who_can_sign_in_stays(region: Region, administration: Administration) -> None:
    wayan = SignedIn("wayan", "administrator")
    with pytest.raises(AccountRefused, match="one administrator"):
        administration.lock("ketut", True, by="command line")
    with pytest.raises(AccountRefused, match="one administrator"):
        administration.change("ketut", "analyst", (), by="command line")
    with pytest.raises(AccountRefused, match="one administrator"):
        region.hub.store.accounts.add("ketut", "analyst", PASSWORD)
    account = region.hub.store.accounts.account("ketut")
    assert account == KETUT
    administration.create("wayan", "administrator", (), by=KETUT)
    administration.lock("ketut", True, by=wayan)
    with pytest.raises(AccountRefused, match="one administrator"):
        administration.change("wayan", "analyst", (), by="command line")


def test_two_administrators_who_lock_each_other_do_not_both_succeed(
    region: Region, administration: Administration
) -> None:
    region.hub.store.accounts.add("wayan", "administrator", PASSWORD)
    outcomes: list[str] = []

    def lock(name: str, by: str) -> None:
        try:
            administration.lock(name, True, by=SignedIn(by, "administrator"))
            outcomes.append("locked")
        except AccountRefused:
            outcomes.append("refused")

    threads = [threading.Thread(target=lock, args=pair) for pair in (("ketut", "wayan"), ("wayan", "ketut"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["locked", "refused"]


def test_a_reset_ends_sessions_and_unsets_the_second_factor(
    region: Region, administration: Administration
) -> None:
    import pyotp

    accounts = region.hub.store.accounts
    secret = accounts.second_factor_secret("sari")
    code = pyotp.TOTP(secret).at(int(region.clock.wall_s()))
    session_id = accounts.begin_session("sari")
    assert accounts.confirm_second_factor("sari", code, session_id=session_id)
    new = administration.reset("sari", by=KETUT)
    assert accounts.session(session_id) is None
    assert not administration.one("sari").second_factor
    assert administration.one("sari").recovery_codes == 0
    assert accounts.sign_in("sari", PASSWORD) is None
    assert accounts.sign_in("sari", new) is not None


@pytest.mark.parametrize(
    ("name", "role", "areas", "why"),
    [("", "analyst", (), "name"), ("x", "king", (), "role"), ("x", "analyst", ("99",), "area")],
)
def test_what_no_account_may_have_is_refused(
    administration: Administration, name: str, role: str, areas: tuple[str, ...], why: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        administration.create(name, role, areas, by=KETUT)
    assert refused.value.why == why


def test_an_administrator_of_an_area_handles_accounts_within_it_alone(
    region: Region, administration: Administration
) -> None:
    accounts = region.hub.store.accounts
    accounts.add("wayan", "administrator", "kentongan bertalu-talu", ["52.02"])
    accounts.add("dalam", "analyst", "kentongan bertalu-talu", ["52.02.08"])
    accounts.add("luar", "analyst", "kentongan bertalu-talu", ["11"])
    accounts.add("semua", "administrator", "kentongan bertalu-talu")
    wayan = SignedIn("wayan", "administrator", ("52.02",))
    administration.create("baru", "analyst", ("52.02.07",), by=wayan)
    administration.change("dalam", "supervisor", ("52.02",), by=wayan)
    administration.reset("dalam", by=wayan)
    for beyond in (
        lambda: administration.create("x", "supervisor", (), by=wayan),
        lambda: administration.create("x", "supervisor", ("52",), by=wayan),
        lambda: administration.change("dalam", "supervisor", (), by=wayan),
        lambda: administration.change("luar", "analyst", ("52.02",), by=wayan),
        lambda: administration.reset("semua", by=wayan),
        lambda: administration.lock("luar", True, by=wayan),
        lambda: administration.end_sessions("semua", by=wayan),
    ):
        with pytest.raises(AccountRefused) as refused:
            beyond()
        assert refused.value.why == "beyond"
    assert accounts.row("luar").areas == ("11",)
    assert not accounts.row("semua").must_change

"""Sessions as rows: known to every process, ended together, useless to who reads the database."""

from __future__ import annotations

import pytest
from village import Region, dump

from hub.accounts.accounts import Accounts
from hub.accounts.sessions import ABSOLUTE_LIMIT_S, IDLE_LIMIT_S, SessionRows
from hub.config import HubConfig
from hub.store_wiring import HubStore


@pytest.fixture
def accounts(region: Region) -> Accounts:
    accounts = region.hub.store.accounts
    accounts.add("sari", "analyst", "kentongan bertalu-talu")
    return accounts


@pytest.fixture
def rows(accounts: Accounts) -> SessionRows:
    return accounts.rows


def test_a_session_is_known_in_another_process_and_ends_there_too(region: Region, rows: SessionRows) -> None:
    other = HubStore(HubConfig(region.hub_folder), clock=region.clock)
    session_id = rows.begin("sari", "whole")
    assert other.accounts.session(session_id) is not None
    assert other.accounts.rows.end_all("sari") == 1
    other.close()
    assert rows.find(session_id) is None


def test_the_id_does_not_stand_in_the_database(region: Region, rows: SessionRows) -> None:
    session_id = rows.begin("sari", "whole")
    assert session_id not in repr(dump(region.hub_folder))


def test_it_ends_after_half_an_hour_idle_and_after_twelve_hours(region: Region, rows: SessionRows) -> None:
    session_id = rows.begin("sari", "whole")
    for _ in range(int(ABSOLUTE_LIMIT_S / 1500) - 1):
        region.clock.advance(1500)
        assert rows.find(session_id) == ("sari", "whole")
        rows.note_activity(session_id)
    region.clock.advance(2000)
    assert rows.find(session_id) is None
    idle = rows.begin("sari", "whole")
    region.clock.advance(IDLE_LIMIT_S)
    assert rows.find(idle) is None
    assert len(rows.of("sari")) == 0


def test_rows_of_ended_sessions_go_with_the_next_sign_in(region: Region, rows: SessionRows) -> None:
    for _ in range(3):
        rows.begin("sari", "whole")
    region.clock.advance(IDLE_LIMIT_S + 1)
    rows.begin("sari", "whole")
    assert len(dump(region.hub_folder)["user_session"]) == 1


def test_all_but_one_can_be_ended(rows: SessionRows) -> None:
    ids = [rows.begin("sari", "whole") for _ in range(3)]
    others = rows.begin("budi", "whole")
    assert [one.this for one in rows.of("sari", own=ids[0])].count(True) == 1
    assert rows.end_all("sari", but=ids[0]) == 2
    assert [rows.find(one) is None for one in ids] == [False, True, True]
    assert rows.find(others) is not None


def test_finishing_a_set_up_lets_no_session_in_that_waits_for_a_code(rows: SessionRows) -> None:
    waiting, setting_up = rows.begin("sari", "code"), rows.begin("sari", "setup")
    rows.finish_setup("sari")
    assert rows.find(waiting) == ("sari", "code")
    assert rows.find(setting_up) == ("sari", "whole")


def test_a_locked_account_is_out_at_once(region: Region, accounts: Accounts, rows: SessionRows) -> None:
    session_id = rows.begin("sari", "whole")
    region.hub.store.administration.lock("sari", True, by="command line")
    assert accounts.session(session_id) is None
    assert accounts.sign_in("sari", "kentongan bertalu-talu") is None
    region.hub.store.administration.lock("sari", False, by="command line")
    assert accounts.session(session_id) is None, "the session ended, it did not wait"
    assert accounts.sign_in("sari", "kentongan bertalu-talu") is not None

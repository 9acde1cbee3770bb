"""Clocks that people open, that withdrawals open, and what closes them."""

from __future__ import annotations

import pytest
from inbox_arrivals import BUDI, SARI, arrive, noted
from linked_reports import LinkedReports
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.retention.clocks import CLOCK_S, HOUR_S
from hub.retention.rights import Rights, about_of
from hub.retention.rights_services import Breach, UnknownClock
from hub.retention.services import RetentionRefused
from hub.services import SignedIn
from sync.wire.numbers import WithdrawalReason

LOCAL = SignedIn("komang", "supervisor", areas=(VILLAGE[:5],))
TOKEN = "00112233445566778899aabbccddeef"


@pytest.fixture
def rights(region: Region) -> Rights:
    return region.hub.store.rights


def running(rights: Rights, who: SignedIn = BUDI) -> list[tuple[str, str]]:
    rows, count = rights.running(limit=99, who=who)
    assert count == len(rows)
    return [(row.kind, row.ref) for row in rows]


def withdraw(region: Region, village: str = VILLAGE) -> str:
    taken = region.file("cerita", village)
    region.exchange(village)
    assert taken.code is not None
    region.node(village).withdraw_report(taken.code, WithdrawalReason.MISTAKE, form_token=TOKEN + "1")
    region.exchange(village)
    assert taken.envelope_id is not None
    return taken.envelope_id


def test_a_withdrawal_opens_its_clock_once_and_forgetting_closes_it(region: Region, rights: Rights) -> None:
    one = withdraw(region)
    region.exchange()
    assert running(rights) == [("withdrawal", one)]
    [row] = rights.running(limit=9, who=BUDI)[0]
    view = region.hub.store.work.view(one).withdrawal
    assert view is not None
    assert (row.due_at, row.way) == (view.stop_until, "village")
    rights.open("access", one, "phone", None, None, who=BUDI)
    region.hub.store.forgetting.forget([one], by=BUDI, reason="ditarik")
    assert running(rights) == [("access", one)]  # whoever asked still waits for an answer
    [done] = rights.closed(limit=9, who=BUDI)
    assert (done.kind, done.closed_how) == ("withdrawal", "forgotten")
    assert ("retention", "right opened withdrawal", f"report {one}") in noted(region)
    assert ("retention", "right closed withdrawal", f"report {one}") in noted(region)


def test_overdue_ones_lead_and_a_day_ahead_it_is_said(region: Region, rights: Rights) -> None:
    [one, other] = arrive(region, "satu", "dua")
    late = rights.open("correction", other, "letter", region.clock.wall_s() - CLOCK_S - 60, None, who=BUDI)
    rights.open("access", one, "visit", None, None, who=BUDI)
    assert running(rights) == [("correction", other), ("access", one)]
    now = region.clock.wall_s()
    assert rights.soon(now, who=BUDI) == (1, rights.one(late, who=BUDI).due_at)
    assert rights.soon(now + 49 * HOUR_S, who=BUDI) == (2, rights.one(late, who=BUDI).due_at)
    rights.close(late, "Nama diperbaiki", who=BUDI)
    assert rights.soon(now, who=BUDI) is None
    [done] = rights.closed(limit=9, who=BUDI)
    assert (done.closed_by, done.close_reason, done.closed_how) == ("budi", "Nama diperbaiki", "reason")
    with pytest.raises(RetentionRefused, match="sudah selesai"):
        rights.close(late, "lagi", who=BUDI)
    assert ("budi", "right closed correction", f"report {other}") in noted(region)


def test_a_clock_that_was_set_back_moves_no_due_time(region: Region, rights: Rights) -> None:
    number = rights.open("access", "", "mail", None, None, who=BUDI)
    due = rights.one(number, who=BUDI).due_at
    assert rights.soon(due - 300 * 24 * HOUR_S, who=BUDI) is None
    assert rights.soon(due + 300 * 24 * HOUR_S, who=BUDI) == (1, due)
    assert rights.one(number, who=BUDI).due_at == due


def test_a_breach_asks_what_was_affected_and_can_be_told_better(region: Region, rights: Rights) -> None:
    with pytest.raises(RetentionRefused, match="data apa"):
        rights.open("breach", "", "found", None, Breach(" "), who=BUDI)
    number = rights.open("breach", "", "found", None, Breach("12 laporan"), who=BUDI)
    rights.tell_breach(number, Breach("14 laporan", "komputer hilang"), who=BUDI)
    assert rights.one(number, who=BUDI).breach == Breach("14 laporan", "komputer hilang")
    other = rights.open("access", "", "mail", None, Breach("x"), who=BUDI)
    assert rights.one(other, who=BUDI).breach is None
    with pytest.raises(RetentionRefused, match="Hanya kebocoran"):
        rights.tell_breach(other, Breach("x"), who=BUDI)


def test_what_is_not_here_or_makes_no_sense_is_refused(region: Region, rights: Rights) -> None:
    [one] = arrive(region, "satu")
    now = region.clock.wall_s()
    for kind, ref, way, at, problem in (
        ("sale", one, "mail", None, "daftar"),
        ("access", one, "dove", None, "cara"),
        ("withdrawal", "", "mail", None, "nomor laporannya"),
        ("access", "2099-0001", "mail", None, "Tidak ada"),
        ("access", "99", "mail", None, "Tidak ada"),
        ("access", "ffffffffffffffff.0.9", "mail", None, "Tidak ada"),
        ("access", one, "mail", now + 7200, "belum lewat"),
        ("access", one, "mail", now - 40 * 24 * HOUR_S, "30 hari"),
    ):
        with pytest.raises(RetentionRefused, match=problem):
            rights.open(kind, ref, way, at, None, who=BUDI)
    assert [about_of(ref) for ref in ("", "7", "2027-0012", one)] == ["hub", "person", "case", "report"]


def test_an_account_sees_and_closes_its_areas_alone(region: Region, rights: Rights) -> None:
    here, there = withdraw(region), withdraw(region, OTHER_VILLAGE)
    cases = region.hub.store.cases
    case = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(case, [there], who=SARI)
    rights.open("access", case, "agency", None, None, who=BUDI)
    whole = rights.open("breach", "", "found", None, Breach("semua"), who=BUDI)
    assert running(rights, LOCAL) == [("withdrawal", here), ("breach", "")]
    assert rights.one(whole, who=LOCAL).kind == "breach"
    [hidden] = [row for row in rights.running(limit=9, who=BUDI)[0] if row.ref == there]
    with pytest.raises(UnknownClock):
        rights.close(hidden.number, "x", who=LOCAL)
    for ref in (there, case):
        with pytest.raises(RetentionRefused, match="Tidak ada"):
            rights.open("access", ref, "mail", None, None, who=LOCAL)
    cases.add_reports(case, [here], who=SARI)
    assert ("access", case) in running(rights, LOCAL)


def test_clocks_of_a_person_are_seen_with_one_of_its_reports_and_end_with_the_correction(
    region: Region, rights: Rights
) -> None:
    linked = LinkedReports(region)
    first, second, _ = linked.three_villages()
    person = region.hub.store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    rights.open("correction", str(person), "agency", None, None, who=BUDI)
    rights.open("access", str(person), "agency", None, None, who=BUDI)
    nobody = SignedIn("wayan", "supervisor", areas=("11",))
    assert (len(running(rights)), running(rights, nobody)) == (2, [])
    seen = SignedIn("made", "supervisor", areas=(VILLAGE,))
    assert len(running(rights, seen)) == 2
    region.hub.store.writer.run(lambda: rights.corrected(person, BUDI))
    assert running(rights) == [("access", str(person))]
    assert [row.closed_how for row in rights.closed(limit=9, who=BUDI)] == ["corrected"]

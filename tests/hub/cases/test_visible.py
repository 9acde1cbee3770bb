"""An account of an area sees the cases of its area, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.cases.case_services import UnknownCase
from hub.cases.cases import CASE_STATES, Cases
from hub.cases.services import InboxChoice
from hub.exports.api_reading import ANY_STATE
from hub.exports.services import ExportChoice
from hub.referrals.services import UnknownReferral
from hub.retention.services import RetentionRefused
from hub.services import SignedIn

FAR = SignedIn("wati", "supervisor", ("53",))
NEAR = SignedIn("komang", "supervisor", (VILLAGE[:5],))


@pytest.fixture
def cases(region: Region) -> Cases:
    return region.hub.store.cases


def test_reports_of_other_areas_are_counted_and_not_shown(region: Region, cases: Cases) -> None:
    [here] = arrive(region, "di sini")
    [there] = arrive(region, "di sana", village=OTHER_VILLAGE)
    both, one = cases.open("A", who=SARI), cases.open("B", who=SARI)
    cases.add_reports(both, [there], who=SARI)
    cases.add_reports(one, [here], who=SARI)
    local = SignedIn("wati", "analyst")
    object.__setattr__(local, "areas", ("53",))
    assert [row.number for row in cases.rows("open", before=None, limit=9, who=local)[0]] == [both]
    with pytest.raises(UnknownCase):
        cases.view(one, who=local)
    assert cases.add_reports(both, [here], who=local).refused == {here: "Tidak ada laporan ini."}
    cases.take_out(one, here, "pindah", who=SARI)
    cases.add_reports(both, [here], who=SARI)
    view = cases.view(both, who=local)
    assert [row.report.id for row in view.reports] == [there]
    assert view.elsewhere == 1


def found(region: Region, number: str, who: SignedIn) -> bool:
    """Return whether an account finds a case; every way to cases must say the same."""
    store = region.hub.store

    def exported() -> bool:
        files = [
            store.sharing.exports.table(
                ExportChoice("cases", "csv", InboxChoice(), state, True, "perkara"), who=who
            )
            for state in CASE_STATES
        ]
        return any(f"{number}," in b"".join(file.pieces).decode() for file in files)

    def noticed(ask: Callable[[], object]) -> bool:
        try:
            ask()
        except (UnknownCase, UnknownReferral, RetentionRefused):
            return False
        return True

    asked = {"state": ANY_STATE, "number": number}
    store.rights.open("access", number, "phone", None, None, who=SARI)
    pages = [store.cases.rows(state, before=None, limit=9, who=who)[0] for state in CASE_STATES]
    listed = [row.number for page in pages for row in page]
    ways = {
        "list": number in listed,
        "page": noticed(lambda: store.cases.view(number, who=who)),
        "export": exported(),
        "program": bool(store.sharing.programs.read("cases", asked, 9, who=who).items),
        "program, one": store.sharing.programs.one("cases", {"number": number}, who=who) is not None,
        "right": noticed(lambda: store.rights.open("access", number, "phone", None, None, who=who)),
        "rights": number in [row.ref for row in store.rights.running(limit=99, who=who)[0]],
        "referral": noticed(lambda: store.sharing.referrals.draft(f"case {number}", who=who)),
    }
    assert len(set(ways.values())) == 1, ways
    return ways["list"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_merged_case_is_seen_where_it_went(region: Region, cases: Cases, times: int) -> None:
    [here] = arrive(region, "di sini")
    source = last = cases.open("Nama pelaku", who=SARI)
    cases.add_reports(source, [here], who=SARI)
    for _ in range(times):
        target = cases.open("B", who=SARI)
        cases.merge(last, target, "orang yang sama", who=SARI)
        last = target
    assert not found(region, source, FAR)
    assert found(region, source, NEAR)
    assert found(region, source, BUDI)
    assert not found(region, last, FAR)


def test_a_case_whose_reports_were_taken_out_is_seen_by_who_opened_it(region: Region, cases: Cases) -> None:
    [here] = arrive(region, "di sini")
    opened_near = cases.open("Nama pelaku", who=NEAR)
    cases.add_reports(opened_near, [here], who=NEAR)
    cases.take_out(opened_near, here, "keliru", who=NEAR)
    assert found(region, opened_near, NEAR)
    assert not found(region, opened_near, FAR)
    assert not found(region, opened_near, replace(NEAR, name="lain"))
    assert found(region, opened_near, BUDI)
    assert found(region, cases.open("Belum berisi", who=SARI), FAR)


def test_a_case_that_gave_back_what_it_took_in_is_nobody_elses(region: Region, cases: Cases) -> None:
    [here] = arrive(region, "di sini")
    source, target = cases.open("A", who=SARI), cases.open("B", who=SARI)
    cases.add_reports(source, [here], who=SARI)
    cases.merge(source, target, "orang yang sama", who=SARI)
    [merge] = cases.view(target, who=SARI).merges
    cases.undo_merge(target, merge.id, "ternyata lain", who=SARI)
    assert not found(region, target, FAR)
    assert found(region, source, NEAR)

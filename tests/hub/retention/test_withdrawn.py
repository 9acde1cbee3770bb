"""A report that was taken back by a letter or a call stops as one that was taken back in the village."""

from __future__ import annotations

import pytest
from inbox_arrivals import BUDI, SARI, arrive, listed
from referral_desk import KETUT, ReferralDesk
from village import Region

from hub.cases.states import StepRefused
from hub.picture_counts import PictureCounts
from hub.retention.withdrawn import asked_back, withdrawn_among
from hub.services import SignedIn


def ask_back(region: Region, report: str, who: SignedIn = BUDI) -> int:
    return region.hub.store.rights.open("withdrawal", report, "letter", None, None, who=who)


def test_a_request_by_letter_counts_for_good(region: Region) -> None:
    one, other = arrive(region, "satu", "dua")
    store = region.hub.store
    assert asked_back(store.database, one) is None
    number = ask_back(region, one)
    store.rights.open("access", other, "letter", None, None, who=BUDI)
    assert withdrawn_among(store.database, [one, other]) == {one}
    store.rights.close(number, "Dihentikan di semua tempat", who=BUDI)
    assert withdrawn_among(store.database, [one, other]) == {one}
    found = asked_back(store.database, one)
    assert found is not None
    assert found.stop_until > found.received_at == region.clock.wall_s()


def test_no_referral_is_made_or_approved(region: Region) -> None:
    desk, referrals = ReferralDesk(region), region.hub.store.sharing.referrals
    waiting = desk.arrive(reporter={"refer": False})
    name = desk.refer(waiting)
    ask_back(region, waiting)
    with pytest.raises(StepRefused, match="menarik"):
        referrals.approve(name, who=KETUT)
    assert referrals.draft(f"report {waiting}", who=SARI).withdrawn
    with pytest.raises(StepRefused, match="menarik"):
        desk.refer(waiting)


def test_the_inbox_says_so_and_nobody_waits_for_an_answer(region: Region) -> None:
    one, other = arrive(region, "satu", "dua")
    ask_back(region, one)
    assert {row.id: row.withdrawn for row in listed(region)} == {one: True, other: False}
    for report in (one, other):
        region.hub.store.work.show_report(report, by=SARI)
    pictures = PictureCounts(
        region.hub.store.database, region.hub.store.week_counts, region.hub.store.early.flows
    )
    numbers = pictures.wall(region.clock.wall_s(), SARI)
    assert (numbers.unread, numbers.waiting) == (0, 1)


def test_an_export_says_so(region: Region) -> None:
    one, other = arrive(region, "satu", "dua")
    ask_back(region, one)
    records = region.hub.store.sharing.exports.report_records([one, other], BUDI)
    assert [(record.id, record.withdrawn) for record in records] == [(one, True), (other, False)]


def test_the_view_of_the_report_says_so(region: Region) -> None:
    one, other = arrive(region, "satu", "dua")
    ask_back(region, one)
    work = region.hub.store.work
    assert work.view(other).asked_back is None
    assert work.view(one).asked_back == asked_back(region.hub.store.database, one)

"""Agencies as administrators keep them."""

from __future__ import annotations

import pytest
from inbox_arrivals import noted
from referral_desk import AGENCY, KETUT, ReferralDesk
from village import Region

from hub.cases.states import StepRefused
from hub.referrals.services import UnknownReferral


def test_an_agency_is_kept_and_changed(region: Region) -> None:
    partners = region.hub.store.sharing.partners
    number = partners.save(None, "  UPTD  PPA ", "ppa", "0370-0000", "52.02", True, who=KETUT)
    assert partners.save(number, "UPTD PPA Lombok", "ppa", "", "", False, who=KETUT) == number
    row = partners.one(number)
    assert (row.name, row.kind, row.contact, row.area, row.active) == (
        "UPTD PPA Lombok",
        "ppa",
        "",
        "",
        False,
    )
    partners.save(None, "Akhir", "lpsk", "", "", True, who=KETUT)
    assert [row.name for row in partners.all()] == ["Akhir", "UPTD PPA Lombok"]
    assert noted(region)[:2] == [
        ("ketut", "agency made", f"agency {number}"),
        ("ketut", "agency changed", f"agency {number}"),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        ("", "ppa", "", ""),
        ("x" * 121, "ppa", "", ""),
        ("x", "fbi", "", ""),
        ("x", "ppa", "x" * 301, ""),
        ("x", "ppa", "", "99"),
    ],
)
def test_what_is_wrong_is_refused(region: Region, typed: tuple[str, str, str, str]) -> None:
    with pytest.raises(StepRefused):
        region.hub.store.sharing.partners.save(None, *typed, True, who=KETUT)
    assert region.hub.store.sharing.partners.all() == []


def test_an_account_belongs_to_one_agency_at_most(region: Region) -> None:
    desk = ReferralDesk(region)
    partners = region.hub.store.sharing.partners
    region.hub.store.accounts.add("sari", "analyst", "kentongan bertalu")
    for user in (AGENCY.name, "sari", "siapa"):
        with pytest.raises(StepRefused, match="lembaga mitra"):
            partners.set_account(desk.other, user, True, who=KETUT)
    partners.set_account(desk.police, AGENCY.name, False, who=KETUT)
    assert partners.free_accounts() == [AGENCY.name]
    assert partners.agency(who=AGENCY) is None
    partners.set_account(desk.other, AGENCY.name, True, who=KETUT)
    assert partners.one(desk.other).accounts == ("lpsk", AGENCY.name)
    for call in (
        lambda: partners.set_account(99, AGENCY.name, True, who=KETUT),
        lambda: partners.save(99, "x", "ppa", "", "", True, who=KETUT),
        lambda: partners.one(99),
    ):
        with pytest.raises(UnknownReferral):
            call()

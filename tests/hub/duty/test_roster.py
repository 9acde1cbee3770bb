"""Who may change what of the plan: by areas, noted, and refused with what is allowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from duty_people import BUDI, KETUT, SARI, WEEK, account
from inbox_arrivals import noted
from village import Region

from hub.duty.plan import DutyRefused
from hub.services import SignedIn

LOMBOK = SignedIn("lombok", "supervisor", ("52",))


@pytest.fixture
def people(region: Region) -> None:
    account(region, "sari", "analyst")
    account(region, "wayan", "analyst", "52.02")
    account(region, "ani", "analyst", "53")
    account(region, "auni", "auditor")


def test_a_supervisor_of_an_area_plans_for_people_of_that_area_alone(region: Region, people: None) -> None:
    duty = region.hub.store.duty
    duty.add_shifts("wayan", 1, WEEK, (450, 960), False, by=LOMBOK)
    for name in ("sari", "ani", "auni", "nobody", ""):
        with pytest.raises(DutyRefused, match="wilayah Anda"):
            duty.add_shifts(name, 1, [0], (450, 960), False, by=LOMBOK)
        with pytest.raises(DutyRefused, match="wilayah Anda"):
            duty.set_contact(name, "", "", by=LOMBOK)
    day = (duty.plan.local_now().date() + timedelta(1)).isoformat()
    with pytest.raises(DutyRefused, match="seluruh kantor"):
        duty.add_change(day, None, None, by=LOMBOK)
    for name in ("sari", "ani"):
        duty.add_shifts(name, 2, [0], (0, 60), False, by=KETUT)
    seen = duty.roster(who=LOMBOK)
    assert {kept.shift.account: kept.editable for kept in seen.shifts} == {"wayan": True, "sari": False}
    assert seen.editable == ("wayan",)
    assert [contact.account for contact in seen.contacts] == ["wayan"]
    foreign = [kept.number for kept in duty.roster(who=KETUT).shifts if kept.shift.account == "ani"]
    with pytest.raises(DutyRefused):
        duty.remove_shift(foreign[0], by=LOMBOK)


def test_an_analyst_sees_the_plan_and_no_addresses(region: Region, people: None) -> None:
    duty = region.hub.store.duty
    duty.add_shifts("wayan", 1, [0], (450, 960), False, by=KETUT)
    duty.set_contact("wayan", "wayan@kantor.example", "", by=KETUT)
    seen = duty.roster(who=SARI)
    assert len(seen.shifts) == 1
    assert (seen.contacts, seen.editable, seen.whole_office) == ((), (), False)


def test_every_change_is_noted_and_a_double_click_changes_once(region: Region, people: None) -> None:
    duty = region.hub.store.duty
    day = duty.plan.local_now().date().isoformat()
    for _ in range(2):
        duty.add_shifts("sari", 1, [0, 1], (450, 960), False, by=BUDI)
        duty.add_change(day, None, None, by=BUDI)
        duty.add_change(day, "sari", (1, 0, 60, False), by=BUDI)
    duty.set_contact("sari", " sari@kantor.example ", "0812\u20110000\u20133141", by=BUDI)
    seen = duty.roster(who=BUDI)
    assert len(seen.shifts) == 2
    assert [(kept.account, kept.shift is None) for kept in seen.changes] == [(None, True), ("sari", False)]
    for kept in seen.changes:
        duty.remove_change(kept.number, by=BUDI)
    duty.remove_shift(seen.shifts[0].number, by=BUDI)
    duty.remove_shift(seen.shifts[0].number, by=BUDI)
    assert noted(region) == [
        ("budi", "duty shift added", "account sari"),
        ("budi", "duty day added", "duty plan"),
        ("budi", "duty day added", "account sari"),
        ("budi", "duty contact set", "account sari"),
        ("budi", "duty day removed", "duty plan"),
        ("budi", "duty day removed", "account sari"),
        ("budi", "duty shift removed", "account sari"),
    ]
    assert duty.plan.contact_of("sari").phone == "081200003141"


def test_what_no_message_could_reach_is_refused(region: Region, people: None) -> None:
    duty = region.hub.store.duty
    for mail in ("sari", "a@b@c", "a@b\nBcc: x@y", "sari@kantor.example, x@y.example"):
        with pytest.raises(DutyRefused, match="surel"):
            duty.set_contact("sari", mail, "", by=KETUT)
    for phone in ("-x", "123", "+62 812 0000 3141 99999", "abc"):
        with pytest.raises(DutyRefused, match="angka"):
            duty.set_contact("sari", "", phone, by=KETUT)
    with pytest.raises(DutyRefused, match="satu hari"):
        duty.add_shifts("sari", 1, [], (0, 60), False, by=KETUT)

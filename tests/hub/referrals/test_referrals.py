"""Referrals from the choice to the answer: frozen, approved, corrected, withdrawn, late, noted."""

from __future__ import annotations

import datetime
import json

import pytest
from inbox_arrivals import BUDI, SARI, noted
from referral_desk import AGENCY, EVERYTHING, KETUT, OTHER_AGENCY, ReferralDesk
from village import OTHER_VILLAGE, VILLAGE, Region, dump, report

from hub.cases.states import StepRefused
from hub.referrals.dossier import CONSENT, LAW, Basis, canonical, hash_of
from hub.referrals.forgetting import forget
from hub.referrals.referrals import Referrals
from hub.referrals.services import UnknownReferral
from hub.services import SignedIn
from sync.wire.numbers import WithdrawalReason

NOT_TO = {"refer": False}
NEAR = SignedIn("jauh", "analyst", (OTHER_VILLAGE[:5],))


@pytest.fixture
def desk(region: Region) -> ReferralDesk:
    return ReferralDesk(region)


@pytest.fixture
def referrals(region: Region) -> Referrals:
    return region.hub.store.sharing.referrals


def steps(region: Region, name: str) -> list[tuple[str, str]]:
    return [(step.by, step.what) for step in region.hub.store.sharing.referrals.view(name, who=SARI).history]


def test_what_was_sent_stays_and_its_hash_is_in_the_log(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    report = desk.arrive()
    name = desk.refer(report)
    view = referrals.view(name, who=SARI)
    assert hash_of(canonical(view.content)) == view.sha256
    entries = [kept.entry for kept in region.hub.store.audit.entries()]
    sent = {(entry.about, entry.reason) for entry in entries if entry.what == "referral sent"}
    assert sent == {(f"referral {name}", f"sha256 {view.sha256}"), (f"report {report}", name)}
    # The case and the agency change; what was sent does not.
    region.hub.store.sharing.partners.save(desk.police, "Nama Lain", "polri", "", "", True, who=KETUT)
    region.clock.advance(86_400)
    assert referrals.view(name, who=SARI).content == view.content
    assert not [entry for entry in entries if "Melati" in json.dumps(entry.to_json())]


def test_what_changed_since_the_preview_is_not_sent(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    report = desk.arrive()
    preview = referrals.preview(f"report {report}", desk.choices(), None, who=SARI)
    before = dump(region.hub_folder)
    with pytest.raises(StepRefused, match="berubah"):
        referrals.make(f"report {report}", desk.choices(purpose="Lain"), None, preview.seen, who=SARI)
    with pytest.raises(StepRefused, match="lembaga"):
        referrals.preview(f"report {report}", desk.choices(partner=99), None, who=SARI)
    said = Basis(CONSENT, "report", "reporter", desk.today)
    referrals.preview(f"report {report}", desk.choices(basis=said), None, who=SARI)
    assert dump(region.hub_folder) == before


def test_who_asked_not_to_be_passed_on_needs_a_second_person(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    report = desk.arrive(reporter=NOT_TO)
    with pytest.raises(StepRefused, match="formulir"):
        desk.refer(report, basis=Basis(CONSENT, "report", "reporter", desk.today))
    name = desk.refer(report, who=BUDI)
    assert referrals.view(name, who=BUDI).row.state == "waiting"
    assert region.hub.store.sharing.agency_desk.agency_rows(who=AGENCY) == []
    with pytest.raises(UnknownReferral):
        region.hub.store.sharing.agency_desk.agency_view(name, who=AGENCY)
    for who in (BUDI, SARI):
        assert not referrals.view(name, who=who).may_approve
        with pytest.raises(StepRefused, match="lain"):
            referrals.approve(name, who=who)
    assert referrals.view(name, who=KETUT).may_approve
    referrals.approve(name, who=KETUT)
    assert [row.name for row in region.hub.store.sharing.agency_desk.agency_rows(who=AGENCY)] == [name]
    with pytest.raises(StepRefused):
        referrals.approve(name, who=KETUT)
    assert steps(region, name) == [("budi", "proposed"), ("ketut", "approved")]
    second = desk.refer(report)
    with pytest.raises(StepRefused, match="alasan"):
        referrals.decline(second, " ", who=BUDI)
    referrals.decline(second, "belum perlu", who=BUDI)
    assert [row.name for row in region.hub.store.sharing.agency_desk.agency_rows(who=AGENCY)] == [name]


def test_a_case_with_one_who_asked_not_to_waits_too(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    cases = region.hub.store.cases
    case = cases.open("Batam", who=SARI)
    with pytest.raises(StepRefused, match="belum berisi"):
        desk.refer(case)
    cases.add_reports(case, [desk.arrive(), desk.arrive(reporter=NOT_TO)], who=SARI)
    cases.add_person(case, "Pak Wayan", "0812-0000-4321", "calo", who=SARI)
    name = desk.refer(case)
    view = referrals.view(name, who=SARI)
    assert view.row.state == "waiting"
    assert [report["name"] for report in view.content["reports"]] == ["2027-0001/1", "2027-0001/2"]
    assert ["case.people", "Kasus", "Orang yang diperhatikan", "Pak [disamarkan], [disamarkan], calo"] in (
        view.content["case"]["lines"]
    )
    referrals.approve(name, who=BUDI)
    region.hub.store.sharing.agency_desk.answer(name, "taken", "", who=AGENCY)
    history = [(step.what, step.detail) for step in cases.view(case, who=SARI).history][-3:]
    told = f"{name}, Polres Contoh"
    assert history == [("referral proposed", told), ("referral approved", told), ("referral taken", told)]


def test_what_a_reporter_took_back_is_referred_no_more(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    taken = region.node().take_report(report("Melati dibawa", reporter=NOT_TO), form_token="a" * 32)
    region.settle()
    assert taken.envelope_id is not None
    assert taken.code is not None
    name = desk.refer(taken.envelope_id)
    region.node().withdraw_report(taken.code, WithdrawalReason.FEAR, form_token="b" * 32)
    region.settle()
    with pytest.raises(StepRefused, match="menarik"):
        desk.refer(taken.envelope_id)
    with pytest.raises(StepRefused, match="menarik"):
        referrals.approve(name, who=BUDI)
    assert referrals.draft(f"report {taken.envelope_id}", who=SARI).withdrawn


def test_a_correction_is_a_new_version_that_names_the_old(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    report = desk.arrive()
    first = desk.refer(report, hidden=())
    about, choices = referrals.choices_of(first, who=SARI)
    assert (about, choices) == (f"report {report}", desk.choices(hidden=()))
    second = desk.refer(report, replaces=first)
    assert (first, second) == ("2027-0001.1", "2027-0001.2")
    view = referrals.view(second, who=SARI)
    assert (view.content["version"], view.content["replaces"], view.latest) == (2, first, True)
    old = referrals.view(first, who=SARI)
    assert (old.row.state, old.latest) == ("replaced", False)
    assert "Melati" in canonical(old.content), "what was sent stays"
    assert region.hub.store.sharing.agency_desk.agency_view(first, who=AGENCY).content == {}
    with pytest.raises(UnknownReferral):
        region.hub.store.sharing.agency_desk.agency_file(first, "json", who=AGENCY)
    with pytest.raises(StepRefused, match="diganti"):
        desk.refer(report, replaces=first)
    with pytest.raises(StepRefused, match="lembaga yang sama"):
        desk.refer(report, desk.other, replaces=second)
    assert desk.refer(report) == "2027-0002.1"


def test_a_withdrawn_referral_is_closed_to_the_agency(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    name = desk.refer(desk.arrive())
    with pytest.raises(StepRefused, match="alasan"):
        referrals.withdraw(name, "", who=SARI)
    referrals.withdraw(name, "keliru", who=SARI)
    view = region.hub.store.sharing.agency_desk.agency_view(name, who=AGENCY)
    assert (view.row.state, view.content) == ("withdrawn", {})
    assert view.history[-1].text == "keliru"
    with pytest.raises(UnknownReferral):
        region.hub.store.sharing.agency_desk.agency_file(name, "csv", who=AGENCY)
    with pytest.raises(StepRefused, match="ditarik"):
        region.hub.store.sharing.agency_desk.answer(name, "answered", "ya", who=AGENCY)
    with pytest.raises(StepRefused):
        referrals.withdraw(name, "lagi", who=SARI)


def test_late_referrals_head_the_work_list(region: Region, desk: ReferralDesk, referrals: Referrals) -> None:
    report = desk.arrive()
    due = desk.today
    names = [desk.refer(report, due=due + datetime.timedelta(days)) for days in (5, 1, 1, 0)]
    assert referrals.late(who=SARI) == 0
    region.clock.advance(2 * 86_400)
    rows, following = referrals.rows("late", after=None, limit=2, who=SARI)
    assert [row.name for row in rows] == [names[3], names[1]]
    assert all(row.late for row in rows)
    rows, end = referrals.rows("late", after=following, limit=2, who=SARI)
    assert ([row.name for row in rows], end) == ([names[2]], None)
    region.hub.store.sharing.agency_desk.answer(names[3], "answered", "sudah", who=AGENCY)
    region.hub.store.sharing.agency_desk.answer(names[1], "taken", "", who=AGENCY)
    assert referrals.late(who=SARI) == 2
    assert [row.name for row in referrals.rows("open", after=None, limit=9, who=SARI)[0]] == [
        *(names[1], names[2], names[0]),
    ]
    assert [row.name for row in referrals.rows("done", after=None, limit=9, who=SARI)[0]] == [names[3]]


def test_an_agency_sees_and_answers_its_own_alone_and_every_look_is_noted(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    ours, report = region.hub.store.sharing.agency_desk, desk.arrive()
    name, other = desk.refer(report), desk.refer(report, desk.other)
    assert [row.name for row in ours.agency_rows(who=AGENCY)] == [name]
    stranger = SignedIn("asing", "agency")
    for who, which in ((AGENCY, other), (OTHER_AGENCY, name), (stranger, name), (AGENCY, "2099-0001.1")):
        for look in (
            lambda: ours.agency_view(which, who=who),  # noqa: B023
            lambda: ours.agency_file(which, "csv", who=who),  # noqa: B023
            lambda: ours.answer(which, "answered", "x", who=who),  # noqa: B023
        ):
            with pytest.raises(UnknownReferral):
                look()
    assert (ours.agency(who=stranger), ours.agency_rows(who=stranger)) == (None, [])
    with pytest.raises(UnknownReferral):
        ours.agency_file(name, "exe", who=AGENCY)
    ours.agency_view(name, who=AGENCY)
    ours.agency_view(name, who=AGENCY)
    ours.agency_file(name, "json", who=AGENCY)
    for what, text in (("x", "x"), ("answered", ""), ("refused", " "), ("answered", "x" * 2001)):
        with pytest.raises(StepRefused):
            ours.answer(name, what, text, who=AGENCY)
    ours.answer(name, "taken", "", who=AGENCY)
    ours.answer(name, "refused", "bukan wilayah kami", who=AGENCY)
    with pytest.raises(StepRefused):
        ours.answer(name, "answered", "x", who=AGENCY)
    about, told = f"referral {name}", f"report {report}"
    assert [(what, of) for by, what, of in noted(region) if by == AGENCY.name] == [
        ("referrals listed", "account polres"),
        *(("referral opened", about), ("referral opened", told)),
        *(("referral read", about), ("referral downloaded", about)),
        *(("referral taken", about), ("referral taken", told)),
        *(("referral refused", about), ("referral refused", told)),
    ]
    last = referrals.view(name, who=SARI).history[-1]
    assert (last.by, last.what, last.text) == (AGENCY.name, "refused", "bukan wilayah kami")


def test_an_agency_that_is_not_used_any_more_sees_nothing(region: Region, desk: ReferralDesk) -> None:
    name = desk.refer(desk.arrive())
    region.hub.store.sharing.partners.save(desk.police, "Polres", "polri", "", "", False, who=KETUT)
    with pytest.raises(UnknownReferral):
        region.hub.store.sharing.agency_desk.agency_view(name, who=AGENCY)


def test_areas_hold_for_referrals(region: Region, desk: ReferralDesk, referrals: Referrals) -> None:
    cases = region.hub.store.cases
    case = cases.open("Dua desa", who=SARI)
    here, there = desk.arrive(VILLAGE), desk.arrive(OTHER_VILLAGE)
    cases.add_reports(case, [here, there], who=SARI)
    whole = desk.refer(case)
    own = desk.refer(case, who=NEAR)
    assert len(referrals.view(own, who=NEAR).content["reports"]) == 1, "of a case what one may see"
    for name in (whole, desk.refer(here)):
        with pytest.raises(UnknownReferral):
            referrals.view(name, who=NEAR)
        with pytest.raises(UnknownReferral):
            referrals.withdraw(name, "x", who=NEAR)
    for about in (f"report {here}", "report ffffffffffffffff.0.1", "case 2099-0001"):
        with pytest.raises(UnknownReferral):
            referrals.preview(about, desk.choices(), None, who=NEAR)
        with pytest.raises(UnknownReferral):
            referrals.draft(about, who=NEAR)
    assert [row.name for row in referrals.rows("open", after=None, limit=9, who=NEAR)[0]] == [own]
    assert {row.name for row in referrals.of(f"report {there}", who=SARI)} == {whole, own}
    # An agency's account of one area sees what is of that area alone.
    assert region.hub.store.sharing.agency_desk.agency_rows(who=SignedIn("polres", "agency", ("52",))) != []
    assert (
        len(region.hub.store.sharing.agency_desk.agency_rows(who=SignedIn("polres", "agency", ("53",)))) == 1
    )


def test_two_officers_at_once_get_two_numbers(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    about = f"report {desk.arrive()}"
    seen = [referrals.preview(about, desk.choices(), None, who=who).seen for who in (SARI, BUDI)]
    names = [
        referrals.make(about, desk.choices(), None, one, who=who)
        for one, who in zip(seen, (SARI, BUDI), strict=True)
    ]
    assert names == ["2027-0001.1", "2027-0002.1"]


def test_a_report_that_is_removed_leaves_the_referral_without_its_content(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    report = desk.arrive()
    name, sha256 = desk.refer(report, basis=Basis(LAW, law="pdp", note="Melati terancam")), ""
    referrals.withdraw(name, "Melati keliru", who=SARI)
    sha256 = referrals.view(name, who=SARI).sha256
    store = region.hub.store
    store.writer.run(lambda: forget(store.database, [report]))
    view = referrals.view(name, who=SARI)
    assert (view.content, view.sha256, view.row.state) == ({}, sha256, "withdrawn")
    tables = dump(region.hub_folder)
    assert "Melati" not in repr([tables["referral"], tables["referral_step"]])
    with pytest.raises(UnknownReferral):
        referrals.file(name, "csv", who=SARI)
    with pytest.raises(UnknownReferral):
        referrals.choices_of(name, who=SARI)


def test_a_draft_says_what_there_is_to_choose(
    region: Region, desk: ReferralDesk, referrals: Referrals
) -> None:
    report = desk.arrive()
    draft = referrals.draft(f"report {report}", who=SARI)
    assert draft.refer == (True,)
    assert {"narrative", "recruiter.name", "received_on"} <= draft.present <= set(EVERYTHING)
    assert "additions" not in draft.present
    assert {"Melati", "Wayan", "Batam"} <= {one.word for one in draft.proposals}
    assert draft.arrived_on == desk.today
    assert ("sari", "referral drafted", f"report {report}") in noted(region)

"""What a dossier holds, and what an officer must choose for it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from hub.cases.states import StepRefused
from hub.languages import speaking
from hub.referrals.dossier import (
    CONSENT,
    LAW,
    Basis,
    CaseSource,
    Choices,
    Heading,
    PartnerView,
    Source,
    basis_in_words,
    build,
    canonical,
    check_choices,
    choices_from_text,
    hash_of,
)
from hub.referrals.fields import BY_KEY, DEFAULTS, FIELDS
from hub.referrals.legal_bases import BASES, KINDS, LEGAL_BASES
from hub.services import ReportView
from sync.records import check_report

TODAY = datetime.date(2027, 1, 15)
PARTNER = PartnerView(1, "LPSK", "lpsk", "", "", True)
HEADING = Heading("2027-0001", 1, None, "Pusat", "sari", TODAY)
CHOICES = Choices(
    1,
    ("kind", "narrative", "case.people"),
    ("Melati",),
    Basis(CONSENT, "report", "reporter", TODAY),
    "Lindungi Melati",
    "Other",
    TODAY,
)


def source(**fields: object) -> Source:
    report = check_report({"kind": "victim", "narrative": "Melati dipukul", **fields})
    view = ReportView("x.0.1", "52.02.08.2001", report, "http", 1.0, None, (0.0, 1.0), None, None, ())
    return Source(view, "2027-01-14")


def made(choices: Choices = CHOICES, **fields: object) -> dict[str, Any]:
    return build(choices, PARTNER, HEADING, [source(**fields)], None)


def test_only_what_was_chosen_and_said_is_in_it() -> None:
    content = made(people={"women": 2}, reporter={"contact": "0812-0000-1111"})
    [report] = content["reports"]
    assert [line[0] for line in report["lines"]] == ["kind", "narrative"]
    assert set(report["htcds"]) & {"kentongan_Women", "kentongan_ReporterContact", "prs_MobilePhone"} == set()
    text = canonical(content)
    assert "0812" not in text
    assert "melati" not in text.casefold()
    assert "x.0.1" not in text, "the hub's own name of a report is part of how its bytes are sealed"


def test_an_agency_reads_indonesian_whoever_refers() -> None:
    choices = replace(CHOICES, fields=("kind", "observed_on", "recruiter.licence_shown"))
    said: dict[str, object] = {"observed_on": "2027-05-03", "recruiter": {"licence_shown": True}}
    with speaking("en"):
        in_english = made(choices, **said)
        assert type(in_english["reports"][0]["lines"][0][2]) is str, "nothing in it is translated later"
    assert canonical(in_english) == canonical(made(choices, **said))
    assert "Senin, 3 Mei 2027" in canonical(in_english)


def test_people_of_a_case_are_hidden_too() -> None:
    case = CaseSource("2027-0003", "Active", "Kasus Melati", ("Melati, 0812-0000-1111",), ())
    content = build(CHOICES, PARTNER, HEADING, [source()], case)
    assert content["case"] == {
        "number": "2027-0003",
        "lines": [["case.people", "Kasus", "Orang yang diperhatikan", "[disamarkan], 0812-0000-1111"]],
    }
    assert content["reports"][0]["htcds"]["cas_Status"] == "Active"


def test_the_same_dossier_has_the_same_hash_and_another_another() -> None:
    assert hash_of(canonical(made())) == hash_of(canonical(made()))
    assert hash_of(canonical(made())) != hash_of(canonical(made(replace(CHOICES, purpose="Lain"))))


def test_choices_are_kept_as_they_were() -> None:
    for choices in (CHOICES, replace(CHOICES, basis=Basis(LAW, law="pdp", note="bahaya"), due=None)):
        assert choices_from_text(choices.to_text()) == choices


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fields": ()}, "satu bidang"),
        ({"fields": ("nama",)}, "satu bidang"),
        ({"hidden": ("x" * 81,)}, "disamarkan"),
        ({"hidden": tuple(f"kata{n}" for n in range(101))}, "disamarkan"),
        ({"purpose": " "}, "Tujuan"),
        ({"purpose": "x" * 501}, "Tujuan"),
        ({"reason": "x"}, "alasan"),
        ({"due": None}, "jatuh tempo"),
        ({"due": TODAY - datetime.timedelta(1)}, "jatuh tempo"),
        ({"due": TODAY + datetime.timedelta(367)}, "jatuh tempo"),
        ({"basis": Basis("")}, "Pilih: ada persetujuan"),
        ({"basis": Basis(CONSENT, "x", "reporter", TODAY)}, "bagaimana"),
        ({"basis": Basis(CONSENT, "report", "", TODAY)}, "oleh siapa"),
        ({"basis": Basis(CONSENT, "report", "reporter")}, "tanggal"),
        ({"basis": Basis(CONSENT, "report", "reporter", TODAY + datetime.timedelta(1))}, "tanggal"),
        ({"basis": Basis(LAW, law="x", note="y")}, "Pilih: ada persetujuan"),
        ({"basis": Basis(LAW, law="pdp")}, "mengapa"),
        ({"basis": Basis(LAW, law="pdp", note="x" * 501)}, "Catatan"),
    ],
)
def test_what_cannot_be_chosen_is_refused_in_words(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(StepRefused, match=why):
        check_choices(replace(CHOICES, **changes), PARTNER, TODAY)
    check_choices(CHOICES, PARTNER, TODAY)


def test_an_agency_that_is_not_in_use_gets_nothing() -> None:
    with pytest.raises(StepRefused, match="lembaga"):
        check_choices(CHOICES, replace(PARTNER, active=False), TODAY)


def test_what_of_a_law_nobody_verified_is_said_wherever_it_stands() -> None:
    for basis in LEGAL_BASES:
        words = basis_in_words(Basis(LAW, law=basis.key, note="bahaya"))
        assert words.startswith("Tanpa persetujuan. Dasar: UU ")
        assert ("belum diperiksa" in words) == bool(basis.unverified)
        assert basis.source
    assert {key for key, basis in BASES.items() if basis.unverified} == {"tppo", "protection", "pdp", "pmi"}
    assert "15 Januari 2027" in basis_in_words(CHOICES.basis)


def test_every_kind_of_agency_has_its_least_and_nobody_s_contact_is_in_it() -> None:
    assert set(DEFAULTS) == set(KINDS)
    for fields in DEFAULTS.values():
        assert set(fields) <= set(BY_KEY)
        assert not {"reporter.contact", "reporter.contact_safely", "case.people", "position"} & set(fields)
        assert len(fields) < len(FIELDS) / 2 + 2

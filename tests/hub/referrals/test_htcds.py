"""A report as fields of IOM HTCDS 2.0."""

from __future__ import annotations

from typing import Any

import pytest

from hub.referrals import htcds

EVERYTHING: dict[str, Any] = {
    "kind": "victim",
    "received_on": "2027-01-15",
    "observed_on": "2027-01-10",
    "place": "52.02.08.2001",
    "position": (-8.5, 116.25),
    "indicators": [
        *("debt_bondage", "deception", "documents_held", "wages_withheld", "excessive_overtime"),
        *(
            "sexual_exploitation",
            "online_recruitment",
            "violence",
            "threats",
            "organ_removal",
            "child_adoption",
        ),
    ],
    "recruiter.company": "PT Contoh",
    "recruiter.social": "IG: contoh",
    "recruiter.licence_shown": False,
    "reporter.relation": "self",
    "reporter.contact": "0813-0000-9999",
    "language": "jv",
    "people.women": 0,
    "narrative": "cerita",
}


def test_what_is_known_stands_in_the_standard_s_words() -> None:
    row = htcds.row_of(EVERYTHING)
    assert row["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert row["vic_MethodsOfControl"] == [
        *("DebtBondage", "FalsePromises", "WithholdsDocuments", "TakesEarnings", "ExcessiveWorkingHours"),
    ]
    assert row["vic_TypeOfExploitation"] == ["SexualExploitation"], "an offer is no exploitation"
    assert row["vic_RecruitmentWebsitesAndApps"] == ["Instagram"]
    assert (row["per_RoleInProcess"], row["per_Organisation"]) == (["RecruiterOrIntermediary"], "PT Contoh")
    assert (row["prs_MobilePhone"], row["prs_PrimaryLanguage"]) == ("+6281300009999", "jav")
    assert (row["hte_State"], row["hte_Country"], row["hte_Latitude"]) == (
        "Nusa Tenggara Barat",
        "ID",
        "-8.50000",
    )
    assert (row["hte_Date"], row["cas_IncomingReferralDate"]) == ("2027-01-10", "2027-01-15")
    assert (row["kentongan_LicenceShown"], row["kentongan_Women"]) == ("false", "0")


def test_every_field_and_every_code_is_one_of_the_standard_s() -> None:
    row = htcds.row_of(EVERYTHING)
    assert set(row) <= set(htcds.FIELDS)
    for name, codes in htcds.CODE_LISTS.items():
        value = row.get(name, [])
        for code in [value] if isinstance(value, str) else value:
            assert code in codes, name
    assert len(set(htcds.FIELDS)) == len(htcds.FIELDS)
    assert set(htcds.CODE_LISTS) | set(htcds.SEVERAL) | set(htcds.E164_FIELDS) <= set(htcds.FIELDS)
    prefixes = {"org": 10, "prs": 25, "vic": 13, "per": 3, "cas": 13, "cco": 1, "hte": 10, "spl": 5, "con": 1}
    counted = {
        prefix: sum(name.startswith(f"{prefix}_") for name in htcds.STANDARD_FIELDS) for prefix in prefixes
    }
    assert counted == prefixes


@pytest.mark.parametrize("kind", ["recruiter", "departure", "missing", "document", "other"])
def test_nobody_is_made_a_victim_by_a_report_about_something_else(kind: str) -> None:
    row = htcds.row_of(EVERYTHING | {"kind": kind})
    assert "vic_TraffickingStatus" not in row
    assert ("hte_Type" in row) == (kind == "recruiter")


def test_who_reports_of_another_is_not_the_person_concerned() -> None:
    row = htcds.row_of(EVERYTHING | {"reporter.relation": "neighbour"})
    assert not [name for name in row if name.startswith("prs_")]
    del EVERYTHING_BUT["reporter.relation"]
    assert not [name for name in htcds.row_of(EVERYTHING_BUT) if name.startswith("prs_")]


EVERYTHING_BUT = dict(EVERYTHING)


def test_nothing_gives_nothing() -> None:
    assert htcds.row_of({}) == {}
    assert htcds.row_of({"kind": "other", "indicators": [], "recruiter.social": "warung"}) == {
        "per_RoleInProcess": ["RecruiterOrIntermediary"],
        "kentongan_Kind": "other",
        "kentongan_Indicators": [],
        "kentongan_RecruiterSocial": "warung",
    }

"""The score of one report: rules above points, missing is not no, reasons in words, and nothing about places,
sexes or names."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hub.languages import ENGLISH, INDONESIAN, speaking, translate
from hub.risk.scoring import BANDS, LAST_RANK, Assessment, Judged, assess, rank
from hub.risk.weights import ACT, MEANS, PURPOSE
from sync.records import check_report

TODAY = datetime.date(2026, 11, 26)


def scored(*signs: str, added_urgent: bool = False, **fields: Any) -> Assessment:
    told = {"kind": "other", "narrative": "cerita", **fields}
    if signs:
        told["indicators"] = list(signs)
    return assess(Judged(check_report(told), added_urgent), TODAY)


def leaving(days: int) -> dict[str, Any]:
    return {"departure_on": (TODAY + datetime.timedelta(days)).isoformat()}


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"indicators": ["child"]}, "child"),
        ({"indicators": ["child_adoption"]}, "child"),
        ({"people": {"children": 1}}, "child"),
        ({"offer": leaving(0)}, "departure"),
        ({"offer": leaving(2)}, "departure"),
        ({"indicators": ["confinement"]}, "confinement"),
        ({"indicators": ["violence"]}, "violence"),
        ({"urgency": "now"}, "said_urgent"),
        ({"added_urgent": True}, "said_urgent"),
    ],
    ids=str,
)
def test_a_rule_makes_it_urgent_whatever_the_points(told: dict[str, Any], rule: str) -> None:
    found = scored(**told)
    assert found.band == "urgent"
    assert [one.code for one in found.rules] == [rule]
    assert found.reasons[0] == found.rules[0].why
    assert found.points <= 3


@pytest.mark.parametrize(
    "told",
    [
        {"people": {"children": 0}},
        {"people": {"women": 3}},
        {"offer": leaving(3)},
        {"offer": leaving(-1)},
        {"urgency": "soon"},
        {"indicators": ["isolation", "threats"]},
    ],
    ids=str,
)
def test_what_is_near_a_rule_is_none(told: dict[str, Any]) -> None:
    assert scored(**told).rules == ()


def test_missing_is_not_no() -> None:
    silent = scored()
    assert (silent.points, silent.band) == (0, "low")
    assert all(not element.ticked_by and element.needed for element in silent.elements)
    assert len(silent.unknown) == 9
    assert "belum tentu tidak ada" in silent.reasons[0]
    # What is said and is a no is asked no more, and gives no points either.
    told = scored(people={"children": 0}, recruiter={"licence_shown": True}, offer={"fee_idr": 0})
    assert told.points == 0
    gone = set(silent.unknown) - set(told.unknown)
    assert gone == {
        "apakah ada anak di bawah 18 tahun",
        "apakah perekrut menunjukkan izin",
        "apakah diminta uang atau ada utang",
    }


def test_points_come_with_their_reasons_the_strongest_first_and_each_sign_counts_once() -> None:
    found = scored("no_contract", "documents_held", "upfront_fee", "wrong_visa", offer={"fee_idr": 5_000_000})
    assert [line.points for line in found.lines] == [3, 2, 1, 1]
    assert (found.points, found.band) == (7, "high")
    assert found.reasons[0] == "dokumen ditahan orang lain: orang tidak dapat pergi"
    assert found.version == "2026-11"


def test_another_answer_says_a_sign_too_and_says_which() -> None:
    found = scored(
        kind="missing",
        recruiter={"licence_shown": False},
        offer={"fee_idr": 5_000_000, "job": "marriage"},
    )
    assert {line.sign for line in found.lines} == {
        "contact_lost",
        "marriage_offer",
        "no_licence",
        "upfront_fee",
    }
    assert all(line.field for line in found.lines)


@pytest.mark.parametrize(
    ("signs", "band"),
    [
        ((), "low"),
        (("no_contract", "no_licence"), "low"),
        (("deception",), "medium"),
        (("wrong_visa", "threats", "marriage_offer"), "high"),
    ],
    ids=str,
)
def test_bands_begin_at_their_points(signs: tuple[str, ...], band: str) -> None:
    assert scored(*signs).band == band


def test_act_means_and_purpose_are_ticked_off_and_all_three_are_high() -> None:
    found = scored("wages_withheld", "secrecy", kind="recruiter")
    assert [element.name for element in found.elements if element.ticked_by] == [ACT, MEANS, PURPOSE]
    assert (found.points, found.band) == (3, "high")
    assert found.reasons[0] == "perbuatan, cara dan tujuan semuanya disebut"
    assert scored("wages_withheld", "secrecy").band == "medium"
    lost = scored("contact_lost")
    assert not any(element.ticked_by for element in lost.elements)


def test_of_a_child_the_means_are_not_needed() -> None:
    child = {element.name: element.needed for element in scored("child").elements}
    assert child == {ACT: True, MEANS: False, PURPOSE: True}
    assert not any("cara:" in one for one in scored("child").unknown)
    assert any("cara:" in one for one in scored("online_recruitment").unknown)


def test_no_place_sex_language_country_or_name_changes_a_score() -> None:
    signs = ("deception", "upfront_fee")
    plain = scored(*signs)
    for other in (
        {"place": "53.18.01.2003", "place_text": "Waikelo"},
        {"language": "sas"},
        {"channel": "sms"},
        {"people": {"women": 9}},
        {"people": {"men": 9}},
        {"offer": {"destination": "KH", "job": "online", "wage_idr": 15_000_000, "route": "Batam"}},
        {"recruiter": {"name": "Contoh", "phone": "0812-0000-4321", "company": "PT Contoh"}},
        {"reporter": {"relation": "official"}, "official_involved": True},
        {"position": {"lat_e5": 1, "lon_e5": 1}},
        {"narrative": "violence kekerasan anak dikurung"},
    ):
        found = scored(*signs, **other)
        assert (found.points, found.band, found.lines) == (plain.points, plain.band, plain.lines), other


def test_every_reason_is_said_in_both_languages() -> None:
    everything = scored(
        *("child", "violence", "confinement", "deception"),
        people={"children": 2},
        urgency="now",
        offer={**leaving(1), "fee_idr": 1, "job": "marriage"},
        recruiter={"licence_shown": False},
        kind="missing",
    )
    found = [everything, scored(), scored(kind="recruiter"), scored(kind="departure"), scored("child")]
    found += [scored(added_urgent=True), scored("secrecy", "wages_withheld", kind="recruiter")]
    texts = {text for one in found for text in (*one.reasons, *one.unknown)}
    texts |= {rule.why for one in found for rule in one.rules}
    texts |= {line.field for one in found for line in one.lines if line.field}
    assert len(texts) > 25
    with speaking(INDONESIAN.tag):
        indonesian = {text: translate(text) for text in texts}
    with speaking(ENGLISH.tag):
        same = [text for text in texts if translate(text) == indonesian[text]]
    assert same == []


def test_ranks_order_by_band_and_then_points() -> None:
    ranks = [rank(band, points) for band in reversed(BANDS) for points in (150, 99, 40, 0)]
    assert ranks == sorted(ranks)
    assert (ranks[0], ranks[-1]) == (0, LAST_RANK)

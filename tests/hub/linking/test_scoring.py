"""Evidence is told in words, and no name links two reports by itself."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from processes import sample_lines

from hub.linking.evidence import extract
from hub.linking.linking import DEFAULT, asked_more, background_of
from hub.linking.scoring import Link, Piece, score_event, score_recruiter
from sync.records import check_report


def links(one: dict[str, Any], other: dict[str, Any]) -> tuple[Link, Link]:
    ours, theirs = (extract(check_report({"kind": "recruiter", "narrative": "-"} | d)) for d in (one, other))
    known = background_of([ours, theirs])
    recruiter = score_recruiter(ours, theirs, known)
    return recruiter, score_event(ours, theirs, known, recruiter)


def person(**fields: str) -> dict[str, Any]:
    return {"recruiter": fields}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (person(phone="0812-0000-3141"), person(phone="+62 812 0000 3141"), "phone"),
        (person(social="ig:darmaji_loker"), person(social="tiktok:@darmaji_loker"), "account"),
        (person(vehicle_plate="DR 0412 XQ"), person(vehicle_plate="dr0412xq"), "plate"),
    ],
)
def test_a_mark_that_agrees_is_enough_among_a_hundred_thousand(
    one: dict[str, Any], other: dict[str, Any], kind: str
) -> None:
    link, _ = links(one, other)
    assert link.bits >= DEFAULT.recruiter_threshold + asked_more(100_000)
    assert link.has_mark
    assert [piece.kind for piece in link.pieces][0] == kind
    assert all(piece.says for piece in link.pieces)


def test_the_rarest_name_alone_is_not_enough() -> None:
    link, _ = links(person(name="Kusmiyati Wagiyem"), person(name="Kusmiyati Wagiyem"))
    assert link.bits > DEFAULT.recruiter_threshold
    assert not link.rests_on_more_than_a_name


def test_a_name_and_a_district_are() -> None:
    one = person(name="Kusmiyati") | {"place": "33.01.05"}
    link, _ = links(one, person(name="Bu Kusmiyati") | {"place": "33.01.05.2004"})
    assert link.rests_on_more_than_a_name
    assert link.bits >= DEFAULT.recruiter_threshold


def test_a_country_does_not_make_up_for_two_provinces() -> None:
    one = person(name="Kusmiyati") | {"place": "33.01.05", "offer": {"destination": "MY"}}
    other = person(name="Kusmiyati") | {"place": "52.02.08", "offer": {"destination": "MY"}}
    assert not links(one, other)[0].rests_on_more_than_a_name


def test_place_and_work_alone_say_nothing_of_a_person() -> None:
    one = {"place": "33.01.05", "offer": {"destination": "TW", "job": "fishing"}}
    assert links(one, one)[0].pieces == ()


def test_a_number_of_years_ago_tells_less() -> None:
    new = person(phone="0812-0000-3141") | {"observed_on": "2026-01-01"}
    old = person(phone="0812-0000-3141") | {"observed_on": "2021-01-01"}
    assert links(new, old)[0].bits < links(new, new)[0].bits


def test_one_event_needs_more_than_like_words() -> None:
    story = "gudang bawang dikunci dari luar, perempuan semua, jemuran di dalam, nasi bungkus tiap pagi"
    _, event = links({"narrative": story}, {"narrative": story})
    assert not event.has_anchor
    here = {"narrative": story, "place": "33.29.08", "observed_on": "2026-02-08", "kind": "victim"}
    _, event = links(here, here | {"observed_on": "2026-02-09"})
    assert event.has_anchor
    assert event.bits >= DEFAULT.event_threshold
    _, later = links(here, here | {"observed_on": "2027-02-09"})
    assert later.bits < event.bits - 10


def test_bits_are_the_sum_of_what_is_told() -> None:
    assert Link((Piece("phone", "same number", 14.0), Piece("name", "names differ", -5.0))).bits == 9.0


def test_no_pair_is_left_that_comes_to_what_is_asked() -> None:
    evidence = [extract(check_report(line["report"])) for line in sample_lines(120)]
    known = background_of(evidence)
    for one, other in itertools.combinations(evidence, 2):
        recruiter = score_recruiter(one, other, known)
        whole = score_event(one, other, known, recruiter)
        assert score_event(one, other, known, recruiter, least=whole.bits) == whole

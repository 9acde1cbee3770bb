"""Which signal a finding belongs to."""

from __future__ import annotations

from typing import Any

from findings import WEEK, finding
from village import OTHER_VILLAGE, VILLAGE

from hub.signals.finding import Category, Group, Sort
from hub.warning.folding import REMEMBERED_S, Candidate, Fold, fold, key_of, narrowest, nested

ABC = ("a", "b", "c")


def standing(*reports: str, signal: int = 1, **other: Any) -> Candidate:
    held = frozenset(reports)
    found = finding(reports)
    told = {
        "sorts": frozenset(["excess"]),
        "units": frozenset([VILLAGE]),
        "weeks": {key_of(found): WEEK - 7},
        "recent": held,
        "known": held,
        **other,
    }
    return Candidate(signal, **told)


def test_the_same_rule_of_a_later_week_joins_whatever_its_reports() -> None:
    assert fold(finding("xyz"), [standing(*ABC)], 0) == Fold("join", 1)
    newer = standing(*ABC, signal=2, weeks={key_of(finding()): WEEK})
    assert fold(finding("xyz"), [standing(*ABC, signal=3), newer], 0) == Fold("join", 2)
    silence = finding(sort=Sort.SILENCE)
    assert fold(silence, [standing(*ABC)], 0) == Fold("raise")


def test_a_nested_area_or_another_category_joins_when_most_reports_are_the_same() -> None:
    around: dict[str, Any] = {"unit": VILLAGE[:5], "rule": "farrington"}
    assert fold(finding("abcd", **around), [standing(*ABC)], 0) == Fold("join", 1)
    assert fold(finding("abcdef", **around), [standing(*ABC)], 0) == Fold("raise")
    assert fold(finding("abcd", unit=OTHER_VILLAGE), [standing(*ABC)], 0) == Fold("raise")
    by_kind = Category(Group.KIND, "recruiter")
    assert fold(finding(ABC, category=by_kind), [standing(*ABC)], 0) == Fold("join", 1)
    other_data = Category(Group.OTHER, "1")
    assert fold(finding((), category=other_data), [standing(*ABC)], 0) == Fold("raise")


def test_it_joins_what_a_person_raised_of_the_same_reports() -> None:
    hand = standing(*ABC, sorts=frozenset(), weeks={})
    assert fold(finding(ABC), [hand], 0) == Fold("join", 1)
    assert fold(finding(("a", "x", "y")), [hand], 0) == Fold("raise")


def test_what_was_closed_as_false_comes_back_for_new_reports_alone() -> None:
    false = standing(*ABC, closed_at=0.0, verdict="false")
    assert fold(finding(ABC[:2]), [false], REMEMBERED_S) == Fold("nothing new", 1)
    assert fold(finding("abcd"), [false], REMEMBERED_S) == Fold("reopen", 1)
    assert fold(finding(ABC), [false], REMEMBERED_S + 1) == Fold("raise")
    assert fold(finding("abcd"), [false, standing("q", signal=2)], 0) == Fold("join", 2)


def test_what_was_closed_as_true_is_not_raised_for_the_same_reports_and_anew_for_others() -> None:
    true = standing(*ABC, closed_at=0.0, verdict="true")
    assert fold(finding(ABC), [true], 1) == Fold("nothing new", 1)
    assert fold(finding("abcd"), [true], 1) == Fold("raise")


def test_a_silence_that_was_explained_is_not_raised_again_while_it_goes_on() -> None:
    found = finding(sort=Sort.SILENCE)
    false = Candidate(
        1, frozenset(["silence"]), frozenset([VILLAGE]), {key_of(found): WEEK - 7}, closed_at=0.0
    )
    assert fold(found, [false], 1) == Fold("nothing new", 1)


def test_areas_are_nested_by_whole_parts_of_their_codes() -> None:
    assert nested("52.02", VILLAGE)
    assert nested("", VILLAGE)
    assert nested(VILLAGE, VILLAGE)
    assert not nested("52.0", VILLAGE)
    assert not nested(OTHER_VILLAGE, VILLAGE)


def test_areas_beside_each_other_are_seen_by_who_sees_both() -> None:
    assert narrowest(["", "52.02", VILLAGE, VILLAGE[:8]]) == VILLAGE
    assert narrowest([VILLAGE, "52.02.08.2002"]) == "52.02.08"
    assert narrowest(["52.02.08", "52.02.07.2001", "52"]) == "52.02"
    assert narrowest([VILLAGE, OTHER_VILLAGE]) == narrowest([""]) == ""

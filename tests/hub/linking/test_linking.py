"""All reports at once: order changes nothing, names alone join nobody, decisions hold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.linking.linking import Clusters, Decisions, asked_more, cluster_reports, compare_all
from sync.records import Report, check_report

NAMES = ("Haji Ahmad", "H. Achmad", "Bu Sri", "Sri Wahyuni", "Kusmiyati", "Darmaji", "Om Ben", "Benyamin")
PHONES = ("0812-0000-3141", "+62 812 0000 3141", "0813 0000 2222")
PLACES = ("52.02.08", "52.02.08.2001", "33.01.05", "35.27")
STORIES = (
    "Semalam 13 orang dijemput mobil di perempatan, mau ke Malaysia",
    "tadi bengi 12 wong numpak elf arep nang malaysia",
    "cari perempuan buat kerja Taiwan",
    "orang tadi datang lagi",
)


def report(story: str, name: str | None, phone: str | None, place: str | None) -> Report:
    recruiter = {k: v for k, v in (("name", name), ("phone", phone)) if v}
    fields: dict[str, Any] = {"recruiter": recruiter} if recruiter else {}
    if place:
        fields["place"] = place
    return check_report({"kind": "departure", "narrative": story, **fields})


def maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


reports = st.lists(
    st.builds(report, st.sampled_from(STORIES), maybe(NAMES), maybe(PHONES), maybe(PLACES)),
    min_size=2,
    max_size=8,
)


def groups(labels: Sequence[str | None], order: Sequence[int]) -> set[frozenset[int]]:
    found: dict[str, set[int]] = {}
    for position, label in enumerate(labels):
        if label is not None:
            found.setdefault(label, set()).add(order[position])
    return {frozenset(group) for group in found.values()}


def by_content(given: Sequence[Report], labels: Sequence[str | None]) -> list[list[str]]:
    """Return groups as contents: reports that are equal word for word may stand for each other."""
    found: dict[str, list[str]] = {}
    for one, label in zip(given, labels, strict=True):
        if label is not None:
            found.setdefault(label, []).append(repr(sorted(str(one.to_json()))))
    return sorted(sorted(group) for group in found.values())


@settings(max_examples=40, deadline=None)
@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_reports_changes_no_group(given: list[Report], chance: Any) -> None:
    moved = list(given)
    chance.shuffle(moved)
    one, other = cluster_reports(compare_all(given)), cluster_reports(compare_all(moved))
    assert by_content(given, one.recruiters) == by_content(moved, other.recruiters)
    assert by_content(given, one.events) == by_content(moved, other.events)


@settings(max_examples=40, deadline=None)
@given(reports, st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=4))
def test_not_the_same_holds_for_good(given: list[Report], pairs: set[tuple[int, int]]) -> None:
    apart = frozenset((a, b) for a, b in pairs if a < b < len(given))
    found = cluster_reports(
        compare_all(given), decisions=Decisions(other_recruiters=apart, other_events=apart)
    )
    for one, other in apart:
        assert found.recruiters[one] is None or found.recruiters[one] != found.recruiters[other]
        assert found.events[one] != found.events[other]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6))
def test_names_alone_join_nobody(names: list[str]) -> None:
    found = cluster_reports(compare_all([report("-", name, None, None) for name in names]))
    assert len(set(found.recruiters)) == len(names)


def test_a_number_joins_what_names_do_not() -> None:
    found = cluster_reports(
        compare_all(
            [
                report("-", "Haji Ahmad", "0812-0000-3141", None),
                report("0812 0000 3141 nawari kerja", None, None, None),
                report("-", "Haji Ahmad", None, None),
            ]
        )
    )
    assert found.recruiters[0] == found.recruiters[1] != found.recruiters[2]


def test_a_report_that_names_nobody_has_the_recruiter_of_its_event() -> None:
    story = "Semalam 13 orang dijemput mobil di perempatan Pringgarata, dibawa ke gudang bawang"
    given = [
        check_report(
            {"kind": "departure", "narrative": text, "observed_on": "2026-02-08", "place": "52.02.08.2001"}
        )
        for text in (f"{story} oleh Pak Darmaji", story)
    ]
    found = cluster_reports(compare_all(given))
    assert found.events[0] == found.events[1]
    assert found.recruiters[0] == found.recruiters[1] is not None


def test_nobody_is_nobody() -> None:
    assert cluster_reports(compare_all([report(STORIES[0], None, None, None)])) == Clusters((None,), ("I1",))


def test_a_merge_that_was_confirmed_is_taken_back_with_the_decision() -> None:
    linked = compare_all([report("-", "Darmaji", None, None), report("-", "Kusmiyati", None, None)])
    joined = cluster_reports(linked, decisions=Decisions(one_recruiter=frozenset({(0, 1)})))
    assert joined.recruiters[0] == joined.recruiters[1]
    assert len(set(cluster_reports(linked).recruiters)) == 2


def test_a_common_name_in_another_province_is_another_person() -> None:
    given = [
        report("-", "Haji Ahmad", None, place)
        for place in ("52.02.08.2001", "52.02.08", "35.27.09", "35.27.09.2001")
    ]
    found = cluster_reports(compare_all(given)).recruiters
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert not any(found[a] == found[b] for a, b in itertools.product((0, 1), (2, 3)))


def test_a_larger_collection_asks_for_more() -> None:
    assert asked_more(10) == asked_more(200) == 0
    assert asked_more(100_000) > 6 > asked_more(1_000) > 1

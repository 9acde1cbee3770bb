"""What programs read where there is much of it: totals by counters, counts of a few regencies at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from inbox_arrivals import SARI, arrive
from village import VILLAGE, Region

from hub.cases.arrivals import FAILED
from hub.cases.case_models import CaseFile
from hub.exports import counting
from hub.exports.api_reading import ApiReading
from hub.services import SignedIn
from hub.week_counts import Tally

FAR_VILLAGE = "53.04.05.2003"
THIRD_VILLAGE = "34.04.07.2001"


@pytest.fixture
def reading(region: Region) -> ApiReading:
    return region.hub.store.sharing.programs


def test_the_total_out_of_counters_is_what_a_walk_finds(
    region: Region, reading: ApiReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = region.hub.store

    def agrees(expected: int) -> None:
        for asked, known in (({}, expected), ({"kind": "recruiter"}, None), ({"kind": "victim"}, None)):
            walked = len(reading.read("reports", asked, 100, who=SARI).items)
            assert reading.total("reports", asked, who=SARI) == walked
            assert known is None or known == walked

    first = arrive(region, "a", "b", "c")
    arrive(region, "d", kind="victim")
    agrees(0)
    region.clock.advance(61)
    agrees(4)
    arrive(region, "comes in this minute")
    agrees(4)
    region.clock.advance(61)
    store.forgetting.forget([first[0]], by=SARI, reason="retention closed")
    agrees(4)
    with monkeypatch.context() as busy:
        busy.setattr(store.intake, "on_committed", lambda: None)
        arrive(region, "waits for its place")
        region.clock.advance(1)
        arrive(region, "waits too", kind="victim")
        region.clock.advance(61)
        agrees(4)
        store.writer.run(lambda: store.database.execute_sql(f"UPDATE arrival SET turn = {FAILED}"))
        agrees(4)  # that could not be placed is not listed


def test_counts_come_by_a_few_regencies_in_the_same_order(
    region: Region, reading: ApiReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = region.hub.store
    arrive(region, "a", "b")
    arrive(region, "c", kind="victim")
    arrive(region, "d", village=FAR_VILLAGE)
    arrive(region, "e", village=THIRD_VILLAGE)
    region.clock.advance(8 * 86_400)
    arrive(region, "f", village=FAR_VILLAGE)

    def nowhere() -> None:
        store.database.execute_sql(
            f"UPDATE node SET village = '01.01.01.2001' WHERE village = '{THIRD_VILLAGE}'"
        )
        store.database.execute_sql("UPDATE week_count SET unit = '01.01' WHERE unit = '34.04'")

    store.writer.run(nowhere)
    monkeypatch.setattr(counting, "_AT_ONCE", 1)
    asked_for: list[object] = []
    by_kind = store.week_counts.by_kind

    def noting(*given: Any, only: Sequence[str], **rest: Any) -> Iterator[Tally]:
        asked_for.append(only)
        return by_kind(*given, only=only, **rest)

    monkeypatch.setattr(store.week_counts, "by_kind", noting)

    def walk(who: SignedIn) -> list[tuple[str, str, int]]:
        asked: Mapping[str, str] = {}
        found = []
        while True:
            page = reading.read("counts", asked, 1, who=who)
            found += [(one["regency"], one["kind"], one["count"]) for one in page.items]
            if page.next is None:
                return found
            asked = {"cursor": page.next}

    everything = [
        ("52.02", "recruiter", 2),
        ("52.02", "victim", 1),
        ("53.04", "recruiter", 1),
        ("53.04", "recruiter", 1),
        ("??", "recruiter", 1),
    ]
    assert walk(SARI) == everything
    assert reading.total("counts", {}, who=SARI) == len(everything)
    asked_for.clear()
    reading.read("counts", {}, 1, who=SARI)
    assert asked_for == [["52.02"]], "a page of one count reads one regency"
    assert walk(SignedIn("dewi", "analyst", ("53",))) == everything[2:4]
    assert walk(SignedIn("dewi", "analyst", (FAR_VILLAGE, VILLAGE))) == everything[:4]


def test_a_case_of_a_taken_back_import_is_none(region: Region, reading: ApiReading) -> None:
    store = region.hub.store
    number = store.cases.open("Impor", who=SARI)
    other = store.cases.open("Lain", who=SARI)

    def taken_back() -> None:
        CaseFile.update(state="undone").where(CaseFile.number == number).execute(store.database)

    store.writer.run(taken_back)
    for state in ("any", "undone"):
        found = reading.read("cases", {"state": state}, 9, who=SARI).items
        assert [case["number"] for case in found] == ([other] if state == "any" else [])
    assert reading.total("cases", {"state": "any"}, who=SARI) == 1
    assert reading.one("cases", {"number": number}, who=SARI) is None

"""Teaching and reporting as they are read from the store."""

from __future__ import annotations

import pytest
from findings import finding
from inbox_arrivals import BUDI, noted
from taught_villages import count, teach
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.bulletins.models import Bulletin
from hub.learning.before_after import Around
from hub.learning.teaching_services import MOST_WEEKS
from hub.models import Node
from hub.services import SignedIn, UnknownVillage

HERE = SignedIn("desa", "supervisor", (VILLAGE[:5],))
PRESENT = MOST_WEEKS - 1
HEARD = range(1, 60)


def numbers(region: Region) -> dict[str, int]:
    for village in (VILLAGE, OTHER_VILLAGE):
        region.node(village)
    rows = Node.select(Node.village, Node.number).tuples().execute(region.hub.store.database)
    return {str(village): int(number) for village, number in rows}


def bulletin(region: Region, area: str, state: str = "sent") -> None:
    texts = dict.fromkeys(("topic", "certainty", "text", "text_en", "written_by"), "x")
    row = {"state": state, "status": "Actual", "area": area, "level": 1, "until": 0, "public": False}
    at = {"written_at": 0.0, "decided_at": region.clock.wall_s() - 14 * 86_400}
    region.hub.store.writer.run(
        lambda: Bulletin.insert(**texts, **row, **at).execute(region.hub.store.database)
    )


def test_a_village_stands_on_one_line_and_is_compared_with_itself(region: Region) -> None:
    node = numbers(region)[VILLAGE]
    teach(region, node, 20)
    # Twelve before and twice as many after; the week of the session, and one not heard, count in none.
    reports = {27: 6, 25: 6, 20: 50, 18: 12, 16: 12, 14: 99, 3: 1}
    count(region, VILLAGE, reports, [back for back in HEARD if back != 14])
    region.hub.store.early.signals.take_findings([finding([], unit=VILLAGE)], region.clock.wall_s())
    for area, state in ((VILLAGE, "sent"), ("", "expired"), (VILLAGE[:5], "draft"), (OTHER_VILLAGE, "sent")):
        bulletin(region, area, state)
    line = region.hub.store.early.teaching.village(node, MOST_WEEKS, who=HERE)
    assert line.counts is not None
    assert {PRESENT - at: one for at, one in enumerate(line.counts) if one} == reports
    assert (line.heard[PRESENT - 14], line.heard[PRESENT - 13], line.heard[0]) == (False, True, False)
    assert {at: [held.summary.key for held in some] for at, some in line.sessions.items()} == {
        PRESENT - 20: [20]
    }
    assert list(line.signals) == [PRESENT]
    assert {at: len(some) for at, some in line.bulletins.items()} == {PRESENT - 2: 2}
    assert line.compared.around == Around(12, 24, 8, 7)
    assert line.compared.ratio is not None
    assert line.compared.ratio.ratio == pytest.approx(2 * 8 / 7)
    assert line.compared.ratio.low > 1
    short = region.hub.store.early.teaching.village(node, 4, who=HERE)
    assert (len(short.heard), short.counts) == (4, None), "one report of four weeks is too few to show"
    assert short.compared == line.compared, "what is compared does not hang on what is shown"
    assert noted(region)[-1] == ("desa", "evaluation seen", f"evaluation {VILLAGE}")


@pytest.mark.parametrize("database_url", [None])
def test_below_the_floor_nothing_is_told_and_beyond_the_area_nobody_looks(region: Region) -> None:
    found = numbers(region)
    teaching = region.hub.store.early.teaching
    teach(region, found[VILLAGE], 20)
    count(region, VILLAGE, {21: 4, 19: 6}, HEARD)
    line = teaching.village(found[VILLAGE], 104, who=HERE)
    assert (line.counts, line.compared.around, line.compared.ratio) == (None, None, None)
    count(region, VILLAGE, {21: 4, 19: 7}, HEARD)
    line = teaching.village(found[VILLAGE], 104, who=HERE)
    assert line.counts is not None
    assert line.compared.around == Around(4, 7, 8, 8)
    for node in (found[OTHER_VILLAGE], 99):
        with pytest.raises(UnknownVillage):
            teaching.village(node, 52, who=HERE)
    with pytest.raises(ValueError, match="1 to 104"):
        teaching.village(found[VILLAGE], 105, who=HERE)


@pytest.mark.parametrize("database_url", [None])
def test_an_area_is_pooled_beside_villages_that_wait(region: Region) -> None:
    found = numbers(region)
    teaching = region.hub.store.early.teaching
    teach(region, found[VILLAGE], 20)
    # The taught village: twice as many; the one that waits: half as many in the same weeks.
    count(region, VILLAGE, {24: 20, 17: 40}, HEARD)
    count(region, OTHER_VILLAGE, {24: 40, 17: 20}, HEARD)
    area = teaching.area("", who=BUDI)
    assert (area.villages, area.taught, area.compared.around) == (2, 1, Around(20, 40, 8, 8))
    assert (area.first, area.others) == (Around(20, 40, 8, 8), Around(40, 20, 8, 8))
    assert area.beside is not None
    assert area.beside.ratio == pytest.approx(4, rel=0.05)
    assert area.beside.low > 1
    mine = teaching.area("", who=HERE)
    assert (mine.villages, mine.taught, mine.others, mine.beside) == (1, 1, None, None)
    assert teaching.area(VILLAGE[:5], who=BUDI) == mine
    assert teaching.area(OTHER_VILLAGE[:5], who=HERE).villages == 0
    log = [
        kept.entry.about for kept in region.hub.store.audit.entries() if kept.entry.what == "evaluation seen"
    ]
    assert log == [
        "evaluation all",
        "evaluation all",
        f"evaluation {VILLAGE[:5]}",
        f"evaluation {OTHER_VILLAGE[:5]}",
    ]
    # A few weeks later the other one is taught, too: it did not wait.
    teach(region, found[OTHER_VILLAGE], 10)
    area = teaching.area("", who=BUDI, anew=True)
    assert (area.taught, area.first, area.others, area.beside) == (2, None, None, None)


@pytest.mark.parametrize("database_url", [None])
def test_few_beside_are_not_told(region: Region) -> None:
    found = numbers(region)
    teach(region, found[VILLAGE], 20)
    count(region, VILLAGE, {24: 20, 17: 40}, HEARD)
    count(region, OTHER_VILLAGE, {24: 6, 17: 4}, HEARD)
    area = region.hub.store.early.teaching.area("", who=BUDI)
    assert area.compared.around is not None
    assert (area.first, area.others, area.beside) == (None, None, None)

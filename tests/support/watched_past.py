"""Villages with a past for the weekly watch: counters, boxes that were heard, delays."""

from __future__ import annotations

from collections.abc import Sequence

from inbox_arrivals import arrive
from village import VILLAGE, Region

from hub.counting.entries import Entry, week_of
from hub.counting.kept import changes_of
from hub.models import LinkDay, Node
from sync.link_quality import DAY_S, day_number

WEEKS = 80
FIGURES = [name for name in LinkDay._meta.fields if name not in ("node", "day", "frames_heard")]


def with_past(region: Region, village: str = VILLAGE, *, every: int = 8, told: Sequence[int] = ()) -> int:
    """Give a village a report each `every` weeks for long, or in the weeks `told` (0: the last one).

    Return the Monday of the last week that has ended.
    """
    store = region.hub.store
    region.node(village)
    week = week_of(region.clock.wall_s(), store.week_counts.zone) - 7
    entries = [
        Entry(week - 7 * back, village, "recruiter", "", "", 0) for back in (told or range(3, WEEKS, every))
    ]

    def job() -> None:
        store.week_counts.kept.add(changes_of(entries))
        Node.update(enrolled_at=int(region.clock.wall_s() - 7 * (WEEKS + 2) * DAY_S)).execute(store.database)

    store.writer.run(job)
    return week


def burst(region: Region, number: int, village: str = VILLAGE) -> list[str]:
    """Let so many reports of several people arrive now, with half an hour between."""
    found = []
    for at in range(number):
        found += arrive(
            region, f"cerita {at} lain sekali {'abcdefgh'[at] * 5} {'ijklmnop'[at] * 5}", village=village
        )
        region.clock.advance(1_800)
    return found


def heard(region: Region, village: str, backs: Sequence[int], *, node: int | None = None) -> None:
    """Note that the box was heard on the Wednesday of weeks that lie so far back; `node`: a further one."""
    store = region.hub.store
    if node is None:
        node = Node.select().where(Node.village == village).get(store.database).number
    today = day_number(region.clock.wall_s())
    monday = today - (today + 3) % 7
    rows = [
        {"node": node, "day": monday - 7 * back + 2, "frames_heard": 4, **dict.fromkeys(FIGURES, 0)}
        for back in backs
    ]
    if rows:
        store.writer.run(lambda: LinkDay.insert_many(rows).execute(store.database))

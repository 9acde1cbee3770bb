"""Villages with counters and awareness sessions, put into a hub's store as the intake would have."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from village import Region

from hub.counting.entries import ALL, HEARD, week_of
from hub.counting.models import VillageWeeks
from hub.counting.spans import SPAN, packed, place_of, unpacked
from hub.storage.statements import put
from sync.wire.session_summary import CELLS, QuizTotals, RoundTotals, SessionSummary, encode_summary


def weeks_ago(region: Region, back: int) -> int:
    """Return the Monday of a week."""
    return week_of(region.clock.wall_s(), region.hub.store.week_counts.zone) - 7 * back


def count(region: Region, village: str, reports: Mapping[int, int], heard: Sequence[int]) -> None:
    """Give a village reports by weeks back, and weeks back in which its box was heard."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for category, counts in ((ALL, reports), (HEARD, dict.fromkeys(heard, 3))):
        for back, number in counts.items():
            span, place = place_of(weeks_ago(region, back))
            spans.setdefault((category, span), []).append((place, number))
    rows = []
    for (category, span), found in spans.items():
        counts_of = unpacked(bytes(4 * SPAN))
        for place, number in found:
            counts_of[place] = number
        rows.append({"village": village, "category": category, "span": span, "counts": packed(counts_of)})
    store = region.hub.store
    store.writer.run(lambda: put(VillageWeeks, rows).execute(store.database))


def teach(region: Region, node: int, back: int, *, right: int = 10, answered: int = 20) -> None:
    """Let a node tell of a session on the Wednesday of a week, with a quiz afterwards."""
    day = datetime.date(1970, 1, 1) + datetime.timedelta(weeks_ago(region, back) + 2)
    after = RoundTotals((answered,) * 8, (right, *(answered,) * 7))
    summary = SessionSummary(
        back, 1, day, 0, frozenset({1}), (answered, *(0,) * (CELLS - 1)), QuizTotals(1, 0, None, after)
    )
    store = region.hub.store
    record = encode_summary(summary)
    store.writer.run(lambda: store.sessions.add(node, record, via="radio", at=region.clock.wall_s()))

"""How long reports waited for a person: by rank, who still waits behind all others, nothing of few."""

from __future__ import annotations

from inbox_arrivals import BUDI
from verified_reports import STRONG, verified
from village import Region

from hub.learning.first_steps import first_steps, waits
from hub.learning.services import LEAST_SHOWN, WaitRow
from hub.learning.told import as_csv, as_json

HOUR_S = 3600.0


def test_figures_are_by_rank_and_who_waits_stands_last() -> None:
    week = [(f"r{number}", 100.0) for number in range(20)]
    steps = {f"r{number}": 100.0 + (number + 1) * HOUR_S for number in range(17)}
    few = [("x", 0.0)] * (LEAST_SHOWN - 1)
    assert waits({7: week, 14: few}, steps) == (
        WaitRow(14, LEAST_SHOWN - 1, None, None, None),
        WaitRow(7, 20, 3, 10 * HOUR_S, None),
    )
    [row] = waits({7: week[:18]}, steps)
    assert (row.waiting, row.median_s, row.nine_tenths_s) == (1, 9 * HOUR_S, 17 * HOUR_S)
    [early] = waits({7: [(f"r{n}", 9e9) for n in range(11)]}, steps)
    assert early.median_s == 0, "a clock that was set back waits for nobody"


def test_the_first_step_counts_and_the_page_s_figures_leave_as_files(region: Region) -> None:
    ids = verified(region, [""] * LEAST_SHOWN, **STRONG)
    store = region.hub.store
    region.clock.advance(HOUR_S)
    began = region.clock.wall_s()
    for report in ids[:8]:
        store.triage.step(report, "verification", "confirmed", "diperiksa", seen=None, who=BUDI)
    region.clock.advance(HOUR_S)
    store.triage.step(ids[0], "verification", "refuted", "keliru", seen=None, who=BUDI)
    assert first_steps(store.database, ids) == dict.fromkeys(ids[:8], began), "not the second one"
    found = store.early.evaluating.evaluation(13, 5, who=BUDI)
    [row] = found.waits
    assert (row.reports, row.waiting, row.median_s, row.nine_tenths_s) == (LEAST_SHOWN, 3, HOUR_S, None)
    [told] = as_json(found)["first_step"]
    assert (told["waiting"], told["median_s"], told["nine_tenths_s"]) == (3, HOUR_S, None)
    assert f"first step,{told['week']},median_s,3600,{LEAST_SHOWN},," in as_csv(found).splitlines()

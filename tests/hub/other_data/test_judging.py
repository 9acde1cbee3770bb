"""What is due is judged, kept for the page, and handed on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from village import Region

from hub.other_data.services import SeriesDraft
from hub.other_data.week_words import day_at
from hub.services import SignedIn
from hub.signals.finding import Finding

KETUT = SignedIn("ketut", "administrator")


class Taker:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.fails = False

    def takes_findings(self, findings: Sequence[Finding], now: float) -> None:
        self.findings += findings
        if self.fails:
            raise RuntimeError


def test_a_series_is_judged_after_an_import_and_with_each_new_week(region: Region) -> None:
    store, taker = region.hub.store, Taker()
    store.early.series_watch.taker = taker
    number = store.early.series.make(SeriesDraft("Paspor", "Imigrasi", "passports", "53.04"), who=KETUT)
    present = store.early.series.present()
    assert store.early.series_watch.judge_due() == 0
    weeks = [present - 7 * back for back in range(60, 0, -1)]
    lines = [
        f"{day_at(week).isoformat()};{40 if week == weeks[-1] else 5 + at % 3}"
        for at, week in enumerate(weeks)
    ]
    batch = store.early.series_imports.upload(
        number, ("Minggu;Jumlah\n" + "\n".join(lines)).encode(), who=KETUT
    )
    store.early.series_imports.carry_out(batch, who=KETUT)
    taker.fails = True
    with pytest.raises(RuntimeError):
        store.early.series_watch.judge_due()
    taker.fails = False
    assert store.early.series_watch.judge_due() == 1, "who failed to take a finding gets it again"
    assert [(one.category.value, one.week, one.count) for one in taker.findings] == [
        (str(number), weeks[-1], 40)
    ] * 2
    assert store.early.series_watch.judge_due() == 0
    [found] = store.early.series.found(number, who=KETUT)
    assert (found.week, found.count, found.rule) == (weeks[-1], 40.0, "kentongan")
    region.clock.advance(7 * 86_400)
    assert store.early.series_watch.judge_due() == 1, "a new week"
    assert not store.early.series.row(number, who=KETUT).stale
    region.clock.advance(5 * 7 * 86_400)
    row = store.early.series.row(number, who=KETUT)
    assert (row.silent_weeks, row.stale) == (6, True)
    store.early.series_imports.undo(batch, "salah", who=KETUT)
    assert store.early.series.found(number, who=KETUT) == [], "what was found in numbers that went goes, too"


def test_the_jobs_of_a_serving_hub_judge(region: Region) -> None:
    names = {
        job.name
        for job in (
            *region.hub.store.early.series_watch.jobs(),
            *region.hub.store.early.series_imports.jobs(),
        )
    }
    assert names == {"judge-series", "series-drafts"}

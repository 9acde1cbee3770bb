"""A region's weeks in seconds: nothing lost, nothing doubled, and the rig sees it where something is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from soak_figures import FEWEST, Sample, empty_bounded_caches, judge_memory, picture, slope, table
from soak_year import Size, Soak, figures_of
from village import quick_folder

from hub.linking.phones import as_e164
from sync.areas.table import area_table

pytestmark = pytest.mark.slow
FEW = Size(villages=4, reports=30, days=6, seed=3, samples=4, internet_every_h=6)


def run(size: Size, otherwise: Path, **settings: Any) -> tuple[dict[str, Any], str]:
    with quick_folder(otherwise) as folder:
        soak = Soak(size, folder, **settings)
        try:
            figures = figures_of(soak, soak.run())
        finally:
            soak.close()
    return figures, picture(soak.samples, figures["delays_h"])


def test_weeks_of_cuts_outages_and_couriers_lose_and_double_nothing(tmp_path: Path) -> None:
    figures, svg = run(FEW, tmp_path)
    assert figures["wrong"] == []
    assert figures["findings"]["reports"] == FEW.reports
    assert figures["happened"]["hub went back to a copy"] == 1
    assert figures["happened"]["hub cut"] == 1
    assert {"radio to the hub", "gateway", "radio by a gateway", "courier"} == set(figures["delays_h"])
    assert "nothing" not in table(figures)
    assert svg.startswith("<svg")


@pytest.mark.parametrize(("control", "bad"), [("lose", "reports_lost"), ("double", "reports_doubled")])
def test_what_is_lost_or_doubled_on_purpose_is_seen(control: str, bad: str, tmp_path: Path) -> None:
    figures, _ = run(Size(villages=1, reports=20, days=2, samples=2), tmp_path, control=control)
    assert figures["findings"][bad] > 0
    assert figures["wrong"]


def samples(rss_mb: float, more_a_day: float) -> list[Sample]:
    return [
        Sample(d, d, d, rss_mb + more_a_day * d + d % 3, 100_000, 200_000, 40, 90, 1, 1, 1, 0)
        for d in range(3 * FEWEST)
    ]


def test_a_slope_is_the_median_of_all_pairs_so_that_one_outlier_is_none() -> None:
    assert slope([*((d, d) for d in range(20)), (20, 900)]) == pytest.approx(1.0)
    assert slope([(1, 1)]) == 0.0


def test_caches_with_a_bound_are_emptied_and_others_are_not() -> None:
    as_e164("0812-0000-1234")
    area_table()
    empty_bounded_caches()
    assert as_e164.cache_info().currsize == 0
    assert area_table.cache_info().currsize


def test_memory_that_wavers_is_flat_and_memory_that_grows_is_told() -> None:
    assert judge_memory(samples(200, 0.0), from_day=5)["verdict"] == "flat"
    assert judge_memory(samples(200, 1.0), from_day=5)["verdict"] == "grows"
    assert judge_memory(samples(200, 1.0), from_day=30)["verdict"] == "not judged"

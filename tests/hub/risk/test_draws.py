"""Draws as they are kept: once for each report of the lowest band, for good, and forgotten with it."""

from __future__ import annotations

from typing import Any

from inbox_arrivals import arrive
from village import Region

from hub.risk.draws import RandomDraws
from hub.risk.models import RandomDraw


def kept(region: Region) -> dict[str, Any]:
    return {row.report: row for row in RandomDraw.select().execute(region.hub.store.database)}


def test_each_low_report_has_one_draw_that_no_later_setting_changes(region: Region) -> None:
    region.random_share = 1.0
    store = region.hub.store
    low, also = arrive(region, "satu", "dua", indicators=["no_contract"])
    [strong] = arrive(region, "kuat", indicators=["deception", "documents_held"])
    assert kept(region).keys() == {low, also}
    assert all(row.drawn and row.chance == 1 for row in kept(region).values())
    store.writer.run(lambda: RandomDraws(store.database, b"other", 0.000001).draw([low, also, strong]))
    assert {row.report: row.drawn for row in kept(region).values()} == {low: True, also: True, strong: False}
    store.writer.run(lambda: store.inbox.refresh(low))
    assert len(kept(region)) == 3
    store.writer.run(lambda: [forget([low]) for forget in store.forgetting.also])
    assert kept(region).keys() == {also, strong}


def test_what_was_not_drawn_is_kept_as_well_and_a_share_of_nothing_draws_nothing(region: Region) -> None:
    region.random_share = 1e-12
    [low] = arrive(region, "satu")
    row = kept(region)[low]
    assert (row.drawn, row.chance, row.excused) == (False, 1e-12, False)
    store = region.hub.store
    store.writer.run(lambda: RandomDraws(store.database, b"k", 0).draw(["a"]))
    assert kept(region).keys() == {low}
    assert RandomDraws(store.database, b"k").of([]) == {}

"""Drawn reports in the inbox: they wait, are not put aside unverified, and who takes one out says why."""

from __future__ import annotations

import pytest
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.cases.services import InboxChoice
from hub.cases.states import StepRefused
from hub.risk.models import RandomExcuse
from hub.services import SignedIn, UnknownReport

THERE = SignedIn("jauh", "analyst", (OTHER_VILLAGE[:5],))


def waiting(region: Region) -> list[str]:
    rows, _ = region.hub.store.inbox.page(InboxChoice(drawn=True), before=None, limit=9, who=SARI)
    assert all(row.score is not None and row.score.drawn for row in rows)
    return sorted(row.report.id for row in rows)


def test_a_drawn_report_waits_until_it_is_verified(region: Region) -> None:
    region.random_share = 1.0
    store = region.hub.store
    first, second = arrive(region, "satu", "dua", indicators=["no_contract"])
    arrive(region, "kuat", indicators=["deception", "documents_held"])
    assert waiting(region) == sorted([first, second])
    assert [store.inbox.drawn_waiting(who) for who in (SARI, THERE)] == [2, 0]
    done = store.triage.discard_many([first], "bukan urusan kami", who=SARI)
    assert "terpilih secara acak" in done.refused[first]
    store.triage.step(first, "verification", "refuted", "diperiksa", seen=None, who=SARI)
    assert waiting(region) == [second]
    store.triage.step(first, "signal", "discarded", "tidak benar", seen=None, who=SARI)
    view = store.draws.view(first, who=SARI)
    assert view is not None
    assert (view.draw.drawn, view.waits) == (True, False)


def test_it_is_taken_out_with_a_reason_that_stays(region: Region) -> None:
    region.random_share = 1.0
    store = region.hub.store
    [report] = arrive(region, "satu")
    with pytest.raises(StepRefused, match="alasannya"):
        store.draws.excuse(report, True, " ", seen=0, who=SARI)
    with pytest.raises(UnknownReport):
        store.draws.excuse(report, True, "jauh", seen=0, who=THERE)
    store.draws.excuse(report, True, "pelapor dalam bahaya bila ditanya", seen=0, who=SARI)
    assert waiting(region) == []
    [row] = RandomExcuse.select().execute(store.database)
    assert "bahaya" not in row.reason
    with pytest.raises(StepRefused, match="Orang lain"):
        store.draws.excuse(report, False, "lagi", seen=0, who=BUDI)
    with pytest.raises(StepRefused, match="keadaan itu"):
        store.draws.excuse(report, True, "lagi", seen=row.id, who=BUDI)
    store.triage.step(report, "signal", "discarded", "bukan urusan kami", seen=None, who=SARI)
    store.triage.step(report, "signal", "kept", "ternyata perlu", seen=None, who=SARI)
    store.draws.excuse(report, False, "sudah aman", seen=row.id, who=BUDI)
    assert waiting(region) == [report]
    view = store.draws.view(report, who=BUDI)
    assert view is not None
    assert [(one.by, one.excused, one.reason) for one in view.history] == [
        ("sari", True, "pelapor dalam bahaya bila ditanya"),
        ("budi", False, "sudah aman"),
    ]
    about = f"report {report}"
    assert ("sari", "draw excused", about) in noted(region)
    assert ("budi", "draw restored", about) in noted(region)


def test_of_what_was_not_drawn_there_is_nothing_to_take_out(region: Region) -> None:
    [report] = arrive(region, "satu", village=VILLAGE)
    store = region.hub.store
    assert store.draws.view(report, who=SARI) is None
    with pytest.raises(UnknownReport):
        store.draws.excuse(report, True, "x", seen=0, who=SARI)

"""Tables of weights at a hub: refitted, tried in the shadow, switched by two, undone."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

import pytest
from inbox_arrivals import BUDI, arrive, noted
from verified_reports import verified
from village import VILLAGE, Region

from hub.learning import comparing, refitting
from hub.learning.challenging import Challenging
from hub.learning.weight_services import WeightsRefused
from hub.risk.models import ShadowScore, TriageScore
from hub.services import SignedIn

WEEK_S = 7 * 86_400
KETUT = SignedIn("ketut", "administrator")
HERE = SignedIn("desa", "administrator", (VILLAGE[:5],))
YES, NO = "confirmed", "refuted"
TELLING: dict[str, Any] = {"indicators": ["no_licence", "night_transport"]}
IDLE: dict[str, Any] = {"indicators": ["wrong_visa", "no_licence"]}


@pytest.fixture
def weights(region: Region, monkeypatch: pytest.MonkeyPatch) -> Challenging:
    monkeypatch.setattr(refitting, "LEAST_LABELS", 8)
    monkeypatch.setattr(refitting, "LEAST_CONFIRMED", 3)
    monkeypatch.setattr(comparing, "LEAST_COMPARED", 4)
    monkeypatch.setattr(comparing, "LEAST_CONFIRMED_COMPARED", 2)
    return region.hub.store.early.weights


def learned(region: Region) -> str:
    verified(region, [YES] * 8, **TELLING)
    verified(region, [NO] * 8, **IDLE)
    region.clock.advance(WEEK_S)
    return region.hub.store.early.weights.refit(0, who=KETUT)


def scored(region: Region, report: str) -> tuple[str, int]:
    row = TriageScore.select().where(TriageScore.report == report).get(region.hub.store.database)
    return row.version, row.points


@pytest.mark.parametrize("database_url", [None])
def test_a_table_is_tried_on_new_reports_and_shown_nowhere(region: Region, weights: Challenging) -> None:
    version = learned(region)
    view = weights.view(who=KETUT)
    assert view.trial is not None
    assert (view.champion, view.trial.version, view.trial.labels, view.trial.confirmed) == (
        "2026-11",
        version,
        16,
        8,
    )
    points = {row.sign: (row.champion, row.challenger) for row in view.signs}
    assert "child" not in points
    assert points["night_transport"][1] > points["wrong_visa"][1]  # type: ignore[operator]
    [new] = arrive(region, "baru", **TELLING)
    [shadow] = ShadowScore.select().execute(region.hub.store.database)
    assert (shadow.report, shadow.version) == (new, version)
    assert scored(region, new) == ("2026-11", 2)
    assert shadow.points > 2
    tried = weights.view(who=KETUT).trial
    assert tried is not None
    assert (tried.shadowed, tried.higher, tried.lower) == (1, 1, 0)
    shown = region.hub.store.scores.view(new, who=BUDI)
    assert (shown.standing.points, shown.assessment.version) == (2, "2026-11")
    verified(region, [YES, YES], **TELLING)
    verified(region, [NO, NO], **IDLE)
    found = weights.compare(2, who=KETUT)
    assert (found.labels, found.confirmed, found.reports) == (4, 2, 5)
    assert found.challenger.brier < found.champion.brier
    store = region.hub.store
    store.writer.run(lambda: [forget([new]) for forget in store.forgetting.also])
    assert ShadowScore.select().where(ShadowScore.report == new).count(store.database) == 0


def test_two_people_switch_and_one_brings_back_and_reports_keep_their_table(
    region: Region, weights: Challenging
) -> None:
    version = learned(region)
    [before] = arrive(region, "sebelum", **TELLING)
    with pytest.raises(WeightsRefused, match="belum diusulkan"):
        weights.decide(version, True, "ya", seen=0, who=BUDI)
    with pytest.raises(WeightsRefused, match="alasannya"):
        weights.propose(version, " ", seen=0, who=KETUT)
    with pytest.raises(WeightsRefused, match="sedang dicoba"):
        weights.propose("2026-11", "lagi", seen=0, who=KETUT)
    weights.propose(version, "lebih baik", seen=0, who=KETUT)
    last = weights.view(who=KETUT).last
    with pytest.raises(WeightsRefused, match="orang kedua"):
        weights.decide(version, True, "ya", seen=last, who=KETUT)
    with pytest.raises(WeightsRefused, match="Orang lain"):
        weights.decide(version, True, "ya", seen=0, who=BUDI)
    weights.decide(version, True, "sudah saya periksa", seen=last, who=BUDI)
    [after] = arrive(region, "sesudah", **TELLING)
    store = region.hub.store
    for one in (before, after):
        store.writer.run(partial(store.inbox.refresh, one))
    assert scored(region, before) == ("2026-11", 2)
    assert scored(region, after)[0] == version
    assert scored(region, after)[1] > 2
    shown = store.scores.view(after, who=BUDI)
    assert (shown.assessment.version, shown.assessment.points) == scored(region, after)
    assert "refitted, 16 labels" in shown.assessment.lines[0].source
    view = weights.view(who=BUDI)
    assert (view.champion, view.trial, view.before) == (version, None, "2026-11")
    assert weights.undo("ternyata tidak", seen=view.last, who=BUDI) == "2026-11"
    [later] = arrive(region, "kemudian", **TELLING)
    assert scored(region, later) == ("2026-11", 2)
    with pytest.raises(WeightsRefused, match="dapat dibatalkan"):
        weights.undo("lagi", seen=None, who=BUDI)
    steps = [(by, what) for by, what, about in noted(region) if about == f"weights {version}"]
    assert steps == [
        ("ketut", "weights refitted"),
        ("ketut", "weights proposed"),
        ("budi", "weights switched"),
    ]
    assert ("budi", "weights undone", "weights 2026-11") in noted(region)


@pytest.mark.parametrize("database_url", [None])
def test_it_is_refused_with_what_is_missing_and_to_who_sees_a_part(
    region: Region, weights: Challenging
) -> None:
    verified(region, [YES, NO], **TELLING)
    region.clock.advance(WEEK_S)
    with pytest.raises(WeightsRefused, match="kurang 6, dan kurang 2 yang terbukti"):
        weights.refit(0, who=KETUT)
    assert weights.view(who=KETUT).missing == (6, 2)
    with pytest.raises(WeightsRefused, match="disisihkan"):
        weights.refit(3, who=KETUT)
    with pytest.raises(WeightsRefused, match="Tidak ada tabel"):
        weights.compare(5, who=KETUT)
    for asked in (
        lambda: weights.view(who=HERE),
        lambda: weights.compare(5, who=HERE),
        lambda: weights.refit(0, who=HERE),
        lambda: weights.propose("1", "x", seen=None, who=HERE),
        lambda: weights.decide("1", True, "x", seen=None, who=HERE),
        lambda: weights.undo("x", seen=None, who=HERE),
    ):
        with pytest.raises(WeightsRefused, match="seluruh hub"):
            asked()


@pytest.mark.parametrize("database_url", [None])
def test_later_weeks_are_never_learned_from_and_a_rejected_table_is_gone(
    region: Region, weights: Challenging
) -> None:
    version = learned(region)
    verified(region, [NO] * 4, **TELLING)
    view = weights.view(who=KETUT)
    assert view.trial is not None
    assert (view.labels, view.trial.labels) == (20, 16)
    until = datetime.datetime.fromtimestamp(view.trial.until, region.hub.store.week_counts.zone)
    assert (until.weekday(), until.hour) == (0, 0), "whole weeks"
    with pytest.raises(WeightsRefused, match="ada 4 hasil verifikasi, 0 di antaranya terbukti"):
        weights.compare(5, who=KETUT)
    weights.decide(version, False, "terlalu sedikit", seen=0, who=KETUT)
    assert weights.view(who=KETUT).trial is None
    arrive(region, "baru")
    # The four that came while it was on trial, and no more.
    assert ShadowScore.select().count(region.hub.store.database) == 4

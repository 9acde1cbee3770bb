"""The evaluation of a hub: bands against verification, forecasts, recall, and who sees what of it."""

from __future__ import annotations

from typing import Any

import pytest
from findings import finding
from inbox_arrivals import BUDI, noted
from verified_reports import STRONG, WEAK, verified
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.learning import labels
from hub.learning.kept import KEPT_S
from hub.learning.labels import Judged, weights
from hub.learning.measures import Share
from hub.learning.services import LEAST_SHOWN, Evaluation, GroupRow
from hub.learning.told import as_csv, as_json
from hub.risk.models import RandomDraw
from hub.services import SignedIn
from hub.warning.risk import Cell
from hub.warning.services import Closing

WEEK_S = 7 * 86_400
YES, NO, UNKNOWN = "confirmed", "refuted", "unverifiable"
HERE = SignedIn("desa", "supervisor", (VILLAGE[:5],))
THERE = SignedIn("jauh", "supervisor", (OTHER_VILLAGE[:5],))


def counts(share: Share | None) -> tuple[int, int] | None:
    return None if share is None else (share.count, share.of)


def filled(region: Region) -> Evaluation:
    """Two weeks: of strong reports most are confirmed, of weak ones one is, and that came first of all."""
    family: dict[str, Any] = {"reporter": {"relation": "family"}}
    verified(region, [YES, ""], **WEAK)
    region.clock.advance(60)
    verified(region, [YES] * 5, **STRONG, **family)
    region.clock.advance(60)
    verified(region, [NO], **STRONG, **family)
    verified(region, [NO], village=OTHER_VILLAGE, **WEAK)
    region.clock.advance(WEEK_S)
    [lowered, *_] = verified(region, [YES] * 3 + [NO, UNKNOWN], **STRONG, **family)
    region.hub.store.scores.override(lowered, "medium", "sudah jelas", seen=0, who=BUDI)
    return region.hub.store.early.evaluating.evaluation(13, 5, who=BUDI)


def test_it_sets_bands_against_verification_and_hides_what_is_too_small(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = filled(region)
    bands = {row.band: row for row in found.bands}
    assert list(bands) == ["urgent", "high", "medium", "low"]
    high, low = bands["high"], bands["low"]
    assert (high.reports, high.confirmed, high.refuted, high.unverifiable) == (11, 8, 2, 1)
    assert (low.reports, low.confirmed, low.refuted, counts(low.share)) == (3, 1, 1, (1, 2))
    # The second week's four labels are forecast by the first: (5 + 1) / (6 + 2), of all (6 + 1) / (8 + 2).
    assert found.forecasts == 4
    assert found.brier == pytest.approx((3 * 0.25**2 + 0.75**2) / 4)
    assert found.brier_usual == pytest.approx((3 * 0.3**2 + 0.7**2) / 4)
    assert [(one.low, counts(one.came)) for one in found.reliability] == [(0.6, (3, 4))]
    # Five a week reach every strong one, but not the weak one that came first.
    assert (counts(found.by_rank), counts(found.by_arrival)) == ((8, 9), (7, 9))
    [override] = found.overrides
    assert (override.scored, override.raised, override.lowered) == (14, 0, 1)
    assert LEAST_SHOWN == 11
    assert [(row.name, counts(row.share)) for row in found.districts] == [
        (VILLAGE[:5], (9, 11)),
        (OTHER_VILLAGE[:5], None),
    ]
    assert [(row.name, counts(row.share)) for row in found.relations] == [("", None), ("family", None)]
    assert found.relations_of == 12
    told, text = as_json(found), as_csv(found)
    assert told["districts"][1] == {"district": OTHER_VILLAGE[:5], "confirmed": None}
    assert f"districts,{OTHER_VILLAGE[:5]},confirmed,,<11,," in text.splitlines()
    assert "bands,high,confirmed,8,10,0.4902,0.9433" in text.splitlines()
    monkeypatch.setattr(labels, "MOST_LOOKED_AT", 6)
    cut = region.hub.store.early.evaluating.evaluation(13, 5, who=BUDI)
    assert (found.is_cut, cut.is_cut, cut.looked_at) == (False, True, 6)
    assert counts(cut.by_rank) == (3, 3), "nothing is said of a week of which a part is missing"


def test_an_account_sees_the_figures_of_its_areas_alone_and_each_look_is_noted(region: Region) -> None:
    verified(region, [YES, NO], **STRONG)
    verified(region, [YES], village=OTHER_VILLAGE, **WEAK)
    signals = region.hub.store.early.signals
    [taken, other] = signals.take_findings([finding(), finding(unit=VILLAGE[:8])], region.clock.wall_s())
    signals.close(other.signal, Closing("unknown", "no_contact", "tak ada", {}), seen=None, who=BUDI)
    for to in ("verification", "assessment"):
        signals.move(taken.signal, to, "", seen=None, who=BUDI)
    signals.assess(taken.signal, Cell(2, 2), "satu perekrut", seen=None, who=BUDI)
    signals.close(taken.signal, Closing("true", "warned", "benar", {}), seen=None, who=BUDI)
    evaluating = region.hub.store.early.evaluating
    here, there = (evaluating.evaluation(13, 20, who=who) for who in (HERE, THERE))
    assert [row.name for row in here.districts] == [VILLAGE[:5]]
    assert [row.name for row in there.districts] == [OTHER_VILLAGE[:5]]
    assert (here.looked_at, there.looked_at) == (2, 1)
    [rule] = here.rules
    assert (rule.figures.rule, counts(rule.confirmed), there.rules) == ("kentongan", (1, 1), ())
    assert (rule.figures.raised, rule.figures.unknown) == (2, 1), "what is not known is of no share"
    assert {clock.name: (clock.met, clock.known) for clock in rule.figures.clocks}["notify"] == (2, 2)
    evaluating.evaluation(13, 20, who=HERE, exported=True)
    assert [one for one in noted(region) if one[2] == "evaluation all"] == [
        ("desa", "evaluation seen", "evaluation all"),
        ("jauh", "evaluation seen", "evaluation all"),
        ("desa", "evaluation exported", "evaluation all"),
    ]


def test_of_a_place_or_a_reporter_there_is_no_score() -> None:
    assert set(GroupRow.__annotations__) == {"name", "share"}


@pytest.mark.parametrize("database_url", [None])
def test_it_tells_what_may_be_asked(region: Region) -> None:
    evaluating = region.hub.store.early.evaluating
    with pytest.raises(ValueError, match="one of 13, 26, 52"):
        evaluating.evaluation(12, 20, who=BUDI)
    with pytest.raises(ValueError, match="1 to 1000"):
        evaluating.evaluation(13, 0, who=BUDI)
    assert noted(region) == []
    empty = evaluating.evaluation(13, 20, who=BUDI)
    assert (empty.looked_at, empty.brier, empty.by_rank, empty.rules) == (0, None, None, ())


@pytest.mark.parametrize("database_url", [None])
def test_drawn_reports_stand_for_all_of_the_lowest_band(region: Region) -> None:
    store = region.hub.store
    ids = verified(region, ["", "", YES, YES, YES, ""] + [""] * 14, **WEAK)
    verified(region, [YES, NO], **STRONG)
    rows = [
        {"report": one, "chance": 0.2, "drawn": at in (0, 1, 2, 5), "excused": at == 5}
        for at, one in enumerate(ids)
    ]
    store.writer.run(lambda: RandomDraw.insert_many(rows).execute(store.database))
    for report, result in ((ids[0], NO), (ids[1], NO)):
        store.triage.step(report, "verification", result, "diperiksa", seen=None, who=BUDI)
    found = store.early.evaluating.evaluation(13, 1, who=BUDI)
    one = found.random
    assert (one.reports, one.drawn, one.confirmed, one.refuted, one.excused, one.waiting) == (
        20,
        4,
        1,
        2,
        1,
        0,
    )
    assert counts(one.wrong) == (1, 3)
    assert one.true is not None
    assert one.true[0] == pytest.approx(20 / 3)
    assert one.true[1] < 20 / 3 < one.true[2]
    assert one.bounds == pytest.approx((0.25, 0.5))
    # Two that people chose and found true are in the drawn ones already.
    low = {row.band: row for row in found.bands}["low"]
    assert (low.confirmed, low.refuted, counts(low.share)) == (3, 2, (1, 3))
    assert found.is_weighted
    # The week's first is a strong one, which is true: 1 of 1 + 5 x 1.
    assert found.by_rank is not None
    assert found.by_rank.share == pytest.approx(1 / 6)
    assert 'random share,lowest band,"true, estimated",6.7,20,' in as_csv(found)
    assert as_json(found)["random_share"]["wrong"]["of"] == 3


def test_without_a_verified_draw_each_label_stands_for_itself() -> None:
    low = {"district": "52.02", "band": "low", "points": 1, "version": "v", "staff_band": None}
    chosen = Judged("a", 1.0, verification=YES, chance=0.05, **low)  # type: ignore[arg-type]
    waits = Judged("b", 1.0, verification="not_begun", chance=0.05, drawn=True, **low)  # type: ignore[arg-type]
    drawn = Judged("c", 1.0, verification=NO, chance=0.05, drawn=True, **low)  # type: ignore[arg-type]
    assert weights([chosen, waits]) == {"a": 1.0}
    assert weights([chosen, waits, drawn]) == {"a": 0.0, "c": 20.0}


def test_figures_are_shown_again_for_a_few_minutes_to_the_same_areas_alone(region: Region) -> None:
    verified(region, [YES, NO], **STRONG)
    evaluating = region.hub.store.early.evaluating

    def looked(who: SignedIn, *, may_be_kept: bool = True) -> int:
        return evaluating.evaluation(13, 5, who=who, may_be_kept=may_be_kept).looked_at

    assert looked(HERE) == 2
    verified(region, [YES], **STRONG)
    assert (looked(HERE), looked(THERE), looked(BUDI)) == (2, 0, 3), "what was worked out is of these areas"
    assert looked(HERE, may_be_kept=False) == 3
    assert looked(HERE) == 3, "and the newest figures are the ones that are kept"
    verified(region, [YES], **STRONG)
    region.clock.advance(KEPT_S)
    assert looked(HERE) == 4
    looks = [what for _, what, _ in noted(region) if what == "evaluation seen"]
    assert len(looks) == 7, "each look is noted"

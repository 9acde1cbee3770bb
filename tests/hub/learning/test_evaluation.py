"""The evaluation of a hub: bands against verification, forecasts, recall, and who sees what of it."""

from __future__ import annotations

from typing import Any

import pytest
from findings import finding
from inbox_arrivals import BUDI, noted
from verified_reports import STRONG, WEAK, verified
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.learning import labels
from hub.learning.measures import Share
from hub.learning.services import LEAST_SHOWN, Evaluation, GroupRow
from hub.learning.told import as_csv, as_json
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

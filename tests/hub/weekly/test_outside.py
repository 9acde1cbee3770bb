"""What of a week goes outside: nothing small, nothing that gives it away, and only of the whole hub."""

from __future__ import annotations

from dataclasses import replace

import pytest
from weekly_figures import FACTS

from hub.weekly.facts import HIDDEN, District, UnknownForm, from_text, to_text
from hub.weekly.outside import for_outside, rounded


def test_figures_come_back_from_their_text_as_they_were() -> None:
    assert from_text(to_text(FACTS)) == FACTS
    with pytest.raises(UnknownForm):
        from_text(to_text(FACTS).replace('"form": 1', '"form": 2'))


def test_small_numbers_and_what_gives_them_away_are_hidden_and_others_rounded() -> None:
    told = for_outside(FACTS)
    assert [rounded(count) for count in (0, 10, 11, 15, 16)] == [HIDDEN, HIDDEN, 15, 15, 20]
    assert told.reports.total == 70
    # 3 is small; 13 would give it away.
    assert [now for _, now, _ in told.reports.kinds] == [55, HIDDEN, HIDDEN]
    by_code = {one.code: one.now for one in told.reports.districts}
    assert by_code == {"52.02": 30, "52.03": 15}, "no hidden one stands there"
    assert told.reports.provinces == (("52", 40), ("53", 30))
    assert told.reports.weeks == ((20_822, HIDDEN), (20_829, 70))
    assert (told.urgent.rang, told.urgent.in_time) == (40, 25)
    assert (told.signals.raised, told.signals.true) == (15, HIDDEN)
    assert (told.learned.true, told.learned.decided) == (20, 35)
    assert told.urgent.read == HIDDEN
    # Of 34 with 24 true 10 were false: few, so neither is told.
    few = for_outside(replace(FACTS, learned=replace(FACTS.learned, true=24))).learned
    assert (few.true, few.decided) == (HIDDEN, HIDDEN)


def test_no_area_stands_among_the_hidden_which_would_say_that_it_has_some() -> None:
    few = (*FACTS.reports.districts, District("31.71", 2, 1))
    told = for_outside(replace(FACTS, reports=replace(FACTS.reports, districts=few)))
    assert "31" not in {code for code, _ in told.reports.provinces}
    assert not any(one.now == HIDDEN for one in told.reports.districts)
    assert all(count != HIDDEN for _, count in told.reports.provinces)


def test_nothing_of_the_inside_is_left() -> None:
    text = to_text(for_outside(FACTS))
    for inside in ("Paspor", "52.02.08.2001", "53.18.01.2003", "excess", "high", "notify"):
        assert inside not in text.replace('"high": null', "")
    told = for_outside(FACTS)
    assert {one.before for one in told.reports.districts} == {told.reports.before} == {HIDDEN}
    assert all(one.low is None and one.high is None for one in told.reports.districts)
    assert told.bulletins.waiting == HIDDEN
    assert set(vars(told.waiting).values()) == set(vars(told.rights).values()) == {HIDDEN}


def test_only_the_whole_hub_goes_outside() -> None:
    with pytest.raises(ValueError, match="whole hub"):
        for_outside(replace(FACTS, areas=("52",)))

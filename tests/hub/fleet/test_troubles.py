"""What is wrong with a box, and who stands first."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from hub.fleet.services import UpdateView
from hub.fleet.troubles import (
    DAY_S,
    KINDS,
    WEIGHTS,
    BoxState,
    needs_person,
    place_of,
    silent_days,
    troubles_of,
)
from hub.fleet.words import update_in_words
from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust, DiskFree, QueueAge, RadioGrade
from sync.wire.numbers import UpdateTrouble

NOW = 1_800_000_000.0
FINE = Beacon(clock=ClockTrust.HUB, disk=DiskFree.ENOUGH, radio=RadioGrade.GOOD)


def box(node: int = 1, *, days: float | None = 0, beacon: Beacon | None = FINE, unclean: int = 0) -> BoxState:
    at = None if days is None else NOW - days * DAY_S
    return BoxState(node, NOW - 30 * DAY_S, at, beacon, unclean)


def test_a_box_that_is_well_has_no_trouble() -> None:
    assert troubles_of(box(), NOW) == ()
    assert troubles_of(box(beacon=None), NOW) == ()
    assert not needs_person(())


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (box(days=3), "silent"),
        (box(days=None), "never"),
        (box(beacon=Beacon(flags=BeaconFlag.DATABASE_DAMAGED, clock=ClockTrust.HUB)), "damaged"),
        (box(beacon=Beacon(disk=DiskFree.FULL, clock=ClockTrust.HUB)), "full"),
        (box(beacon=Beacon(disk=DiskFree.NEARLY_FULL, clock=ClockTrust.HUB)), "nearly_full"),
        (box(beacon=Beacon(queue=QueueAge.WEEK, clock=ClockTrust.HUB)), "queue"),
        (box(beacon=Beacon(flags=BeaconFlag.POWER_LOW_NOW, clock=ClockTrust.HUB)), "power_low"),
        (box(beacon=Beacon(flags=BeaconFlag.RADIO_UNPLUGGED, clock=ClockTrust.HUB)), "unplugged"),
        (box(beacon=Beacon(temperature_c=80, clock=ClockTrust.HUB)), "hot"),
        (box(beacon=Beacon(clock=ClockTrust.UNKNOWN)), "clock"),
        (box(beacon=Beacon(radio=RadioGrade.WEAK, clock=ClockTrust.HUB)), "weak"),
        (box(unclean=5), "unclean"),
        (replace(box(), told_at=NOW - 7 * DAY_S, called_at=NOW), "mute"),
    ],
)
def test_each_trouble_is_seen_alone(state: BoxState, kind: str) -> None:
    assert troubles_of(state, NOW) == (kind,)
    assert needs_person((kind,)) is (kind != "weak")


def test_just_below_a_limit_is_no_trouble() -> None:
    assert (
        troubles_of(box(days=2.99, unclean=4, beacon=Beacon(temperature_c=79, clock=ClockTrust.HUB)), NOW)
        == ()
    )
    assert troubles_of(BoxState(1, NOW - 6 * DAY_S, None, None), NOW) == ()
    assert troubles_of(replace(box(), told_at=NOW - 6.9 * DAY_S, called_at=NOW), NOW) == ()
    # It called for a week without a word, and calls no more: that it is silent is what a person must hear.
    mute = replace(box(days=4), told_at=NOW - 20 * DAY_S, called_at=NOW - 4 * DAY_S)
    assert troubles_of(mute, NOW) == ("silent",)
    assert silent_days(box(days=9.5), NOW) == 9


def test_who_needs_a_person_more_stands_before_and_no_two_share_a_place() -> None:
    kinds = [(), *[(kind,) for kind in reversed(KINDS)]]
    places = [place_of(box(7), one, NOW) for one in kinds]
    assert places == sorted(places, reverse=True)
    longer = place_of(box(8, days=9), ("silent",), NOW)
    assert longer < place_of(box(7, days=4), ("silent",), NOW)
    assert place_of(box(1), (), NOW) < place_of(box(2), (), NOW)
    all_places = [place_of(box(n, days=d), (k,), NOW) for n, d, k in itertools.product((1, 9), (0, 5), KINDS)]
    assert len(set(all_places)) == len(all_places)
    assert len(WEIGHTS) == len(set(WEIGHTS.values()))
    assert max(all_places) < 2**53 < 2**63


@pytest.mark.parametrize(
    ("trial", "left", "trouble", "said"),
    [
        ("", "", 0, ""),
        ("0.3.0", "0.2.0", UpdateTrouble.CRASHED, "versi 0.3.0 sedang dicoba"),
        ("", "", UpdateTrouble.SIGNATURE, "sebuah berkas rilis ditolak: "),
        ("", "0.3.0", UpdateTrouble.CARD, "versi 0.3.0 tidak dipasang: "),
        ("", "0.3.0", UpdateTrouble.CRASHED, "kembali dari versi 0.3.0: "),
    ],
)
def test_what_a_box_says_of_its_versions_is_one_sentence(
    trial: str, left: str, trouble: int, said: str
) -> None:
    found = update_in_words(UpdateView("0.2.0", trial, left, UpdateTrouble(trouble), NOW))
    assert found.startswith(said)
    assert bool(found) == bool(said)

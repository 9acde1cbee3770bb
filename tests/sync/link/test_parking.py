"""What comes before its epoch's key waits for it, and for no other."""

from __future__ import annotations

from typing import Any

import pytest

from sync.link.hearing import Arrival, KnownEpoch, Placed
from sync.link.hub_session import HubSession
from sync.link.parking import MAX_PARKED, Parked
from sync.wire.frame_codec import SharedFrame

NONE: Any = None
ONE, OTHER = (KnownEpoch(bytes([number]) * 8, number, NONE, NONE) for number in (1, 2))


def arrival(counter: int) -> Arrival:
    return Arrival((), counter, b"sealed")


def test_an_envelope_is_given_back_once_under_its_own_tag_with_the_epochs_that_are_known_now() -> None:
    parked = Parked()
    parked.keep(7, arrival(1), arrival(2))
    parked.keep(8, arrival(3))
    assert parked.take_back(7, ()) == []
    assert parked.take_back(9, (ONE,)) == []
    found = parked.take_back(7, (ONE, OTHER))
    assert [(one.counter, one.candidates) for one in found] == [(1, (ONE, OTHER)), (2, (ONE, OTHER))]
    assert parked.take_back(7, (ONE,)) == []
    assert [one.counter for one in parked.take_back(8, (ONE,))] == [3]


def test_a_frame_waits_until_an_epoch_places_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def place(frame: SharedFrame, candidates: Any) -> Placed | None:
        return Placed(ONE, (arrival(5),)) if ONE in candidates else None

    monkeypatch.setattr(HubSession, "place", staticmethod(place))
    parked = Parked()
    parked.keep(7, SharedFrame(7, (), bytes(8), None))
    assert parked.take_back(7, (OTHER,)) == []
    assert parked.take_back(7, (OTHER, ONE)) == [arrival(5)]
    assert parked.take_back(7, (ONE,)) == []
    # Looked at in vain it grows no younger: who sends what nobody places does not push out the others.
    parked.keep(7, SharedFrame(7, (), bytes(8), None))
    parked.keep(8, *(arrival(counter) for counter in range(MAX_PARKED - 1)))
    assert parked.take_back(7, (OTHER,)) == []
    parked.keep(9, arrival(1))
    assert len(parked.take_back(8, (ONE,))) == MAX_PARKED - 1
    assert parked.take_back(7, (ONE,)) == []


def test_the_oldest_makes_room() -> None:
    parked = Parked()
    parked.keep(7, *(arrival(counter) for counter in range(MAX_PARKED + 1)))
    found = parked.take_back(7, (ONE,))
    assert [one.counter for one in found] == list(range(1, MAX_PARKED + 1))

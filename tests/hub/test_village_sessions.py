"""Summaries of awareness sessions on their way to the hub, and what is kept of them there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from content.quiz import Tally
from hub.models import Envelope
from hub.services import SessionCount
from sync.errors import MalformedWire
from sync.wire.session_summary import SessionSummary, encode_summary
from village_node.awareness import Plan

PLAN = Plan(date(2026, 11, 25), "morning", ("perekrut",), "tawaran")


def hold(region: Region, village: str = VILLAGE, people: int = 40) -> SessionSummary:
    """Hold a session in a village and close it; return its summary."""
    sessions = region.node(village).sessions
    session_id = sessions.plan(PLAN)
    sessions.count(session_id, 1, people)
    for question in range(8):
        sessions.set_hands(session_id, "before", question, Tally(10, 20, 10))
        sessions.set_hands(session_id, "after", question, Tally(30, 5, 5))
    summary = sessions.summary(sessions.get(session_id))
    sessions.close(session_id)
    return summary


def at_the_hub(region: Region, node: int = 1) -> list[SessionSummary]:
    return [held.summary for held in region.hub.store.sessions.sessions(node)]


def test_by_radio_it_arrives_as_it_was_closed(region: Region) -> None:
    summary = hold(region)
    region.talk_by_radio(for_s=600)
    assert at_the_hub(region) == [summary]
    assert region.hub.store.sessions.sessions(1)[0].via == "radio"
    assert region.node().log.pending_count() == 0


def test_by_several_carriers_it_counts_once_and_villages_stay_apart(region: Region) -> None:
    first, second = hold(region), hold(region, OTHER_VILLAGE, people=7)
    bundle = region.node().desk.up_bundle().data
    for via in ("http", "courier"):
        region.hub.desk.exchange(bundle, via=via)
    region.settle(OTHER_VILLAGE)
    assert at_the_hub(region, 1) == [first]
    assert at_the_hub(region, 2) == [second]
    assert region.hub.store.sessions.session_counts([1, 2]) == {1: SessionCount(1, 40), 2: SessionCount(1, 7)}


def test_a_correction_replaces_it_whatever_comes_first(region: Region) -> None:
    summary = hold(region)
    sessions = region.hub.store.sessions
    later = replace(summary, revision=1, attendance=(41, *summary.attendance[1:]))

    def add(one: SessionSummary) -> None:
        region.hub.store.writer.run(lambda: sessions.add(1, encode_summary(one), via="radio", at=1.0))

    add(later)
    add(summary)
    assert at_the_hub(region) == [later]
    add(replace(later, key=later.key ^ 1, held_on=date(2026, 11, 30)))
    assert [held.held_on for held in at_the_hub(region)] == [date(2026, 11, 30), date(2026, 11, 25)]


def test_what_this_version_cannot_read_is_kept_and_receipted(region: Region) -> None:
    region.node().reporting.send(b"\x04\x02a later format", lambda: None)
    region.settle()
    assert at_the_hub(region) == []
    [row] = list(Envelope.select().execute(region.hub.store.database))
    assert not row.readable
    assert region.node().log.pending_count() == 0
    with pytest.raises(MalformedWire):
        region.hub.store.sessions.add(1, b"\x04\x02", via="radio", at=1.0)

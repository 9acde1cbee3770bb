"""How well each village is heard, as the pages ask it."""

from __future__ import annotations

from typing import Any

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.link_counts import NodeCounts, Question
from hub.services import SignedIn, UnknownVillage
from hub.village_links import SHOWN_DAYS, SILENT_AFTER_S, VillageLinks
from sync.carriers.base import HeardPayload, RadioState
from sync.link.hearing import RadioPath
from sync.link_quality import DAY_S

PATH, GATEWAY_PATH = RadioPath(0, 5), RadioPath(9, 5)
THIRD_VILLAGE = "52.02.08.2003"
ALL: dict[str, Any] = {"who": SignedIn("sari", "analyst"), "area": "", "first": 0, "limit": 100}


def links(region: Region) -> VillageLinks:
    store = region.hub.store
    return VillageLinks(store.database, store.links, region.clock, radio=None, duty_cycle=0.1)


def hear(
    region: Region, node: int = 1, *, times: int = 3, snr_db: float = 0.0, path: RadioPath = PATH
) -> None:
    counter = region.hub.store.links.counter
    counter.watched(0.0, None, -17.5, region.clock.wall_s())
    for number in range(times):
        signal = HeardPayload(b"", 5, -100.0, snr_db) if path is PATH else None
        question = Question(bytes(8), number + 1, alone=False)
        counter.heard(node, path, region.clock.wall_s(), question=question, envelopes=0, signal=signal)


class TestGrade:
    def test_a_village_that_never_spoke_is_not_graded(self, region: Region) -> None:
        region.enrolment()
        [row] = links(region).villages(**ALL).rows
        assert (row.grade, row.last_contact_at, row.last_via, row.answered_share) == (
            "unknown",
            None,
            None,
            None,
        )
        assert (row.node, row.village, row.village_name) == (1, VILLAGE, "Pringgarata")

    def test_one_that_is_heard_well_is_good(self, region: Region) -> None:
        region.enrolment()
        hear(region, snr_db=-5.0)
        [row] = links(region).villages(**ALL).rows
        assert (row.grade, row.margin_db, row.answered_share, row.last_via) == ("good", 12.5, 1.0, "radio")

    def test_after_a_day_of_silence_there_is_no_link(self, region: Region) -> None:
        region.enrolment()
        hear(region)
        region.clock.advance(SILENT_AFTER_S)
        assert links(region).villages(**ALL).rows[0].grade == "good"
        region.clock.advance(1)
        assert links(region).villages(**ALL).rows[0].grade == "none"

    def test_one_that_speaks_by_internet_only_is_not_graded_and_not_silent(self, region: Region) -> None:
        region.enrolment()
        hear(region)
        region.clock.advance(2 * DAY_S)
        region.hub.store.links.counter.bundle(1, "http", region.clock.wall_s(), envelopes=1)
        [row] = links(region).villages(**ALL).rows
        assert (row.grade, row.last_via) == ("unknown", "http")

    def test_through_a_gateway_the_answers_alone_are_graded(self, region: Region) -> None:
        region.enrolment()
        hear(region, path=GATEWAY_PATH)
        [row] = links(region).villages(**ALL).rows
        assert (row.grade, row.last_via, row.snr_db, row.margin_db) == ("good", "gateway", None, None)


class TestList:
    def test_the_worst_stands_first_and_a_replaced_box_nowhere(self, region: Region) -> None:
        for village in (VILLAGE, OTHER_VILLAGE, THIRD_VILLAGE):
            region.enrolment(village)
        hear(region, 1)
        hear(region, 2, snr_db=-16.0)
        assert [(row.node, row.grade) for row in links(region).villages(**ALL).rows] == [
            (2, "weak"),
            (1, "good"),
            (3, "unknown"),
        ]
        store = region.hub.store
        from hub.enrolling import enrol

        enrol(
            store.database,
            store.writer,
            store.identity,
            village=VILLAGE,
            village_name="Pringgarata",
            hub_url=None,
            now_s=region.clock.wall_s(),
            replace=True,
        )
        assert sorted(row.node for row in links(region).villages(**ALL).rows) == [2, 3, 4]
        with pytest.raises(UnknownVillage):
            links(region).village(1)


class TestOne:
    def test_thirty_days_end_today_and_only_heard_ones_count_as_contact(self, region: Region) -> None:
        region.enrolment()
        hear(region)
        region.clock.advance(3 * DAY_S)
        counter = region.hub.store.links.counter
        counter.bundle(1, "courier", region.clock.wall_s(), envelopes=2)
        region.clock.advance(DAY_S)
        counter.replied(1, region.clock.wall_s(), receipts=1, downs=0)  # only we spoke
        view = links(region).village(1)
        assert len(view.days) == SHOWN_DAYS
        assert [day.contact for day in view.days[-6:]] == [False, True, False, False, True, False]
        assert [day.grade for day in view.days[-5:-1]] == ["good", "unknown", "unknown", "unknown"]
        assert view.days[-2].envelopes["courier"] == 2
        assert set(view.contacts) == {"radio", "courier"}

    def test_another_number_is_no_village(self, region: Region) -> None:
        with pytest.raises(UnknownVillage):
            links(region).village(77)


class StillRadio:
    def payload_limit(self) -> int:
        return 231

    def airtime_ms(self, payload_bytes: int) -> float:
        return 1000.0

    def send(self, payload: bytes, to: int) -> bool:
        return True

    def receive(self, timeout_s: float) -> HeardPayload | None:
        return None

    def state(self) -> RadioState:
        return RadioState(True, 1, 16, None, 0.3, region_duty_cycle=0.01)

    def close(self) -> None:
        pass


def test_the_hubs_own_radio_stands_against_the_narrower_limit(region: Region) -> None:
    store = region.hub.store
    found = VillageLinks(store.database, store.links, region.clock, radio=StillRadio(), duty_cycle=0.1)
    store.links.counter.watched(100.0, 0.3, -17.5, region.clock.wall_s())
    store.links.counter.sent(b"\x58", PATH, 2500.0, region.clock.wall_s())
    own = found.own_radio()
    assert own is not None
    assert (own.connected, own.duty_cycle, len(own.days)) == (True, 0.01, SHOWN_DAYS)
    assert (own.days[-1].sending_share, own.days[-1].channel_used, own.days[-2].sending_share) == (
        0.025,
        0.3,
        None,
    )


def test_a_hub_without_a_radio_has_none(region: Region) -> None:
    assert links(region).own_radio() is None


def test_the_share_of_answered_questions_counts_missed_ones() -> None:
    from hub.village_links import _answered

    assert _answered(NodeCounts(questions_heard=6, questions_missed=2, receipts_lost=2)) == 0.5


def test_very_many_villages_come_by_their_silence_and_in_parts(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.village_links.GRADED_AT_ONCE", 2)
    for village in (VILLAGE, OTHER_VILLAGE, THIRD_VILLAGE):
        region.node(village)
    for node in (1, 3):
        hear(region, node)
        region.clock.advance(60)
    part = links(region).villages(**{**ALL, "limit": 2})
    assert ([row.node for row in part.rows], part.count, part.by_silence) == ([2, 1], 3, True)
    assert [row.node for row in links(region).villages(**{**ALL, "first": 2}).rows] == [3]
    assert links(region).villages(**{**ALL, "area": OTHER_VILLAGE[:5]}).count == 1
    near = SignedIn("budi", "analyst", areas=(VILLAGE[:5],))
    assert links(region).villages(**{**ALL, "who": near}).count == 2

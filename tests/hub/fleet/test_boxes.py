"""Beacons are kept by the hub, whichever way they came, and the list is in the order of need."""

from __future__ import annotations

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.fleet.boxes import STALE_S, WEEK_S, FleetBoxes
from hub.fleet.models import FleetBox, FleetTrouble
from hub.fleet.words import next_action
from hub.models import Node
from hub.services import COMMAND_LINE, SignedIn
from sync.errors import MalformedWire, SealBroken
from sync.link.hearing import RadioPath
from sync.sealing.long_beacon import seal_long
from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust, DiskFree, LongBeacon, RadioGrade
from village_node.taking import MIN_FREE_BYTES

DAY_S = 86_400
FINE = Beacon(clock=ClockTrust.HUB, disk=DiskFree.ENOUGH, radio=RadioGrade.GOOD, starts=7, unclean=2)


@pytest.fixture
def boxes(region: Region) -> FleetBoxes:
    """Return the fleet of a hub with a box in each of two villages."""
    region.enrolment(VILLAGE)
    region.enrolment(OTHER_VILLAGE)
    found = region.hub.store.fleet.boxes
    found.settle()
    return found


def hear(region: Region, node: int, beacon: Beacon) -> None:
    store = region.hub.store
    store.writer.run(lambda: store.fleet.boxes.hear(node, beacon, region.clock.wall_s()))


def long(region: Region, node: int, boot: int, uptime_s: int, beacon: Beacon = FINE) -> bytes:
    found = Node.select().where(Node.number == node).first(region.hub.store.database)
    return seal_long(LongBeacon(node, boot, uptime_s, beacon, {1: 192, 8: 40}), bytes(found.psk))


def test_a_beacon_reaches_the_list_by_an_envelope_and_says_what_the_box_is(region: Region) -> None:
    node = region.node()
    region.exchange()
    region.clock.advance(3700)
    node.beacons.turn()
    region.exchange()
    region.hub.store.fleet.boxes.settle()
    [view] = region.hub.store.fleet.boxes.part(who=COMMAND_LINE, after=0, limit=9).rows
    assert view.beacon == node.beacons.beacon()
    assert not view.told_online
    assert region.hub.store.intake.unreadable() == 0
    assert set(view.contacts) == {"http"}


@pytest.mark.parametrize("database_url", [None])
@pytest.mark.parametrize(("free_after", "trouble"), [(MIN_FREE_BYTES // 2, "full"), (0, "mute")])
def test_a_box_on_the_radio_whose_card_is_full_is_not_called_fine(
    region: Region, free_after: int, trouble: str
) -> None:
    free = 2**34
    node = region.nodes[VILLAGE] = region.start(region.create_node(), free_space=lambda: free)
    found = region.hub.store.fleet.boxes
    for _ in range(3):
        region.exchange(via="radio")
        node.beacons.turn()
        region.exchange(via="radio")
        free = free_after
        region.clock.advance(4 * DAY_S)
    region.exchange(via="radio")  # its radio asks for receipts whatever its card does
    found.settle()
    [row] = found.part(who=COMMAND_LINE, after=0, limit=9).rows
    assert row.troubles == (trouble,)
    assert row.needs_person


@pytest.mark.parametrize("database_url", [None])
def test_a_box_that_is_gone_is_silent_whatever_somebody_plays_again(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded from the air, or a courier's stick that lay about: the hub would call a stolen box fine."""
    region.file()
    frames: list[bytes] = []
    hear_frame = region.hub.desk.hear_frame

    def recorded(payload: bytes, path: RadioPath) -> None:
        frames.append(payload)
        hear_frame(payload, path)

    monkeypatch.setattr(region.hub.desk, "hear_frame", recorded)

    def troubles() -> tuple[str, ...]:
        found = region.hub.store.fleet.boxes
        found.settle()
        return found.part(who=COMMAND_LINE, after=0, limit=1).rows[0].troubles

    region.talk_by_radio(for_s=200)
    region.clock.advance(5 * DAY_S)
    assert troubles() == ("silent",)
    region.talk_by_radio(for_s=200)  # it asks alone, and brings nothing new
    assert troubles() == ()
    files = [region.node().desk.up_bundle().data]
    region.hub.desk.exchange(files[0], via="courier")
    region.stop_node()
    region.clock.advance(5 * DAY_S)
    assert troubles() == ("silent",)
    for frame in frames:
        hear_frame(frame, RadioPath(0, 7))
    for via in ("courier", "http"):
        region.hub.desk.exchange(files[0], via=via)
    assert troubles() == ("silent",)
    region.exchange()  # a new start, that has sealed nothing yet, by internet
    assert "silent" not in troubles()


@pytest.mark.parametrize("database_url", [None])
def test_what_was_heard_on_a_day_to_come_is_no_sign_of_life(region: Region, boxes: FleetBoxes) -> None:
    """The hub's machine began with a wrong date, for minutes: nobody comes by that way any more."""
    counter, now = region.hub.store.links.counter, region.clock.wall_s()
    counter.bundle(1, "courier", now + 3650 * DAY_S, envelopes=1)
    counter.bundle(1, "radio", now - 4 * DAY_S, envelopes=1)
    boxes.settle()
    row = {one.node: one for one in boxes.part(who=COMMAND_LINE, after=0, limit=9).rows}[1]
    assert row.troubles == ("silent",)


def test_a_longer_beacon_counts_under_its_own_key_and_an_older_one_is_no_news(
    region: Region, boxes: FleetBoxes
) -> None:
    at = region.clock.wall_s()
    boxes.hear_online(long(region, 1, 3, 600), at)
    boxes.hear_online(long(region, 1, 3, 60, Beacon()), at)  # a replay, or one that was late
    boxes.hear_online(long(region, 1, 2, 9000, Beacon()), at)
    view = {row.node: row for row in boxes.part(who=COMMAND_LINE, after=0, limit=9).rows}[1]
    assert view.beacon == FINE
    assert view.told_online
    assert view.figures == {"disk_free_mib": 192, "load_percent": 40}
    boxes.hear_online(long(region, 1, 2, 1, Beacon()), at + STALE_S)  # a card that was restored
    foreign = long(region, 2, 9, 9)
    with pytest.raises(SealBroken):
        boxes.hear_online((1).to_bytes(4, "big") + foreign[4:], at)
    with pytest.raises(MalformedWire):
        boxes.hear_online(b"nonsense", at)
    with pytest.raises(SealBroken):
        boxes.hear_online((99).to_bytes(4, "big") + foreign[4:], at)


def test_a_box_is_heard_before_anybody_looked_for_new_ones_and_after_two_days_whatever_it_says(
    region: Region,
) -> None:
    region.enrolment(VILLAGE)
    boxes, at = region.hub.store.fleet.boxes, region.clock.wall_s()
    boxes.hear_online(long(region, 1, 3, 600), at)
    boxes.hear_online(long(region, 1, 2, 9000, Beacon(starts=1)), at + STALE_S - 1)
    kept = FleetBox.select().where(FleetBox.node == 1)
    assert kept.get(region.hub.store.database).starts == FINE.starts
    boxes.hear_online(long(region, 1, 2, 9000, Beacon(starts=1)), at + 2 * DAY_S)
    assert kept.get(region.hub.store.database).starts == 1


def test_an_older_beacon_of_a_courier_does_not_hide_a_newer_one(region: Region, boxes: FleetBoxes) -> None:
    hear(region, 1, FINE)
    hear(region, 1, Beacon(starts=6))
    hear(region, 1, Beacon(starts=65_530))
    assert boxes.part(who=COMMAND_LINE, after=0, limit=1).rows[0].beacon in (FINE, None)
    kept = FleetBox.select().where(FleetBox.node == 1).first(region.hub.store.database)
    assert kept.starts == FINE.starts


def test_power_cuts_are_counted_from_the_beginning_of_the_week(region: Region, boxes: FleetBoxes) -> None:
    def seen() -> tuple[int, int]:
        rows = {row.node: row for row in boxes.part(who=COMMAND_LINE, after=0, limit=9).rows}
        return rows[1].starts, rows[1].unclean

    hear(region, 1, Beacon(clock=ClockTrust.HUB, starts=65_530, unclean=65_533))
    assert seen() == (0, 0)
    region.clock.advance(DAY_S)
    hear(region, 1, Beacon(clock=ClockTrust.HUB, starts=2, unclean=2))  # over the end of the totals
    assert seen() == (8, 5)
    region.clock.advance(WEEK_S)
    hear(region, 1, Beacon(clock=ClockTrust.HUB, starts=3, unclean=2))
    assert seen() == (1, 0)


def test_who_needs_a_person_comes_first_and_the_next_action_says_why(
    region: Region, boxes: FleetBoxes
) -> None:
    hear(region, 2, Beacon(clock=ClockTrust.HUB, disk=DiskFree.NEARLY_FULL))
    boxes.settle()
    first = boxes.part(who=COMMAND_LINE, after=0, limit=1)
    assert [row.node for row in first.rows] == [2]
    assert first.following is not None
    second = boxes.part(who=COMMAND_LINE, after=first.following, limit=1)
    assert [row.node for row in second.rows] == [1]
    assert second.following is None
    assert boxes.counts(who=COMMAND_LINE) == (2, 1)
    assert boxes.needing_by_village(who=COMMAND_LINE) == {OTHER_VILLAGE: 1}
    region.clock.advance(9 * DAY_S)
    boxes.settle()
    [row] = boxes.part(who=COMMAND_LINE, after=0, limit=1).rows
    assert row.troubles == ("silent", "nearly_full")
    assert next_action(row) == (
        "Telepon fasilitator: 9 hari tanpa kabar, dan kabar terakhir berkata: kartu hampir penuh."
    )


def test_an_account_sees_the_boxes_of_its_areas_alone(region: Region, boxes: FleetBoxes) -> None:
    hear(region, 2, Beacon(flags=BeaconFlag.DATABASE_DAMAGED))
    boxes.settle()
    who = SignedIn("sari", "analyst", (VILLAGE,))
    assert [row.village for row in boxes.part(who=who, after=0, limit=9).rows] == [VILLAGE]
    assert boxes.counts(who=who) == (1, 0)
    assert boxes.needing_by_village(who=who) == {}


def test_a_retired_box_leaves_with_its_troubles_and_is_not_heard(region: Region, boxes: FleetBoxes) -> None:
    database = region.hub.store.database
    hear(region, 1, Beacon(flags=BeaconFlag.DATABASE_DAMAGED))
    boxes.settle()
    assert FleetTrouble.select().where(FleetTrouble.node == 1).count(database) == 2
    late = long(region, 1, 4, 4)
    Node.update(retired=True).where(Node.number == 1).execute(database)
    boxes.settle()
    assert [row.node for row in boxes.part(who=COMMAND_LINE, after=0, limit=9).rows] == [2]
    assert FleetTrouble.select().count(database) == 0
    hear(region, 1, FINE)
    with pytest.raises(SealBroken):
        boxes.hear_online(late, region.clock.wall_s())
    assert FleetBox.select().where(FleetBox.node == 1).count(database) == 0

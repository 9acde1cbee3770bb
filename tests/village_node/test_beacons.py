"""A box tells how it is: once a day among the envelopes, and after exchanges over the internet."""

from __future__ import annotations

import pytest
from village import Region

from sync.carriers.https import HubClient
from sync.errors import CarrierError
from sync.sealing.long_beacon import read_long
from sync.wire.beacons import BeaconFlag, ClockTrust, DiskFree, QueueAge, RadioGrade
from village_node.beacons import DAY_S, ONLINE_EVERY_S, beacon_of, disk_class, queue_class
from village_node.models import Envelope
from village_node.wiring import Node

MIB = 1024 * 1024


class Wire(HubClient):
    """A hub that keeps beacons, or is too old to know them."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1")
        self.told: list[bytes] = []
        self.old = False

    def health(self, beacon: bytes) -> None:
        if self.old:
            raise CarrierError("the hub refused with status 404: no such page")
        self.told.append(beacon)


def envelopes(node: Node) -> int:
    return int(node.store.writer.read(lambda: Envelope.select().count(node.store.database)))


def online(node: Node) -> Wire:
    wire = Wire()
    enrolment = node.store.identity.enrolment
    node.beacons._online = (wire, enrolment.node_number, enrolment.psk)
    return wire


def test_a_day_has_one_beacon_over_restarts_and_one_waits_at_most(region: Region) -> None:
    node = region.node()
    region.exchange()
    places = []

    def turn() -> int:
        node.beacons.turn()
        places.append(node.log.text("beacon_place"))
        return len(set(places))

    assert turn() == 1
    assert turn() == 1
    node = region.restart_node()
    region.exchange()
    assert turn() == 1
    region.clock.advance(DAY_S)
    assert turn() == 2
    region.clock.advance(2 * DAY_S)
    assert turn() == 2  # no carrier came: the one of two days ago still waits
    region.exchange()
    assert turn() == 3


def test_a_box_that_tells_online_spends_no_airtime(region: Region) -> None:
    node = region.node()
    region.exchange()
    wire, before = online(node), envelopes(node)
    node.beacons.tell_online()
    node.beacons.tell_online()  # an urgent report makes exchanges of its own
    assert len(wire.told) == 1
    node.beacons.turn()
    assert envelopes(node) == before
    region.clock.advance(ONLINE_EVERY_S)
    node.beacons.tell_online()
    assert [read_long(data).uptime_s for data in wire.told] == [0, int(ONLINE_EVERY_S)]
    assert read_long(wire.told[0]).beacon == node.beacons.beacon()


def test_a_hub_that_knows_no_beacons_is_no_failure(region: Region) -> None:
    node = region.node()
    region.exchange()
    wire = online(node)
    wire.old = True
    node.beacons.tell_online()
    before = envelopes(node)
    node.beacons.turn()  # then the beacon of the day goes among the envelopes
    assert envelopes(node) == before + 1


def test_what_waits_is_told_as_the_status_page_tells_it(region: Region) -> None:
    node = region.node()
    region.exchange()
    region.file(official_involved=True)
    assert node.beacons.beacon().queue is QueueAge.NOTHING
    one = node.beacons.beacon
    region.file()
    assert one().queue is QueueAge.DAY
    first = one()
    region.file()
    region.file()
    assert one() == first  # not how many


STATUS = {
    "reports_waiting": "none",
    "waiting_days": None,
    "disk_free_bytes": 5000 * MIB,
    "takes_reports": True,
    "radio": {"connected": False},
    "internet": {"reached": True},
    "power": "low_now",
    "link": {"grade": "medium", "last_24_hours": {"answered_share": 0.934, "margin_db_mean": -6.6}},
}


def test_a_status_becomes_a_beacon() -> None:
    beacon = beacon_of(
        STATUS,
        clock=ClockTrust.OWN,
        starts=9,
        unclean=3,
        uptime_s=2 * DAY_S + 1,
        content=7,
        damaged=True,
        temperature_c=61,
    )
    assert beacon.flags == BeaconFlag(1 | 2 | 4 | 8 | 16)
    assert (beacon.radio, beacon.margin_db, beacon.answered_percent) == (RadioGrade.MEDIUM, -7, 93)
    assert (beacon.starts, beacon.unclean, beacon.uptime_days, beacon.content) == (9, 3, 2, 7)
    assert beacon.software[1:] != (0, 0)


@pytest.mark.parametrize(
    ("free", "takes", "said"),
    [
        (5000 * MIB, False, DiskFree.FULL),
        (255 * MIB, True, DiskFree.NEARLY_FULL),
        (256 * MIB, True, DiskFree.LOW),
        (1024 * MIB, True, DiskFree.ENOUGH),
    ],
)
def test_space_in_classes(free: int, takes: bool, said: DiskFree) -> None:
    assert disk_class(free, takes=takes) is said


def test_waiting_in_classes() -> None:
    assert [queue_class(True, days) for days in (0, 1, 2, 3, 6, 7, 90)] == [
        *(QueueAge.DAY, QueueAge.DAYS, QueueAge.DAYS, QueueAge.HALF_WEEK, QueueAge.HALF_WEEK),
        *(QueueAge.WEEK, QueueAge.WEEK),
    ]
    assert queue_class(True, None) is QueueAge.UNDATED
    assert queue_class(False, 5) is QueueAge.NOTHING

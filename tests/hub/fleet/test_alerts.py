"""A trouble is told once, and once that it is over; what no server takes waits."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from village import VILLAGE, Region

from hub.duty.ways import MailServer, WayFailed, keep_mail
from hub.fleet import alerts as alerts_module
from hub.fleet.alerts import FleetAlerts, ReceiverRefused
from hub.fleet.models import FleetTrouble
from sync.wire.beacons import Beacon, ClockTrust, DiskFree

FULL = Beacon(clock=ClockTrust.HUB, disk=DiskFree.FULL)
FINE = Beacon(clock=ClockTrust.HUB, disk=DiskFree.ENOUGH)
ADDRESS = "teknisi@kantor.example"


class Post:
    """A mail server that takes everything, or nothing."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.broken = False

    def hand_over(self, _: MailServer, __: str, message: EmailMessage) -> None:
        if self.broken:
            raise WayFailed("the mail server did not answer")
        self.sent.append(message)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr(alerts_module, "hand_over", found.hand_over)
    return found


def tells(region: Region, beacon: Beacon) -> FleetAlerts:
    store = region.hub.store
    store.writer.run(lambda: store.fleet.boxes.hear(1, beacon, region.clock.wall_s()))
    store.fleet.boxes.settle()
    return store.fleet.alerts


def test_a_trouble_is_told_once_and_once_that_it_is_over(region: Region, post: Post) -> None:
    region.enrolment()
    keep_mail(region.hub_folder, MailServer("127.0.0.1", 25, "none", "hub@kantor.example"), "")
    alerts = tells(region, FULL)
    alerts.add(ADDRESS, "en")
    post.broken = True
    alerts.turn()
    post.broken = False
    alerts.turn()
    alerts.turn()
    tells(region, FULL).turn()
    [message] = post.sent
    text = message.get_content()
    assert message["To"] == ADDRESS
    assert message["Subject"] == "Kentongan: village boxes need help"
    assert "box 1: card full, takes no reports" in text
    assert VILLAGE not in text
    tells(region, FINE).turn()
    alerts.turn()
    assert "Over now:\n- box 1: card full" in post.sent[1].get_content()
    assert len(post.sent) == 2
    assert FleetTrouble.select().count(region.hub.store.database) == 0


def test_what_began_and_ended_untold_is_never_told(region: Region, post: Post) -> None:
    region.enrolment()
    alerts = tells(region, FULL)
    alerts.add(ADDRESS, "id")
    tells(region, FINE)
    alerts.turn()
    assert post.sent == []


def test_without_receivers_the_page_tells_and_nothing_piles_up(region: Region, post: Post) -> None:
    region.enrolment()
    alerts = tells(region, FULL)
    alerts.turn()
    alerts.add(ADDRESS, "id")
    alerts.turn()
    assert post.sent == []


def test_an_address_that_is_none_is_refused(region: Region) -> None:
    alerts = region.hub.store.fleet.alerts
    for address, language in (("kantor", "id"), (ADDRESS, "fr")):
        with pytest.raises(ReceiverRefused, match="one e-mail address"):
            alerts.add(address, language)
    assert not alerts.remove(ADDRESS)

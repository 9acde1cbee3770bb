"""What a box keeps of the hub's hours, and what they mean at a time."""

from __future__ import annotations

import datetime

import pytest
from village import Region

from sync.passwords import hash_password, split_hash
from sync.sealing.signing import sign
from sync.wire.control_records import SignedSetting
from sync.wire.settings_records import SETTING_LABEL, ResetPin, Setting, StaffedHours, encode_setting
from village_node.pin import reset_pin_here
from village_node.staffed_hours import now_at

OFFICE = tuple((day * 1440 + 450, day * 1440 + 960) for day in range(5))
NIGHTS = ((0, 7200),)
MONDAY = datetime.date(2027, 1, 18)
HOURS = StaffedHours(1, 1, 5, 480, OFFICE, NIGHTS, ((MONDAY - datetime.date(1970, 1, 1)).days + 7,))


def signed(region: Region, setting: Setting) -> SignedSetting:
    private = region.hub.store.identity.signing_private
    return SignedSetting(sign(private, SETTING_LABEL, encode_setting(setting)))


def hours(serial: int, node: int = 1, **changed: object) -> StaffedHours:
    return StaffedHours(**{**vars(HOURS), "serial": serial, "node_number": node, **changed})


@pytest.mark.parametrize(
    ("day", "hour", "minute", "now"),
    [
        (0, 7, 29, "urgent"),
        (0, 7, 30, "reading"),
        (0, 15, 59, "reading"),
        (0, 16, 0, "urgent"),
        (5, 9, 0, "nobody"),
        (7, 9, 0, "closed"),
        (8, 9, 0, "reading"),
    ],
)
def test_a_time_at_the_hub_is_one_of_reading_urgent_nobody_and_closed(
    day: int, hour: int, minute: int, now: str
) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=8))
    at = datetime.datetime.combine(MONDAY + datetime.timedelta(day), datetime.time(hour, minute), zone)
    assert now_at(HOURS, int(at.timestamp())) == now


def test_a_box_that_does_not_know_its_date_says_nothing_of_now(region: Region) -> None:
    assert now_at(HOURS, None) == "unknown"
    node = region.node()
    assert node.hub_hours.staffed() is None
    node.hub_hours.take_setting(signed(region, hours(5)))
    assert (found := node.hub_hours.staffed()) is not None
    assert found.hours == HOURS


def test_only_newer_hours_for_this_box_signed_by_its_hub_count(region: Region) -> None:
    node = region.node()
    kept = node.hub_hours
    kept.take_setting(signed(region, hours(5)))
    for other in (hours(4, reads=()), hours(5, reads=()), hours(9, node=2, reads=())):
        kept.take_setting(signed(region, other))
    forged = sign(bytes(range(32)), SETTING_LABEL, encode_setting(hours(9, reads=())))
    kept.take_setting(SignedSetting(forged))
    kept.take_setting(SignedSetting(b"x"))
    assert (found := kept.staffed()) is not None
    assert found.hours == HOURS
    kept.take_setting(signed(region, hours(6, reads=(), urgent=())))
    assert kept.staffed() is None


def test_hours_that_came_first_hide_no_reset_of_the_pin_and_the_other_way_round(region: Region) -> None:
    node = region.node()
    node.pin.set_with_code(reset_pin_here(node.log), "271828")
    node._take_setting(signed(region, hours(5)))
    node._take_setting(signed(region, ResetPin(1, 1, 4, *split_hash(hash_password("12345678")))))
    assert not node.pin.is_set
    node._take_setting(signed(region, hours(3)))
    assert (found := node.hub_hours.staffed()) is not None
    assert found.hours.serial == 5

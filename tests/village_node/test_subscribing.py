"""A wish over a village's SMS: one sealed packet, nothing kept, a stop always taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from village import VILLAGE, Region, dump, quick_folder

from village_node.subscribing import A_DAY, SubscriptionRefused, subscribe

PHONE = "+6281200003141"


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def wish(region: Region, token: str, phone: str = PHONE, *, wanted: bool = True, area: str = VILLAGE) -> None:
    region.node().subscribing.send(phone, "id", area, wanted=wanted, token=token)


def test_it_waits_sealed_once_and_the_number_lies_nowhere(region: Region) -> None:
    node = region.node()
    before = node.log.pending_count()
    for _ in range(2):
        wish(region, "one")
    assert node.log.pending_count() == before + 1
    kept = repr(dump(region.node_folder()))
    assert "81200003141" not in kept
    for file in region.node_folder().iterdir():
        if file.is_file():
            assert b"81200003141" not in file.read_bytes()


def test_a_day_has_an_end_for_beginnings_and_none_for_stops(region: Region) -> None:
    for number in range(A_DAY):
        wish(region, f"{number}", f"62812000{number:04}")
    with pytest.raises(SubscriptionRefused, match="a day"):
        wish(region, "more")
    wish(region, "stop", wanted=False)
    region.clock.advance(86_400)
    wish(region, "tomorrow")


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        ({"phone": PHONE, "language": "id", "area": "52", "wanted": True}, False),
        ({"phone": PHONE, "language": "id", "area": "52", "wanted": "yes", "token": "t"}, False),
        ({"phone": "110", "language": "id", "area": "52", "wanted": True, "token": "t"}, True),
        ({"phone": PHONE, "language": "id", "area": "five", "wanted": True, "token": "t"}, True),
        ({"wanted": True, "token": "t"}, True),
    ],
)
def test_what_cannot_be_taken_is_told_without_the_number(
    region: Region, request_: dict[str, object], refused: bool
) -> None:
    reply = subscribe(region.node().subscribing, request_)
    assert reply.get("refused", False) is refused
    assert "0000" not in reply["error"]


def test_the_socket_takes_it(region: Region) -> None:
    request = {"phone": PHONE, "language": "xx", "area": "52.02", "wanted": True, "token": "t"}
    assert subscribe(region.node().subscribing, request) == {"taken": True}

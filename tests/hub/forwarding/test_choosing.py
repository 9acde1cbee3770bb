from __future__ import annotations

from typing import Any

import pytest

from hub.forwarding.choosing import passed_on
from sync.records import check_report

VILLAGE = "52.02.08.2001"


def told(**more: Any) -> Any:
    return check_report({"kind": "recruiter", "narrative": "Ada yang mengajak.", "channel": "web", **more})


def test_it_comes_from_a_hub_and_names_its_village() -> None:
    report = passed_on(told(), VILLAGE, with_contact=False)
    assert report is not None
    assert (report.channel, report.place, report.narrative) == ("hub", VILLAGE, "Ada yang mengajak.")


def test_a_place_that_was_named_stays() -> None:
    report = passed_on(told(place="33.22"), VILLAGE, with_contact=False)
    assert report is not None
    assert report.place == "33.22"


def test_how_the_reporter_can_be_reached_stays_here_unless_it_is_asked_for() -> None:
    reporter = {"contact": "0812-0000-1111", "contact_safely": "malam", "relation": "family"}
    kept = passed_on(told(reporter=reporter), VILLAGE, with_contact=False)
    assert kept is not None
    assert kept.to_json()["reporter"] == {"relation": "family"}
    only = passed_on(told(reporter={"contact": "0812-0000-1111"}), VILLAGE, with_contact=False)
    assert only is not None
    assert "reporter" not in only.to_json()
    whole = passed_on(told(reporter=reporter), VILLAGE, with_contact=True)
    assert whole is not None
    assert whole.to_json()["reporter"] == reporter


@pytest.mark.parametrize("with_contact", [False, True])
def test_who_said_no_is_not_passed_on(with_contact: bool) -> None:
    assert passed_on(told(reporter={"refer": False}), VILLAGE, with_contact=with_contact) is None
    assert passed_on(told(reporter={"refer": True}), VILLAGE, with_contact=with_contact) is not None

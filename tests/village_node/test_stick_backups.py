"""Backups by themselves, and their age as the box tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from village import Region

from village_node.backups import backups_of
from village_node.doctor import examine
from village_node.stick_backups import MARKER, StickBackups


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "media" / "stick"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def sticks(region: Region, stick: Path) -> StickBackups:
    node = region.node()
    found = StickBackups(
        node.config.folder, node.log, node.times, region.clock, lambda: sorted(stick.parent.glob("*"))
    )
    node.health.stick_problem = lambda: found.problem
    return found


def age(region: Region) -> object:
    return region.node().health.status()["backup"]["age_days"]


def test_a_marked_stick_gets_one_when_it_is_put_in_and_one_a_day(
    region: Region, sticks: StickBackups, stick: Path
) -> None:
    assert sticks.look() == []  # any stick of anybody's
    (stick / MARKER).touch()
    [made] = sticks.look()
    assert made.file.parent == stick
    region.clock.advance(3600)
    assert sticks.look() == []
    region.clock.advance(23 * 3600)
    assert len(sticks.look()) == 1
    (stick / MARKER).rename(stick / "out")
    assert sticks.look() == []
    (stick / "out").rename(stick / MARKER)
    assert len(sticks.look()) == 1
    assert len(backups_of(stick, made.node)) == 3


def test_status_and_doctor_tell_how_old_the_last_one_is(
    region: Region, sticks: StickBackups, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert region.node().health.status()["backup"] == {"made": False, "age_days": None, "problem": None}
    (stick / MARKER).touch()
    sticks.look()
    assert age(region) == 0
    region.clock.advance(40 * 86_400)
    assert age(region) == 40
    region.restart_node()
    assert age(region) == 40
    monkeypatch.setattr("sync.clock.SystemClock.wall_s", lambda _: region.clock.wall_s())
    findings = examine(region.node().config.folder, radio_url=None, hub_url=None)
    [found] = [one for one in findings if one["check"] == "backup"]
    assert (found["ok"], found["age_days"]) == (False, 40)
    assert MARKER in found["do"]


def test_a_stick_that_takes_nothing_is_told_and_the_box_goes_on(
    region: Region, sticks: StickBackups, stick: Path
) -> None:
    (stick / MARKER).touch()
    number = region.node().store.identity.enrolment.node_number
    (stick / f"kentongan-{number}-000001.part").mkdir()  # nothing can be written under that name
    assert sticks.look() == []
    assert "stick" in str(region.node().health.status()["backup"]["problem"])
    assert region.file().code is not None

"""Who vouches for a box's date, told by what stands in /run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.clock import ManualClock
from village_node import doctor
from village_node.clock_source import ClockSource, clock_source
from village_node.timekeeping import TimeKeeper

NOW_S = 1_800_000_000.0


@pytest.mark.parametrize(
    ("said", "synchronised", "source", "vouches"),
    [
        (None, False, ClockSource.MACHINE, True),
        ("none", False, ClockSource.NONE, False),
        ("none", True, ClockSource.NETWORK, True),
        ("chip\n", False, ClockSource.CHIP, True),
        ("chip-stopped\n", False, ClockSource.CHIP_STOPPED, False),
        ("chip-stopped\n", True, ClockSource.NETWORK, True),
        ("person\n", False, ClockSource.PERSON, True),
        ("", False, ClockSource.NONE, False),
        ("machine", False, ClockSource.NONE, False),
        ("\xff", False, ClockSource.NONE, False),
    ],
)
def test_a_date_is_believed_when_somebody_vouches_for_it(
    said: str | None, synchronised: bool, source: ClockSource, vouches: bool, tmp_path: Path
) -> None:
    if said is not None:
        (tmp_path / "clock").write_text(said, "latin-1")
    if synchronised:
        (tmp_path / "synchronised").touch()
    found = clock_source(tmp_path / "clock", tmp_path / "synchronised")
    assert (found, found.vouches) == (source, vouches)


def test_three_weeks_without_power_make_no_wrong_date(tmp_path: Path) -> None:
    """The system goes on with the date of the cut, which passes the latest that was seen within the hour."""
    statement, synchronised = tmp_path / "clock", tmp_path / "synchronised"
    statement.write_text("none")
    times = TimeKeeper(
        ManualClock(wall_s=NOW_S + 1000),
        4,
        highest_seen_s=int(NOW_S),
        vouched=lambda: clock_source(statement, synchronised).vouches,
    )
    assert times.trusted_wall_s() is None
    assert times.stamp().wall_s is None
    synchronised.touch()
    assert times.trusted_wall_s() == NOW_S + 1000, "the internet came and told it"


def test_a_chip_that_vouches_for_the_year_2000_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("chip")
    times = TimeKeeper(
        ManualClock(wall_s=946_684_800.0),
        4,
        vouched=lambda: clock_source(tmp_path / "clock", tmp_path / "none").vouches,
    )
    assert times.trusted_wall_s() is None


@pytest.mark.parametrize(
    ("source", "known", "words"),
    [
        (ClockSource.CHIP, False, None),
        (ClockSource.MACHINE, False, None),
        (ClockSource.CHIP_STOPPED, True, "CR2032"),
        (ClockSource.NONE, False, "kentongan-clock by-hand"),
        (ClockSource.NONE, True, None),
    ],
)
def test_doctor_says_what_to_do_about_the_date(
    source: ClockSource, known: bool, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("village_node.clock_source.clock_source", lambda: source)
    monkeypatch.setattr("sync.clock.SystemClock", lambda: ManualClock(wall_s=NOW_S))
    finding = doctor.clock_finding(known=known)
    assert finding["source"] == source.value
    assert finding["ok"] == (words is None)
    assert words is None or words in finding["do"]

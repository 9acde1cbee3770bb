"""`kentongan hub watch` and `kentongan hub counts`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from village import NOW_S, VILLAGE, Region, quick_folder
from watched_past import burst, with_past

from hub.cli import hub
from hub.models import WeekCount
from sync.clock import SystemClock


def test_counters_are_checked_and_counted_anew(tmp_path: Path) -> None:
    with quick_folder(tmp_path) as place:
        region = Region(place)
        region.file("satu")
        region.exchange()
        WeekCount.update(reports=5).execute(region.hub.store.database)
        region.close()
        run = CliRunner()
        found = run.invoke(hub, ["counts", "check", str(region.hub_folder)])
        assert found.exit_code == 1
        assert json.loads(found.stdout.splitlines()[0]) == {"ok": False, "wrong": 1}
        done = run.invoke(hub, ["counts", "rebuild", str(region.hub_folder)])
        assert json.loads(done.stdout.splitlines()[0]) == {"regencies": 1, "indicators_read": 0}
        assert run.invoke(hub, ["counts", "check", str(region.hub_folder)]).exit_code == 0


def test_a_week_is_judged_by_hand_and_handed_on_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with quick_folder(tmp_path) as place:
        region = Region(place)
        with_past(region)
        burst(region, 5)
        region.close()
        monkeypatch.setattr(SystemClock, "wall_s", lambda clock: NOW_S + 7 * 86_400)
        run = CliRunner()
        asked = ["watch", str(region.hub_folder), "--week", "2027-W02"]
        found = run.invoke(hub, [*asked, "--json", "--keep"])
        [line] = [json.loads(line) for line in found.stdout.splitlines()]
        assert (line["sort"], line["unit"], line["week"], line["count"]) == ("excess", VILLAGE, "2027-W02", 5)
        assert "1 findings, budget 5" in found.stderr
        again = run.invoke(hub, [*asked, "--keep"])
        assert again.stdout.startswith(f"excess {VILLAGE} all: 5 in 2 weeks where 0 to 1 are usual")
        assert "judged before" in again.stderr
        assert run.invoke(hub, ["watch", str(region.hub_folder), "--week", "2027-W09"]).exit_code == 1
        assert run.invoke(hub, ["watch", str(region.hub_folder), "--week", "soon"]).exit_code == 2

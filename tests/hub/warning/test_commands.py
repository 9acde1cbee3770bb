"""`kentongan hub signals`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from findings import finding
from inbox_arrivals import BUDI, noted
from village import NOW_S, VILLAGE, Region

from hub.warning.services import Draft
from kentongan import main


@pytest.mark.parametrize("database_url", [None])  # what the command adds has nothing to do with the database
def test_it_prints_each_signal_as_a_line_or_an_object(region: Region) -> None:
    signals = region.hub.store.early.signals
    signals.take_findings([finding()], NOW_S)
    signals.raise_by_hand(Draft("Calo di pasar", "52", "telepon"), who=BUDI)
    done = CliRunner().invoke(main, ["hub", "signals", str(region.hub_folder), "--json"])
    hand, rule = (json.loads(line) for line in done.stdout.splitlines())
    assert (hand["signal"], hand["origin"], hand["area"], hand["rule"]) == (2, "person", "52", None)
    assert (rule["area"], rule["level"], rule["rule"], rule["state"]) == (
        VILLAGE,
        "village",
        "kentongan",
        "open",
    )
    assert rule["reasons"][0] == "5 laporan dalam 2 minggu, biasanya 0 sampai 1"
    assert "Calo" not in done.stdout
    closed = CliRunner().invoke(main, ["hub", "signals", str(region.hub_folder), "--state", "closed"])
    assert (closed.exit_code, closed.stdout) == (0, "")
    plain = CliRunner().invoke(main, ["hub", "signals", str(region.hub_folder)]).stdout.splitlines()
    assert [line.split()[:3] for line in plain] == [["2", "open", "52"], ["1", "open", VILLAGE]]
    entries = [kept.entry for kept in region.hub.store.audit.entries()]
    assert [one.what for one in entries if one.about == "signals all"] == ["signals listed"] * 3
    assert ("budi", "signal raised", "signal 2") in noted(region)

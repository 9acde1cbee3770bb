"""`kentongan hub learning refit|compare|switch|undo`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from verified_reports import verified
from village import Region

from hub.learning import comparing, refitting
from hub.services import SignedIn
from kentongan import main
from tests.hub.learning.test_challenging import IDLE, NO, TELLING, YES, learned

KETUT = SignedIn("ketut", "administrator")


@pytest.mark.parametrize("database_url", [None])
def test_the_command_line_is_one_of_the_two_hands(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["hub", "learning", words[0], str(region.hub_folder), *words[1:]])

    weights = region.hub.store.early.weights
    refused = run("refit", "--held-back", "0")
    assert refused.exit_code == 1
    assert "kurang 200, dan kurang 50" in refused.stderr
    monkeypatch.setattr(refitting, "LEAST_LABELS", 8)
    monkeypatch.setattr(refitting, "LEAST_CONFIRMED", 3)
    monkeypatch.setattr(comparing, "LEAST_COMPARED", 2)
    monkeypatch.setattr(comparing, "LEAST_CONFIRMED_COMPARED", 1)
    version = learned(region)
    verified(region, [YES], **TELLING)
    verified(region, [NO], **IDLE)
    told = json.loads(run("compare", "--capacity", "1").stdout)
    assert (told["labels"], told["capacity"]) == (2, 1)
    assert "is proposed" in run("switch", version, "--reason", "lebih baik").stdout
    twice = run("switch", version, "--reason", "lagi")
    assert (twice.exit_code, "orang kedua" in twice.stderr) == (1, True)
    weights.decide(version, True, "ya", seen=None, who=KETUT)
    assert weights.view(who=KETUT).champion == version
    assert run("undo", "--reason", "tidak").stdout == "2026-11 scores what arrives from now on\n"
    assert weights.view(who=KETUT).champion == "2026-11"

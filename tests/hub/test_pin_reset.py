"""The hub lets a village set a new PIN: who may be named, and what is kept of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from village import VILLAGE, Region, dump

from hub.services import UnknownVillage
from kentongan import main


def known(region: Region) -> None:
    region.file()
    region.settle()


def test_a_village_that_never_spoke_or_does_not_exist_is_refused(region: Region) -> None:
    region.node()
    pins = region.hub.store.pins
    for number in (1, 99):
        with pytest.raises(UnknownVillage):
            pins.reset_pin(number, by="sari")
    with pytest.raises(UnknownVillage):
        pins.node_of("99.99.99.9999")
    assert pins.node_of(VILLAGE) == 1


def test_who_did_it_is_noted_and_the_code_is_kept_nowhere(region: Region) -> None:
    known(region)
    code = region.hub.store.pins.reset_pin(1, by="sari")
    rows = dump(region.hub_folder)
    assert [row[2:5] for row in rows["audit_entry"]] == [("sari", "pin reset", "node 1")]
    assert code not in repr(rows)


def test_the_command_prints_the_code_and_says_what_to_do_otherwise(region: Region) -> None:
    known(region)
    run = CliRunner().invoke
    folder = str(region.hub_folder)
    done = run(main, ["hub", "reset-pin", folder, "--village", VILLAGE])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert printed["node"] == 1
    assert len(printed["code"]) == 8
    region.settle()
    region.node().pin.set_with_code(printed["code"], "271828")
    assert "kentongan hub nodes" in run(main, ["hub", "reset-pin", folder, "--node", "9"]).stderr
    assert run(main, ["hub", "reset-pin", folder]).exit_code == 2

"""Codes and resets for whoever holds the box."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from village import Region

from kentongan import main
from village_node.pin import reset_pin_here


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["node", *map(str, arguments)])


def code_of(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["facilitator_code"])


def test_a_code_is_printed_beside_a_running_node_until_a_pin_is_set(region: Region) -> None:
    node, folder = region.node(), region.node_folder()
    first, second = code_of(run("facilitator-code", folder)), code_of(run("facilitator-code", folder))
    assert first != second
    node.pin.set_with_code(second, "271828")
    refused = run("facilitator-code", folder)
    assert refused.exit_code == 1
    assert "kentongan node pin reset DIR" in refused.stderr


def test_who_holds_the_card_forgets_the_pin_and_gets_a_code(region: Region) -> None:
    node = region.node()
    node.pin.set_with_code(reset_pin_here(node.log), "271828")
    code = code_of(run("pin", "reset", region.node_folder()))
    assert not node.pin.is_set
    node.pin.set_with_code(code, "314159")


def test_a_folder_without_a_node_says_how_to_make_one(tmp_path: Path) -> None:
    for command in (["facilitator-code"], ["pin", "reset"]):
        done = run(*command, tmp_path)
        assert done.exit_code == 1
        assert "kentongan node init DIR --enrolment FILE" in done.stderr


def test_a_new_node_prints_the_code_for_its_first_pin(region: Region) -> None:
    enrolment = region.path / "enrolment.json"
    enrolment.write_text(region.enrolment())
    folder = region.path / "fresh"
    code = code_of(run("init", folder, "--enrolment", enrolment))
    node = region.start(folder)
    try:
        node.pin.set_with_code(code, "271828")
    finally:
        node.close()

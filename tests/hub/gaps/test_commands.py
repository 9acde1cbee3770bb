from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from village import Region

from hub.cli import hub
from hub.gaps.services import GapAnswer
from hub.services import SignedIn


@pytest.mark.parametrize("database_url", [None])
def test_the_commands_list_without_texts_and_write_what_was_answered(region: Region, tmp_path: Path) -> None:
    region.node().questions.send("boleh cuti di hongkong", "id", token="one")
    region.settle()
    answer = GapAnswer("Cuti", ("Tanya di KJRI.",), ("boleh cuti",), "KJRI", "2026-11")
    folder = str(region.hub_folder)
    region.hub.store.writer.run(lambda: None)
    listed = CliRunner().invoke(hub, ["gaps", "list", folder])
    assert json.loads(listed.stdout) == {"gap": 1, "state": "open", "asked": 1}
    region.hub.store.gaps.answer(1, answer, who=SignedIn("ketut", "administrator"))
    done = CliRunner().invoke(hub, ["gaps", "export", folder, "--to", str(tmp_path / "out")])
    assert json.loads(done.stdout) == {"answers": 1, "files": ["facts.toml", "passages.toml"]}
    assert "Tanya di KJRI." in (tmp_path / "out" / "passages.toml").read_text("utf-8")

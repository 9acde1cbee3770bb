"""`kentongan hub xlsform`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from village import Region

from hub.cli import hub
from hub.openrosa.form import version
from hub.openrosa.xform import xform, xlsform


def test_the_form_is_written_with_what_another_server_needs(region: Region, tmp_path: Path) -> None:
    region.create_node()
    region.stop_hub()
    out, other = tmp_path / "laporan.xlsx", tmp_path / "laporan.xml"
    asked = ["xlsform", str(out), "--xform", str(other), "--villages", str(region.hub_folder)]
    done = CliRunner().invoke(hub, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["version"] == version()
    assert (out.read_bytes(), other.read_bytes()) == (xlsform(), xform())
    assert (tmp_path / "villages.csv").read_text().splitlines()[0] == "name,label"
    assert "52.02.08.2001" in (tmp_path / "villages.csv").read_text()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(hub, ["xlsform", str(tmp_path / "none" / "x.xlsx")])
    assert done.exit_code == 1
    assert "choose another place" in done.stderr

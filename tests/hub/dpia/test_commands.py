"""`kentongan hub dpia`: out of the hub's own folder, while it serves, without a word of anybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from inbox_arrivals import arrive
from village import Region, quick_folder

from hub.cli import hub
from hub.dpia.kept import TABLES
from hub.joined_wiring import JoinedHub


def test_it_prints_every_table_period_and_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        arrive(region, "Zebrafinken mengajak ke Batam")
        started = JoinedHub.__init__
        monkeypatch.setattr(
            JoinedHub, "__init__", lambda self, config: started(self, config, clock=region.clock)
        )
        runner = CliRunner()
        shown = runner.invoke(hub, ["dpia", str(region.hub_folder)])
        page = runner.invoke(hub, ["dpia", str(region.hub_folder), "--html"])
        missing = runner.invoke(hub, ["dpia", str(tmp_path / "none")])
        region.close()
    assert (shown.exit_code, page.exit_code, missing.exit_code) == (0, 0, 1)
    assert shown.output.startswith("# Penilaian dampak pelindungan data pribadi: hub Pusat\n")
    for name in TABLES:
        assert f"| {name} |" in shown.output
        assert f"<td>{name}</td>" in page.output
    assert "Laporan disisihkan: 365 hari" in shown.output
    assert "| /hak (GET) | penyelia, administrator |" in shown.output
    assert "| /rujukan-saya (GET) | lembaga mitra |" in shown.output
    assert "| program dengan token |" in shown.output
    assert "belum dijelaskan" not in shown.output
    assert "tidak seorang pun" not in shown.output
    assert "Zebrafinken" not in shown.output + page.output
    assert page.output.startswith("<!doctype html>")
    assert missing.output.count("\n") == 1

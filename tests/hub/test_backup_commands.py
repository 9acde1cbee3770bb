"""`kentongan hub backup` and `kentongan hub restore`."""

from __future__ import annotations

from click.testing import CliRunner
from village import Region, dump, empty

from kentongan import main


def test_a_backup_is_put_back_into_an_empty_database_only(region: Region) -> None:
    region.file()
    region.settle()
    hub, copy = str(region.hub_folder), str(region.path / "copy")
    assert CliRunner().invoke(main, ["hub", "backup", hub, copy, "--off-site"]).exit_code == 0
    busy = CliRunner().invoke(main, ["hub", "restore", hub, copy])
    assert busy.exit_code == 1
    assert "another process serves" in busy.stderr
    region.stop_hub()
    filled = CliRunner().invoke(main, ["hub", "restore", hub, copy])
    assert filled.exit_code == 1
    assert filled.stderr.count("\n") == 1
    if region.database_url is None:
        for file in region.hub_folder.glob("hub.sqlite3*"):
            file.unlink()
    else:
        empty(region.database_url)
    done = CliRunner().invoke(main, ["hub", "restore", hub, copy])
    assert done.exit_code == 0, done.output
    assert len(dump(region.hub_folder)["report"]) == 1

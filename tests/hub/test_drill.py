"""The drill says whether a backup and the keys bring the hub back, and touches nothing of the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from village import Region, new_clock

from hub import folder as hub_folder
from hub.drill import Drill, DrillFailed
from hub.drill_command import newest_copy
from hub.folder import ServingLock
from hub.key_file import HubSecrets
from hub.key_shares import split
from hub.storage.copies import CopyFailed
from kentongan import main


def drill(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["hub", "key", "drill", *(str(argument) for argument in arguments)])


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(("-shm", "-wal"))
    }


@pytest.fixture
def copied(region: Region) -> Region:
    """A hub with two reports in its newest nightly copy, and one that came later."""
    region.file("satu")
    region.file("dua")
    region.settle()
    region.hub.store.jobs.nightly_backup()
    region.file("tiga")
    region.settle()
    return region


def test_a_backup_and_the_keys_bring_the_hub_back(copied: Region, tmp_path: Path) -> None:
    before, stories = files(copied.hub_folder), copied.stories()
    shares: list[object] = []
    for number, share in enumerate(split(hub_folder.load(copied.hub_folder).secrets, of=3, need=2)[:2]):
        file = tmp_path / f"share{number}"
        file.write_text(share)
        shares += ["--share", file]
    done = drill(copied.hub_folder, copied.hub_folder / "backups", *shares)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "bring the hub back" in done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    seconds = {name: told.pop(name) for name in list(told) if name.endswith("_s")}
    assert told.pop("backup").startswith("hub-")
    assert told == {
        "hub.key": "shares",
        "sealing_keys": "one",
        "reports": 2,
        "forgotten_again": 0,
        "opened": 2,
        "lacked": 1,
        "refilled": 1,
    }
    assert set(seconds) == {"restored_s", "started_s", "lost_to_refilled_s"}
    assert files(copied.hub_folder) == before
    assert copied.stories() == stories
    assert len(copied.hub.store.keyring.bound_nodes()) == 1
    copied.file("empat")
    copied.settle()
    assert len(copied.stories()) == 4


def run(region: Region, scratch: Path, secret: HubSecrets) -> None:
    folder = region.hub_folder / "backups"
    scratch.mkdir()
    made = iter(range(9))
    Drill(
        scratch, secret, new_database=lambda: f"sqlite:///{scratch}/{next(made)}.sqlite3", clock=new_clock()
    ).run(newest_copy(folder), folder / "hub.keys", sample=20)


class TestWhatIsWrongShows:
    @pytest.fixture
    def copied(self, tmp_path: Path) -> Any:
        region = Region(tmp_path)
        region.file("satu")
        region.settle()
        region.hub.store.jobs.nightly_backup()
        yield region
        region.close()

    def test_the_keys_of_another_hub(self, copied: Region, tmp_path: Path) -> None:
        own = copied.hub.store.identity.secrets
        with pytest.raises(DrillFailed, match="of another hub"):
            run(copied, tmp_path / "a", HubSecrets(own.sealing, own.signing, b"\x05" * 32))
        with pytest.raises(DrillFailed, match="does not open with these keys"):
            run(copied, tmp_path / "b", HubSecrets(b"\x05" * 32, own.signing, own.session))
        run(copied, tmp_path / "c", own)

    def test_an_empty_backup_proves_no_keys(self, tmp_path: Path) -> None:
        region = Region(tmp_path)
        region.hub.store.jobs.nightly_backup()
        done = drill(region.hub_folder, region.hub_folder / "backups")
        region.close()
        assert (done.exit_code, json.loads(done.stdout)["opened"]) == (0, 0)
        assert "nothing shows whether the keys" in done.stderr

    def test_a_file_of_keys_that_lacks_some(self, copied: Region, tmp_path: Path) -> None:
        keys = copied.hub_folder / "backups" / "hub.keys"
        keys.write_text(json.dumps({"kentongan_report_keys": 1, "lines": 0}) + "\n")
        with pytest.raises(DrillFailed, match="1 reports of the copy have no key"):
            run(copied, tmp_path / "a", copied.hub.store.identity.secrets)

    def test_what_a_killed_drill_left_is_removed_and_one_that_runs_is_let_be(
        self, copied: Region, tmp_path: Path
    ) -> None:
        left, running = tmp_path / "drill-left", tmp_path / "drill-running"
        for place in (left, running):
            place.mkdir()
            (place / "hub.key").write_text("a key that was opened")
        lock = ServingLock(running)
        drill(copied.hub_folder, copied.hub_folder / "backups", "--scratch", tmp_path)
        lock.release()
        assert [place.name for place in tmp_path.glob("drill-*")] == ["drill-running"]

    def test_a_backup_that_is_none_leaves_nothing_behind(self, copied: Region, tmp_path: Path) -> None:
        with pytest.raises(CopyFailed, match="no copy is in"):
            newest_copy(tmp_path)
        before = files(copied.hub_folder)
        bad = tmp_path / "bad"
        bad.write_bytes(b"no database")
        for arguments in ((bad,), (bad, "--keys", copied.hub_folder / "backups" / "hub.keys"), (tmp_path,)):
            result = drill(copied.hub_folder, *arguments)
            assert (result.exit_code, result.stdout) == (1, "")
            assert result.stderr.count("\n") == 1
        assert files(copied.hub_folder) == before
        assert not list(copied.hub_folder.glob("drill-*"))

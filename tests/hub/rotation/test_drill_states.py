"""The drill restores a hub before, between and after a rotation, and says which it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from key_rotation import retire, rotate, turn
from village import VILLAGE, Region

from hub.drill import Drill, DrillFailed, DrillReport
from hub.folder import load
from hub.key_file import HubSecrets
from hub.retention.key_copies import keys_file_of


def drilled(region: Region, scratch: Path, copy: Path, secret: HubSecrets | None = None) -> DrillReport:
    """Drill with a copy and hub.key."""
    scratch.mkdir()
    names = iter(range(9))
    return Drill(
        scratch,
        secret or load(region.hub_folder).secrets,
        new_database=lambda: f"sqlite:///{scratch / f'drill{next(names)}.sqlite3'}",
        clock=region.clock,
    ).run(copy, keys_file_of(copy), sample=20)


@pytest.mark.parametrize("database_url", [None])
def test_it_restores_in_every_state(region: Region, tmp_path: Path) -> None:
    def copy(name: str) -> Path:
        file = region.path / name
        region.hub.store.jobs.copy(file)
        return file

    region.file()
    region.settle()
    before = copy("before")
    assert drilled(region, tmp_path / "a", before).sealing_keys == "one"
    rotate(region)
    turn(region, VILLAGE)
    found = drilled(region, tmp_path / "b", copy("between"))
    assert found.sealing_keys == "two: another one is being retired"
    two = load(region.hub_folder).secrets
    retire(region)
    after = copy("after")
    found = drilled(region, tmp_path / "c", after)
    assert (found.sealing_keys, found.opened) == ("one, after another was destroyed", 1)
    with pytest.raises(DrillFailed, match="does not open with these keys"):
        drilled(region, tmp_path / "d", before)
    assert drilled(region, tmp_path / "e", before, two).opened == 1

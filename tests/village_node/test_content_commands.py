from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from village import Region, quick_folder

from content.files import shipped_files
from content.packs import pack
from hub import folder as hub_folder
from village_node.cli import node as node_commands
from village_node.content_store import ContentStore
from village_node.doctor import examine

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with quick_folder(tmp_path) as quick:
        region = Region(quick)
        public = KEY.public_key().public_bytes_raw()
        hub_folder.create(region.hub_folder, name="Pusat", database_url=None, release_public=public)
        region.node()
        region.close()
        yield region.node_folder()


def call(*arguments: object, status: int = 0) -> Any:
    done = CliRunner().invoke(node_commands, ["content", *map(str, arguments)])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout) if status == 0 else done.stderr


def packed(folder: Path, version: int) -> Path:
    file = folder.parent / f"{version}.pack"
    day = datetime.date(2026, 11, 26)
    file.write_bytes(pack(shipped_files(), version=version, made_at=day, release_key=KEY))
    return file


def content_finding(folder: Path) -> dict[str, Any]:
    [found] = [f for f in examine(folder, radio_url=None, hub_url=None) if f["check"] == "content"]
    return found


def test_material_is_imported_shown_and_taken_back_without_a_server(folder: Path) -> None:
    assert call(folder)["version"] == call("status", folder)["version"] == 0
    assert call("import", folder, packed(folder, 3)) == {"version": 3}
    assert "above 3" in call("import", folder, packed(folder, 3), status=1)
    assert "cannot read" in call("import", folder, folder / "nothing", status=1)
    assert content_finding(folder)["ok"]
    assert call("rollback", folder) == {"version": 0}
    assert "none before it" in call("rollback", folder, status=1)
    assert call("status", folder)["because"] == "by hand"
    assert content_finding(folder)["ok"]


def test_the_doctor_tells_of_damage_and_of_what_was_given_up(folder: Path) -> None:
    public = KEY.public_key().public_bytes_raw()
    store = ContentStore(folder / "content", public, trial=lambda _: None)
    store.take(packed(folder, 1).read_bytes())
    store.proven()
    store.take(packed(folder, 2).read_bytes())
    file = folder / "content" / "v2" / "languages" / "id" / "help.toml"
    file.write_bytes(b"")
    assert "damaged on the card" in content_finding(folder)["problem"]
    ContentStore(folder / "content", public).begin()
    assert "version 2 was given up, version 1 is shown" in content_finding(folder)["problem"]


def test_a_folder_without_a_node_says_so(tmp_path: Path) -> None:
    assert "no node in this folder" in call("status", tmp_path, status=1)

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from releases import named, secret
from village import VILLAGE, Region

from content.files import shipped_files
from content.packs import pack
from hub.cli import hub as hub_commands
from hub.config import HubConfig
from hub.services import SignedIn
from hub.store_wiring import HubStore
from tests.hub.test_content import KEY, PUBLIC

BUDI = SignedIn("budi", "supervisor")


def call(*arguments: object, status: int = 0, stdin: str = "") -> Any:
    done = CliRunner().invoke(hub_commands, list(map(str, arguments)), input=stdin)
    assert done.exit_code == status, done.output
    return json.loads(done.stdout) if status == 0 else done.stderr


@pytest.fixture
def folder(region: Region) -> Path:
    from hub import folder as hub_folder

    hub_folder.create(region.hub_folder, name="Pusat", database_url=None, release_public=PUBLIC)
    region.node()
    region.settle()
    region.stop_hub()
    return region.hub_folder


def test_a_bulletin_by_a_command_waits_for_a_second_person(folder: Path) -> None:
    told = call("bulletin", folder, "--villages", VILLAGE, "--level", "danger", "--topic", "ship", "Awas.")
    assert (told["villages"], told["bytes_left"] > 100) == (1, True)
    store = HubStore(HubConfig(folder))
    try:
        assert store.notices.rows() == [], "nobody but its writer has read it"
        view = store.bulletins.view(told["bulletin"], who=BUDI, first=0, limit=1)
        assert (view.row.state, view.row.written_by, view.may_decide) == ("waiting", "command line", True)
        assert (view.row.draft.topic, view.row.draft.level, view.row.draft.area) == ("ship", 3, VILLAGE)
        store.bulletins.approve(told["bulletin"], view.seen, who=BUDI)
        assert [(row.text, row.villages) for row in store.notices.rows()] == [("Awas.", 1)]
    finally:
        store.close()


def test_a_lawful_chance_by_a_command_goes_out_at_once(folder: Path) -> None:
    told = call("bulletin", folder, "--opportunity", "job", "-", stdin="Lowongan las.\n")
    assert (told["villages"], told["packet_bytes"] < 120) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "is_public"),
    [
        (["Awas."], False),
        (["--opportunity", "job", "Lowongan las."], True),
        (["--public", "Awas."], True),
        (["--opportunity", "job", "--facilitator-only", "Lowongan las."], False),
    ],
)
def test_everybody_sees_a_chance_and_the_facilitator_a_bulletin_unless_told(
    region: Region, folder: Path, arguments: list[str], is_public: bool
) -> None:
    told, store = call("bulletin", folder, *arguments), region.hub.store
    if "bulletin" in told:
        assert (
            store.bulletins.view(told["bulletin"], who=BUDI, first=0, limit=1).row.draft.public is is_public
        )
    else:
        row = store.notices.view(told["serial"]).row
        assert (row.public, row.written_by) == (is_public, "Pusat")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--villages", "11.01.01.2001", "Awas."], "no box that has spoken"),
        (["--villages", "52.02.08.2001,52.02.08.2002", "Awas."], "one area"),
        (["--opportunity", "job", "--villages", "11.01.01.2001", "Las."], "no box that has spoken"),
        (["--opportunity", "job", ""], "1 to 1000 characters"),
        (["Telepon 0812-0000-4321"], "Remove phone numbers"),
        ([hashlib.sha512(b"").hexdigest() + hashlib.sha512(b"a").hexdigest()], "one radio packet"),
        ([""], "Write 1 to"),
    ],
)
@pytest.mark.parametrize("database_url", [None])
def test_what_must_not_go_out_is_refused_in_one_line(folder: Path, arguments: list[str], said: str) -> None:
    told = call("bulletin", folder, *arguments, status=1)
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_pack_is_given_to_the_villages_by_a_command(folder: Path) -> None:
    file = folder.parent / "new.pack"
    day = datetime.date(2026, 11, 26)
    file.write_bytes(pack(shipped_files(), version=4, made_at=day, release_key=KEY))
    assert call("content", folder, file) == {"version": 4, "made_at": "2026-11-26", "villages": 1}
    assert "above 4" in call("content", folder, file, status=1)
    assert "cannot read" in call("content", folder, folder / "nothing", status=1)


def test_a_release_key_that_was_replaced_signs_no_material_and_new_boxes_get_the_one_after_it(
    folder: Path,
) -> None:
    day, spare, after = datetime.date(2026, 11, 26), secret(1), secret(2)
    file, chain, enrolment = (folder.parent / name for name in ("new.pack", "keys", "enrolment.json"))
    file.write_bytes(pack(shipped_files(), version=4, made_at=day, release_key=KEY))
    call("content", folder, file)
    before = call("release", "keys", folder)
    assert (before["epoch"], before["release"], before["spares"]) == (0, [PUBLIC.hex()], [])
    one = named(b"", by=KEY, release=KEY, spares=(spare,))
    chain.write_bytes(named(one, by=spare, release=after, spares=(spare,)))
    told = call("release", "keys", folder, chain)
    assert (told["epoch"], told["release"]) == (2, [after.public_key().public_bytes_raw().hex()])
    chain.write_bytes(one)  # an older one takes nothing back
    assert call("release", "keys", folder, chain) == call("release", "keys", folder) == told
    chain.write_bytes(named(b"", by=KEY, release=KEY, spares=(secret(66),)))
    assert "contradict" in call("release", "keys", folder, chain, status=1)
    # What was signed before is read as before, and goes on to villages that know the old key.
    file.write_bytes(pack(shipped_files(), version=5, made_at=day, release_key=KEY))
    assert "release key" in call("content", folder, file, status=1)
    file.write_bytes(pack(shipped_files(), version=5, made_at=day, release_key=after))
    assert call("content", folder, file)["version"] == 5
    call("enrol", folder, "--village", "52.02.01.2002", "--village-name", "Contoh", "--out", enrolment)
    assert json.loads(enrolment.read_text())["release_public"] == told["release"][0]

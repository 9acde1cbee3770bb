"""hub.key under a passphrase: only the right one opens it, and whatever cuts a change off, it is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from killed import killed_at

from hub import key_file
from hub.key_file import (
    FILE_COST,
    KEY_FILE,
    HubSecrets,
    WrongPassphrase,
    is_protected,
    read_secrets,
    write_plain,
    write_protected,
)
from sync.passwords import Cost
from sync.storage import private_files

QUICK = Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "kentongan bertalu-talu"
HUB = HubSecrets(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
TRACED = {key_file.__file__, private_files.__file__}


def nobody_asked() -> str:
    raise AssertionError("asked")


def protected(folder: Path, passphrase: str = PASSPHRASE) -> None:
    write_protected(folder, HUB, passphrase, cost=QUICK)


def test_plain_file_asks_for_nothing(tmp_path: Path) -> None:
    write_plain(tmp_path, HUB)
    assert read_secrets(tmp_path, nobody_asked) == HUB
    assert not is_protected(tmp_path)


def test_only_the_passphrase_opens_and_no_secret_stands_in_the_folder(tmp_path: Path) -> None:
    write_plain(tmp_path, HUB)
    protected(tmp_path)
    assert is_protected(tmp_path)
    assert read_secrets(tmp_path, lambda: PASSPHRASE) == HUB
    before = (tmp_path / KEY_FILE).read_bytes()
    with pytest.raises(WrongPassphrase):
        read_secrets(tmp_path, lambda: PASSPHRASE + ".")
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]
    assert (tmp_path / KEY_FILE).read_bytes() == before
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    for secret in (HUB.sealing, HUB.signing, HUB.session):
        assert secret.hex().encode() not in before


def test_parameters_stand_beside_and_count(tmp_path: Path) -> None:
    write_protected(tmp_path, HUB, PASSPHRASE)
    told = json.loads((tmp_path / KEY_FILE).read_text())
    assert told["argon2id"]["memory_kib"] == FILE_COST.memory_kib == 64 * 1024
    assert read_secrets(tmp_path, lambda: PASSPHRASE) == HUB
    for name, value in (("memory_kib", 1 << 30), ("passes", 0), ("salt", "00")):
        bad = {**told, "argon2id": {**told["argon2id"], name: value}}
        (tmp_path / KEY_FILE).write_text(json.dumps(bad))
        with pytest.raises(ValueError, match=r"cost|salt"):
            read_secrets(tmp_path, lambda: PASSPHRASE)


def test_the_old_bytes_are_overwritten(tmp_path: Path) -> None:
    write_plain(tmp_path, HUB)
    leftover = tmp_path / (KEY_FILE + ".part")
    leftover.write_text(HUB.to_json())
    olds = [(tmp_path / KEY_FILE).open("rb"), leftover.open("rb")]
    protected(tmp_path)
    for old in olds:
        with old:
            assert set(old.read()) == {0}


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_kill_at_any_step_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    plain = HUB.to_json() + "\n"
    seen, step = set(), 0
    write_plain(tmp_path, HUB)
    while killed_at(step, lambda: protected(tmp_path), TRACED):
        now = (tmp_path / KEY_FILE).read_text()
        seen.add("old" if now == plain else "new")
        assert read_secrets(tmp_path, lambda: PASSPHRASE) == HUB
        leftover = tmp_path / (KEY_FILE + ".part")
        assert not leftover.exists() or HUB.session.hex() not in leftover.read_text()
        write_plain(tmp_path, HUB)
        step += 1
    assert step > 20
    assert seen == {"old", "new"}


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_kill_while_the_passphrase_changes_leaves_one_of_the_two(tmp_path: Path) -> None:
    step, other = 0, "perahu di atas karang"
    protected(tmp_path)
    opened = set()
    while killed_at(step, lambda: protected(tmp_path, other), TRACED):
        for passphrase in (PASSPHRASE, other):
            try:
                assert read_secrets(tmp_path, lambda said=passphrase: said) == HUB  # type: ignore[misc]
                opened.add(passphrase)
                break
            except WrongPassphrase:
                continue
        else:
            raise AssertionError("no passphrase opens the file")
        protected(tmp_path)
        step += 1
    assert opened == {PASSPHRASE, other}

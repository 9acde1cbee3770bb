"""`kentongan hub key rotate`, `status`, `lost` and `retire`, and what a kill leaves of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from hub import folder as hub_folder
from hub import key_file
from hub.config import HubConfig
from hub.rotation import changing
from hub.store_wiring import HubStore
from kentongan import main
from sync.passwords import Cost

PASSPHRASE = "kentongan bertalu-talu"


def run(*arguments: object, old: str | None = None, new: str | None = None) -> Result:
    """Run a command; `old` and `new` are passphrases that it reads from descriptors."""
    given = ["hub", *map(str, arguments)]
    readers = []
    for option, text in (("--passphrase-fd", old), ("--new-passphrase-fd", new)):
        if text is not None:
            reader, writer = os.pipe()
            os.write(writer, text.encode() + b"\n")
            os.close(writer)
            readers.append(reader)
            given += [option, str(reader)]
    try:
        return CliRunner().invoke(main, given)
    finally:
        for reader in readers:
            os.close(reader)


def said(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, (result.output, result.exception)
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file.write_protected, "__kwdefaults__", {"cost": Cost(8, 1, 1)})
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hub_folder.create(
        tmp_path / "hub", name="Pusat", database_url=None, release_public=None, demand_second_factor=()
    )
    return tmp_path / "hub"


def refused(result: Result, words: str, status: int = 1) -> None:
    assert result.exit_code == status, (result.output, result.exception)
    assert words in result.stderr


def words_of(paper: Path) -> list[str]:
    """Return the shares that stand on a printed PDF, as text."""
    shares = []
    for page in PdfReader(paper).pages:
        numbered = [line for line in page.extract_text().splitlines() if line.strip()[:1].isdigit()]
        shares.append("\n".join(line for line in numbered if line.split()[1:2] and line.split()[1].islower()))
    return shares


def test_a_rotation_keeps_both_keys_under_the_same_passphrase(folder: Path, tmp_path: Path) -> None:
    said(run("key", "protect", folder, new=PASSPHRASE))
    before = hub_folder.load(folder, lambda: PASSPHRASE)
    told = said(run("key", "rotate", folder, tmp_path / "two.pdf", old=PASSPHRASE))
    after = hub_folder.load(folder, lambda: PASSPHRASE)
    assert after.secrets.retiring == before.secrets.sealing != after.secrets.sealing
    assert (after.signing_private, after.session_secret) == (before.signing_private, before.session_secret)
    assert told["retiring"] is not None
    assert told["fingerprint"] != told["retiring"]
    assert after.secrets.sealing.hex() not in (folder / "hub.key").read_text()
    refused(run("key", "rotate", folder, "--no-shares", old=PASSPHRASE), "a key is being retired already")
    status = said(run("key", "status", folder, old=PASSPHRASE))
    assert (status["nodes"], status["retiring"]) == ([], told["retiring"])


def test_shares_of_a_rotation_bring_both_keys_back(folder: Path, tmp_path: Path) -> None:
    said(run("key", "rotate", folder, tmp_path / "two.pdf"))
    secret = hub_folder.load(folder).secrets
    files = []
    for number, words in enumerate(words_of(tmp_path / "two.pdf")[:2]):
        files += ["--share", tmp_path / f"share{number}"]
        (tmp_path / f"share{number}").write_text(words)
    (folder / "hub.key").rename(tmp_path / "away")
    assert said(run("key", "restore", folder, *files))["restored"] == "hub.key"
    assert hub_folder.load(folder).secrets == secret


def test_shares_are_asked_for_and_not_written_over(folder: Path, tmp_path: Path) -> None:
    refused(run("key", "rotate", folder), "give SHARES.pdf", 2)
    (tmp_path / "there.pdf").write_text("")
    refused(run("key", "rotate", folder, tmp_path / "there.pdf"), "choose another name")
    refused(run("key", "retire", folder, "--no-shares"), "no key is being retired")
    assert hub_folder.load(folder).retiring is None


def test_retiring_is_refused_with_the_villages_that_need_it(folder: Path, tmp_path: Path) -> None:
    enrol = ("enrol", folder, "--village", "52.02.08.2001", "--village-name", "Pringgarata")
    assert run(*enrol, "--out", tmp_path / "enrolment.json").exit_code == 0
    said(run("key", "rotate", folder, "--no-shares"))
    refused(
        run("key", "retire", folder, tmp_path / "new.pdf"),
        "Pringgarata (node 1): enrolled with the old key, has never spoken",
    )
    assert not (tmp_path / "new.pdf").exists()
    assert hub_folder.load(folder).retiring is not None
    refused(run("key", "lost", folder, 7, "--reason", "banjir"), "no node 7 is in use")
    assert said(run("key", "lost", folder, 1, "--reason", "banjir")) == {"lost": 1}
    refused(run("key", "retire", folder, tmp_path / "new.pdf"), "back up to another disk")
    assert run("backup", folder, tmp_path / "copy", "--off-site").exit_code == 0
    done = run("key", "retire", folder, tmp_path / "new.pdf")
    assert said(done)["destroyed"] is True
    assert "Burn all shares printed before" in done.stderr
    assert hub_folder.load(folder).retiring is None
    assert said(run("key", "status", folder))["retiring"] is None


def test_a_serving_hub_is_stopped_first(folder: Path) -> None:
    lock = hub_folder.ServingLock(folder)
    try:
        refused(run("key", "rotate", folder, "--no-shares"), "another process serves this hub")
    finally:
        lock.release()
    assert hub_folder.load(folder).retiring is None


@pytest.mark.parametrize("command", ["rotate", "retire"])
def test_the_database_follows_a_command_that_was_cut_off_after_writing_the_key(
    folder: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    HubStore(HubConfig(folder)).close()
    if command == "retire":
        said(run("key", "rotate", folder, "--no-shares"))
    secret = hub_folder.load(folder).secrets
    new = changing.with_new_key(secret) if command == "rotate" else changing.without_old_key(secret)
    changing.rewrite(folder, new, lambda: "")  # and then the plug is pulled
    store = HubStore(HubConfig(folder))
    try:
        rows = store.hub_keys.rows()
        assert [row.destroyed_at is None for row in rows] == [command == "rotate", True]
        assert (store.rotation.status().old is not None) == (command == "rotate")
        assert rows[0].number < rows[1].number
        assert store.audit.problem() is None
    finally:
        store.close()


def test_an_older_copy_of_the_key_file_is_noticed_and_can_be_mended(folder: Path) -> None:
    old = (folder / "hub.key").read_text()
    said(run("key", "rotate", folder, "--no-shares"))
    (folder / "hub.key").write_text(old)
    findings = [json.loads(line) for line in run("doctor", folder).stdout.splitlines()]
    [found] = [f for f in findings if f["check"] == "hub key"]
    assert "villages seal for a newer key" in found["problem"]
    said(run("key", "rotate", folder, "--no-shares"))  # the newer one is lost
    store = HubStore(HubConfig(folder))
    try:
        assert store.hub_keys.newest_is_here()
        assert [row.destroyed_at is None for row in store.hub_keys.rows()] == [True, False, True]
    finally:
        store.close()

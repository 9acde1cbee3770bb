"""`kentongan hub key ...` and the passphrase that every other command then asks for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader
from village import new_clock

from hub import folder as hub_folder
from hub import key_file
from hub.config import HubConfig
from hub.joined_wiring import JoinedHub
from hub.key_shares import split
from hub.store_wiring import HubStore
from hub.wiring import Hub
from kentongan import main
from sync.passwords import Cost
from sync.sealing.derivation import spoken_fingerprint

PASSPHRASE = "kentongan bertalu-talu"
OTHER = "perahu di atas karang"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file.write_protected, "__kwdefaults__", {"cost": Cost(8, 1, 1)})
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


@contextmanager
def descriptor(text: str) -> Iterator[int]:
    reader, writer = os.pipe()
    os.write(writer, text.encode() + b"\n")
    os.close(writer)
    yield reader
    os.close(reader)


def run(*arguments: object, old: str | None = None, new: str | None = None, stdin: str = "") -> Result:
    with descriptor(old or "") as first, descriptor(new or "") as second:
        given = [str(argument) for argument in arguments]
        given += [] if old is None else ["--passphrase-fd", str(first)]
        given += [] if new is None else ["--new-passphrase-fd", str(second)]
        return CliRunner().invoke(main, ["hub", *given], input=stdin)


def said(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, (result.output, result.exception)
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def refused(result: Result, words: str) -> None:
    assert (result.exit_code, result.stdout) == (1, ""), (result.output, result.exception)
    [line] = result.stderr.splitlines()
    assert words in line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hub_folder.create(
        tmp_path / "hub", name="Pusat", database_url=None, release_public=None, demand_second_factor=()
    )
    return tmp_path / "hub"


@pytest.fixture
def protected(folder: Path) -> Path:
    assert said(run("key", "protect", folder, new=PASSPHRASE)) == {"protected": True}
    return folder


def contents(folder: Path) -> bytes:
    return (folder / "hub.key").read_bytes()


def test_wrong_passphrases_say_so_and_change_nothing(protected: Path) -> None:
    before = contents(protected)
    refused(run("key", "open", protected, old=OTHER), "does not open hub.key")
    refused(run("key", "change", protected, old=OTHER, new=PASSPHRASE), "does not open hub.key")
    refused(run("key", "unprotect", protected, old=OTHER), "does not open hub.key")
    refused(run("nodes", protected, old=OTHER), "does not open hub.key")
    refused(run("nodes", protected), "--passphrase-fd N")
    refused(run("nodes", protected, old="x" * 1025), "does not open hub.key")
    assert contents(protected) == before
    assert not list(protected.glob("hub.sqlite3*"))


def test_it_is_changed_and_taken_off(protected: Path) -> None:
    refused(run("key", "protect", protected, old=PASSPHRASE, new=OTHER), "already")
    refused(run("key", "change", protected, old=PASSPHRASE, new="pendek"), "12 to 1024 characters")
    said(run("key", "change", protected, old=PASSPHRASE, new=OTHER))
    refused(run("key", "open", protected, old=PASSPHRASE), "does not open")
    opened = said(run("key", "open", protected, old=OTHER))
    said(run("key", "unprotect", protected, old=OTHER))
    assert said(run("key", "open", protected)) == {**opened, "protected": False}
    refused(run("key", "unprotect", protected), "no passphrase")
    refused(run("key", "change", protected, new=OTHER), "no passphrase")


def test_every_command_on_a_folder_takes_it(protected: Path) -> None:
    def commands(group: Any) -> Iterator[Any]:
        for command in group.commands.values():
            if hasattr(command, "commands"):
                yield from commands(command)
            elif any(parameter.name == "folder" for parameter in command.params):
                yield command

    hub = main.get_command(None, "hub")  # type: ignore[arg-type]
    found = {
        command.name
        for command in commands(hub)
        if any("--passphrase-fd" in parameter.opts for parameter in command.params)
    }
    assert {command.name for command in commands(hub)} - found == {"init"}
    assert run("reports", protected, "--jsonl", old=PASSPHRASE).exit_code == 0
    assert run("backup", protected, protected.parent / "copy", old=PASSPHRASE).exit_code == 0


def test_serving_processes_take_the_credential_of_systemd(
    protected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "hub-passphrase").write_text(PASSPHRASE + "\n")
    hub = Hub(HubConfig(protected), clock=new_clock())
    joined = JoinedHub(HubConfig(protected), clock=new_clock())
    assert joined.store.identity.secrets == hub.store.identity.secrets
    joined.close()
    hub.close()
    (tmp_path / "hub-passphrase").write_text(OTHER)
    with pytest.raises(hub_folder.NotAHub, match="does not open"):
        Hub(HubConfig(protected), clock=new_clock())


def test_a_terminal_asks_without_showing_it(protected: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "kentongan", "hub", "key", "open", str(protected)],
        timeout=60,
        encoding="utf-8",
    )
    child.expect("Passphrase of hub.key: ")
    child.sendline(PASSPHRASE)
    child.expect(pexpect.EOF)
    assert '"protected": true' in child.before
    assert PASSPHRASE not in child.before
    child.close()
    assert child.exitstatus == 0


def test_shares_on_paper_bring_the_key_back(protected: Path, tmp_path: Path) -> None:
    paper = tmp_path / "bagian.pdf"
    printed = said(run("key", "shares", protected, paper, "--of", "3", "--need", "2", old=PASSPHRASE))
    assert paper.stat().st_mode & 0o777 == 0o600
    assert len(PdfReader(paper).pages) == 3
    refused(run("key", "shares", protected, paper, old=PASSPHRASE), "exists")
    refused(run("key", "shares", protected, tmp_path / "x.pdf", "--need", "9", old=PASSPHRASE), "--need")
    store = HubStore(HubConfig(protected, passphrase=lambda: PASSPHRASE), new_clock())
    store.writer.run(lambda: store.contents.draw(["0123456789abcdef.0.1"]))
    store.close()
    identity = store.identity
    shares = split(identity.secrets, of=3, need=2)
    files = []
    for number, share in enumerate(shares):
        files.append(tmp_path / f"share{number}")
        files[-1].write_text(share)
    two = ("--share", files[2], "--share", files[0])
    refused(run("key", "restore", protected, *two), "is there")
    (protected / "hub.key").unlink()
    refused(run("key", "restore", protected, "--share", files[0]), "2 different shares")
    refused(run("key", "restore", protected, *two, "--fingerprint", "1234"), "is another")
    assert not (protected / "hub.key").exists()
    back = said(run("key", "restore", protected, *two, "--fingerprint", printed["fingerprint"]))
    assert back == {"restored": "hub.key", "fingerprint": printed["fingerprint"], "fits": True}
    assert hub_folder.load(protected).secrets == identity.secrets


def test_shares_may_be_typed_and_a_hub_made_anew(folder: Path, tmp_path: Path) -> None:
    identity = hub_folder.load(folder)
    shares = split(identity.secrets, of=2, need=2)
    typed = "".join(share.replace(" ", "\n", 50) + "\n\n" for share in shares)
    done = run("key", "restore", tmp_path / "new", "--protect", new=PASSPHRASE, stdin=typed)
    assert said(done)["fingerprint"] == spoken_fingerprint(identity.static.public)
    assert said(done)["fits"] is None
    assert hub_folder.load(tmp_path / "new", lambda: PASSPHRASE).secrets == identity.secrets


def test_the_key_of_another_hub_is_not_put_in_its_place(folder: Path, tmp_path: Path) -> None:
    store = HubStore(HubConfig(folder), new_clock())
    store.writer.run(lambda: store.contents.draw(["0123456789abcdef.0.1"]))
    store.close()
    (folder / "hub.key").unlink()
    stranger = split(key_file.HubSecrets.from_bytes(bytes(96)), of=2, need=2)
    typed = "".join(f"{share}\n\n" for share in stranger)
    refused(run("key", "restore", folder, stdin=typed), "does not open what this hub keeps")
    assert not (folder / "hub.key").exists()

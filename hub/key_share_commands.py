"""`kentongan hub key shares` and `kentongan hub key restore`: the hub's key on paper, and back from it."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.key_file import KEY_FILE, HubSecrets, NotAHub, write_plain, write_protected
from hub.passphrase import ask_new_passphrase
from hub.services import COMMAND_LINE
from sync.command_line import note, print_json, refuse, refuse_what_is_there

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
SHARES = click.option(
    "--share",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file with the words of one share; may be repeated. Default: type them.",
)
OpenStore = Callable[[Path], AbstractContextManager[Any]]
Refusing = Callable[[Path], AbstractContextManager[None]]
_SHARE_MOST_BYTES = 4096


def add_share_commands(key: click.Group, open_store: OpenStore, refusing: Refusing) -> None:
    """Put the commands into the group; `open_store` and `refusing` turn what goes wrong into one line."""

    @key.command()
    @DIR
    @click.argument("out", metavar="OUT.pdf", type=click.Path(path_type=Path, dir_okay=False))
    @click.option("--of", default=3, show_default=True, type=int, help="How many shares.")
    @click.option("--need", default=2, show_default=True, type=int, help="How many give the key back.")
    def shares(folder: Path, out: Path, of: int, need: int) -> None:
        """Write shares of hub.key into OUT.pdf to print, a page for each. Delete the file afterwards.

        Write it to a memory file system (/dev/shm): what a disk held may be found on it later.
        """
        refuse_what_is_there(out, "a page of shares")
        with open_store(folder) as store:
            fingerprint = _print(store, out, of, need)
        print_json({"file": str(out), "of": of, "need": need, "fingerprint": fingerprint})
        note("Print it, give each page to another person, and delete the file.")

    @key.command()
    @DIR
    @SHARES
    @click.option("--fingerprint", help="The fingerprint on the paper: another key is refused.")
    @click.option("--protect", is_flag=True, help="Write hub.key under a new passphrase.")
    @click.option(
        "--new-passphrase-fd",
        "new_descriptor",
        type=click.IntRange(min=0),
        metavar="N",
        help="Read the new passphrase from the open descriptor N instead of the terminal.",
    )
    @click.option("--name", default="Kentongan", show_default=True, help="The hub's name, without hub.json.")
    def restore(folder: Path, files: tuple[Path, ...], protect: bool, **options: Any) -> None:
        """Write hub.key into DIR out of shares: from files, or typed. Nothing is written over."""
        with refusing(folder):
            if (folder / KEY_FILE).exists():
                raise NotAHub("hub.key is there: move it away first, nothing is written over")
            secret = read_shares(files)
            found = _compared(secret, options["fingerprint"])
            fitting = _fits(folder, secret)
            if fitting is False:
                raise NotAHub(f"the key {found} does not open what this hub keeps: nothing was written")
            passphrase = ask_new_passphrase(options["new_descriptor"]) if protect else None
            made = _put_back(folder, secret, passphrase, options["name"])
        print_json({"restored": KEY_FILE, "fingerprint": found, "fits": fitting})
        note("Compare the fingerprint with the one on the paper.")
        if made:
            note("hub.json was made anew: put the old one in its place if you have it.")


def _print(store: Any, out: Path, of: int, need: int) -> str:
    from sync.sealing.derivation import spoken_fingerprint

    paper = draw(store.identity.secrets, store.config.timezone, of=of, need=need)
    store.audit.note(COMMAND_LINE, "key shares printed", f"key {of}", f"{need} / {of}")
    write_paper(out, paper)
    return spoken_fingerprint(store.identity.static.public)


def draw(secret: HubSecrets, timezone: str, *, of: int, need: int) -> bytes:
    """Return the PDF of the shares of a hub's secrets, as of today."""
    from hub.key_paper import draw_shares
    from hub.key_shares import SharesRefused, split
    from hub.web.local_time import local_time
    from sync.clock import SystemClock
    from sync.sealing.derivation import KeyPair, spoken_fingerprint

    day = datetime.datetime.fromtimestamp(SystemClock().wall_s(), local_time(timezone).zone).date()
    try:
        made = split(secret, of=of, need=need)
    except SharesRefused as error:
        refuse(str(error))
    fingerprint = spoken_fingerprint(KeyPair.from_private(secret.sealing).public)
    return draw_shares(made, need=need, fingerprint=fingerprint, printed_on=day)


def write_paper(out: Path, paper: bytes) -> None:
    """Write the PDF where nothing stands yet, for this user alone."""
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(paper)
    except OSError as error:
        refuse(f"cannot write {out} ({error.strerror}): give a file in a folder that is there")


def _compared(secret: HubSecrets, told: str | None) -> str:
    from sync.sealing.derivation import KeyPair, spoken_fingerprint

    found = spoken_fingerprint(KeyPair.from_private(secret.sealing).public)
    if told is not None and "".join(told.split()) != found.replace(" ", ""):
        raise NotAHub(f"these shares give the key {found}, which is another: nothing was written")
    return found


def _put_back(folder: Path, secret: HubSecrets, passphrase: str | None, name: str) -> bool:
    """Write hub.key, and hub.json where there is none; return whether it was made."""
    from hub import folder as hub_folder

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = not (folder / hub_folder.CONFIG_FILE).exists()
    with hub_folder.key_lock(folder):
        if made:
            hub_folder.write_settings(folder, hub_folder.identity_of(secret, name=name))
        if passphrase is None:
            write_plain(folder, secret)
        else:
            write_protected(folder, secret, passphrase)
    return made


def read_shares(files: tuple[Path, ...]) -> HubSecrets:
    """Return the secrets out of files, or of what is typed; raise NotAHub that says what is wrong."""
    from hub.key_shares import SharesRefused, combine, needed

    try:
        if files:
            return combine([_words_in(file) for file in files])
        first = _typed(1)
        return combine([first, *(_typed(number) for number in range(2, needed(first) + 1))])
    except SharesRefused as error:
        raise NotAHub(str(error)) from None


def _words_in(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_SHARE_MOST_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise NotAHub("a file of a share holds its words, as text") from None
    except OSError as error:
        raise NotAHub(f"a file of a share cannot be read ({error.strerror})") from error


def _typed(number: int) -> str:
    """Read the words of one share, over as many lines as one likes, until an empty line."""
    if sys.stdin.isatty():
        note(f"Words of share {number}, column by column; an empty line ends it:")
    lines = []
    while (line := sys.stdin.readline()).strip():
        lines.append(line)
    return " ".join(lines)


def _fits(folder: Path, secret: HubSecrets) -> bool | None:
    """Return whether the secrets open what the database of a folder keeps; None where nothing tells."""
    from hub import folder as hub_folder
    from hub.config import HubConfig
    from hub.retention.contents import ReportContents
    from hub.storage.opening import open_store, sqlite_file
    from sync.storage.writer import GroupCommitWriter

    if not (folder / hub_folder.CONFIG_FILE).exists():
        return None
    url = HubConfig(folder).database_url or hub_folder.database_url_of(folder)
    if (url is None or url.startswith("sqlite:")) and not sqlite_file(url, folder).exists():
        return None
    database = open_store(url, folder)
    writer = GroupCommitWriter(database)
    try:
        contents = ReportContents(database, writer, folder_key=secret.session)
        return contents.fits() if contents.has_keys() else None
    finally:
        writer.close()
        database.close()

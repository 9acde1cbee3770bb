"""`kentongan hub key rotate`, `status`, `keep`, `lost`, `retire`: a new sealing key, end of the old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import click

from hub.key_file import HubSecrets
from hub.passphrase import ask_passphrase
from hub.rotation.changing import rewrite, with_new_key, without_old_key
from sync.command_line import note, print_json, refuse_what_is_there

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OUT = click.argument("out", metavar="[SHARES.pdf]", required=False, type=click.Path(path_type=Path))
NO_SHARES = click.option(
    "--no-shares", is_flag=True, help="Print none: a copy of hub.key that you keep elsewhere is the backup."
)
OF = click.option("--of", default=3, show_default=True, type=int, help="How many shares.")
NEED = click.option("--need", default=2, show_default=True, type=int, help="How many give the key back.")
OpenStore = Callable[[Path], AbstractContextManager[Any]]
Refusing = Callable[[Path], AbstractContextManager[None]]


def add_rotation_commands(key: click.Group, open_store: OpenStore, refusing: Refusing) -> None:
    """Put the commands into the group; `open_store` and `refusing` turn what goes wrong into one line."""

    @key.command()
    @DIR
    @OUT
    @NO_SHARES
    @OF
    @NEED
    def rotate(folder: Path, out: Path | None, no_shares: bool, of: int, need: int) -> None:
        """Draw another key for villages to seal for, and keep the old one until nothing needs it.

        Shares of both keys go into SHARES.pdf first (see hub key shares): older ones lack the new key. Then
        stop no villages: each is told by whatever reaches it, and what it sealed before still opens. The hub
        must not be serving; start it, and every hub serve --join and worker, with the new hub.key.
        """
        _wants_shares(out, no_shares)
        with refusing(folder), _alone(folder):
            new = with_new_key(_secrets(folder))
            paper = _draw(folder, new, of, need) if out is not None else None
            _print(out, paper)
            rewrite(folder, new, ask_passphrase)
        with open_store(folder) as store:
            _note_shares(store, out, of, need)
            told = store.key_teller.turn()
            status = store.rotation.status()
        print_json({"fingerprint": status.newest, "retiring": status.old, "villages_told": told})
        note("Start the hub again, with this hub.key on every machine that has a copy of it.")
        note("Older shares and copies of hub.key lack the new key: what villages seal from now on needs it.")

    @key.command()
    @DIR
    def status(folder: Path) -> None:
        """Print who seals for the new key, what may still come for the old one, and what to do next."""
        with open_store(folder) as store:
            found = store.rotation.status()
        print_json(found.to_json())
        note(f"Next: {found.next_step}.")

    @key.command()
    @DIR
    def keep(folder: Path) -> None:
        """Make what is sealed for the old key readable without it. The hub does so each day by itself."""
        with open_store(folder) as store:
            kept = store.rotation.keep_message_keys()
        print_json({"kept": kept})

    @key.command()
    @DIR
    @click.argument("node", type=click.IntRange(min=1))
    @click.option("--reason", required=True, help="Why: it stands in the log of accesses.")
    def lost(folder: Path, node: int, reason: str) -> None:
        """Declare a box lost: nothing that it says counts any more, and the old key does not wait for it.

        What it sealed and did not deliver is lost with the old key. A new box: kentongan hub enrol.
        """
        with open_store(folder) as store, refusing(folder):
            store.rotation.declare_lost(node, reason)
        print_json({"lost": node})

    @key.command()
    @DIR
    @OUT
    @NO_SHARES
    @OF
    @NEED
    def retire(folder: Path, out: Path | None, no_shares: bool, of: int, need: int) -> None:
        """Destroy the old key, once every village has the new one and nothing sealed for the old is missing.

        Says what is missing otherwise. The hub must not be serving. Shares of the new key alone go into
        SHARES.pdf first. Flash disks and some file systems keep what was overwritten.
        """
        _wants_shares(out, no_shares)
        with refusing(folder), _alone(folder), open_store(folder) as store:
            store.rotation.check()
            new = without_old_key(store.identity.secrets)
            paper = _draw(folder, new, of, need) if out is not None else None
            _print(out, paper)
            rewrite(folder, new, ask_passphrase)
            store.hub_keys.follow((store.identity.static,))
            _note_shares(store, out, of, need)
            fingerprint = store.rotation.status().newest
        print_json({"destroyed": True, "fingerprint": fingerprint})
        note("Burn all shares printed before, and destroy older copies of hub.key: the old key is in them.")
        note("Start the hub again, with this hub.key on every machine that has a copy of it.")


def _wants_shares(out: Path | None, no_shares: bool) -> None:
    if (out is None) != no_shares:
        raise click.UsageError("give SHARES.pdf, a file to print shares from, or --no-shares")
    if out is not None:
        refuse_what_is_there(out, "a page of shares")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody serves this hub, and nobody else changes hub.key."""
    from hub import folder as hub_folder

    hub_folder.check(folder)
    lock = hub_folder.ServingLock(folder)
    try:
        with hub_folder.key_lock(folder):
            yield
    finally:
        lock.release()


def _secrets(folder: Path) -> HubSecrets:
    from hub import folder as hub_folder

    return hub_folder.load(folder).secrets


def _draw(folder: Path, secret: HubSecrets, of: int, need: int) -> bytes:
    """Return the PDF of the shares of these secrets."""
    from hub.config import HubConfig
    from hub.key_share_commands import draw

    return draw(secret, HubConfig(folder).timezone, of=of, need=need)


def _print(out: Path | None, paper: bytes | None) -> None:
    from hub.key_share_commands import write_paper

    if out is not None and paper is not None:
        write_paper(out, paper)


def _note_shares(store: Any, out: Path | None, of: int, need: int) -> None:
    from hub.services import COMMAND_LINE

    if out is not None:
        store.audit.note(COMMAND_LINE, "key shares printed", f"key {of}", f"{need} / {of}")

"""`kentongan hub key ...`: a passphrase over hub.key, and shares of it on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import click

from hub.drill_command import add_drill_command
from hub.key_rotation_commands import add_rotation_commands
from hub.key_share_commands import add_share_commands
from sync.command_line import note, print_json

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
NEW = click.option(
    "--new-passphrase-fd",
    "new_descriptor",
    type=click.IntRange(min=0),
    metavar="N",
    help="Read the new passphrase from the open descriptor N instead of the terminal.",
)
OpenStore = Callable[[Path], AbstractContextManager[Any]]
Refusing = Callable[[Path], AbstractContextManager[None]]


def add_key_commands(hub: click.Group, open_store: OpenStore, refusing: Refusing) -> None:
    """Put the group into the group; `open_store` and `refusing` turn what goes wrong into one line."""

    @hub.group()
    def key() -> None:
        """The hub's key: a passphrase over it, shares of it on paper, another one in its place."""

    _add_passphrase_commands(key, refusing)
    add_share_commands(key, open_store, refusing)
    add_rotation_commands(key, open_store, refusing)
    add_drill_command(key, refusing)


def _add_passphrase_commands(key: click.Group, refusing: Refusing) -> None:
    @key.command()
    @DIR
    @NEW
    def protect(folder: Path, new_descriptor: int | None) -> None:
        """Encrypt hub.key under a passphrase. Without it nobody opens a report: print shares first.

        The bytes of the old file are overwritten, which some file systems and flash disks do not let happen,
        and every copy of it elsewhere stays as it is.
        """
        from hub.key_file import AlreadySo, write_protected
        from hub.passphrase import ask_new_passphrase

        with refusing(folder), _changing(folder) as (protected, secrets):
            if protected:
                raise AlreadySo("hub.key is under a passphrase already: see kentongan hub key change")
            write_protected(folder, secrets(), ask_new_passphrase(new_descriptor))
        print_json({"protected": True})
        note("Copies of the old hub.key need no passphrase: destroy them.")

    @key.command("open")
    @DIR
    def open_key(folder: Path) -> None:
        """Try the passphrase and print the key's fingerprint. Changes nothing."""
        from hub import folder as hub_folder
        from hub.key_file import is_protected
        from sync.sealing.derivation import spoken_fingerprint

        with refusing(folder):
            public = hub_folder.load(folder).static.public
            print_json({"protected": is_protected(folder), "fingerprint": spoken_fingerprint(public)})

    @key.command()
    @DIR
    @NEW
    def change(folder: Path, new_descriptor: int | None) -> None:
        """Put hub.key under another passphrase. Older copies of it keep the old one."""
        from hub.key_file import AlreadySo, write_protected
        from hub.passphrase import ask_new_passphrase

        with refusing(folder), _changing(folder) as (protected, secrets):
            if not protected:
                raise AlreadySo("hub.key has no passphrase: see kentongan hub key protect")
            write_protected(folder, secrets(), ask_new_passphrase(new_descriptor))
        print_json({"protected": True})

    @key.command()
    @DIR
    def unprotect(folder: Path) -> None:
        """Write hub.key without a passphrase: whoever reads the file is the hub then."""
        from hub.key_file import AlreadySo, write_plain

        with refusing(folder), _changing(folder) as (protected, secrets):
            if not protected:
                raise AlreadySo("hub.key has no passphrase")
            write_plain(folder, secrets())
        print_json({"protected": False})


@contextmanager
def _changing(folder: Path) -> Iterator[tuple[bool, Callable[[], Any]]]:
    """Give whether hub.key is protected, and what reads it; one at a time changes it."""
    from hub import folder as hub_folder
    from hub.key_file import HubSecrets, is_protected

    def read() -> HubSecrets:
        return hub_folder.load(folder).secrets

    hub_folder.check(folder)
    with hub_folder.key_lock(folder):
        try:
            protected = is_protected(folder)
        except (ValueError, AttributeError):
            read()  # says that the file is none
            raise
        yield protected, read

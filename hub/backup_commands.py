"""`kentongan hub backup` and `kentongan hub restore`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.config import HubConfig
from sync.command_line import note, print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
KEYS = click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of keys. Default: FILE.keys, or hub.keys beside it.",
)
OpenStore = Callable[[Path], AbstractContextManager[Any]]
Refusing = Callable[[Path], AbstractContextManager[None]]


def add_backup_commands(hub: click.Group, open_store: OpenStore, refusing: Refusing) -> None:
    """Put the commands into the group; `open_store` and `refusing` turn what goes wrong into one line."""

    @hub.command()
    @DIR
    @FILE
    @click.option(
        "--off-site", is_flag=True, help="This copy leaves the building: villages may forget what it holds."
    )
    @KEYS
    def backup(folder: Path, file: Path, off_site: bool, keys: Path | None) -> None:
        """Copy the database into FILE, the keys of its reports into FILE.keys. Keep hub.key apart from both.

        The newest keys open every older copy: delete the older keys, and what was forgotten meanwhile can be
        read in none of the copies.

        Villages keep their sealed reports until a copy exists that would survive the loss of this disk: one
        on another disk, or one that --off-site vouches for. Of a PostgreSQL database nobody here knows on
        which disk it is, so that only --off-site counts.
        """
        from hub.jobs import BackupFailed
        from hub.storage.opening import on_postgres

        marks = 0
        with open_store(folder) as store:
            try:
                outlives = off_site or (
                    not on_postgres(store.database)
                    and file.resolve().parent.stat().st_dev != folder.stat().st_dev
                )
                if outlives:
                    marks = store.jobs.backup(file, keys=keys)
                else:
                    store.jobs.copy(file, keys=keys)
            except BackupFailed as error:
                refuse(str(error))
            except OSError as error:
                refuse(f"no backup was written ({error.strerror}): give a FILE in a folder that is there")
        print_json({"file": str(file), "marks": marks})
        if not outlives:
            note("The copy may be on the same disk, so villages keep what it holds (see --off-site).")

    @hub.command()
    @DIR
    @FILE
    @KEYS
    @click.option("--no-keys", is_flag=True, help="The copy is of a version that had no keys of reports.")
    def restore(folder: Path, file: Path, keys: Path | None, no_keys: bool) -> None:
        """Fill an empty database with the copy in FILE and the keys in FILE.keys; hub.key must be in DIR.

        Keys that are newer than the copy open it too, and what was forgotten since is forgotten again.

        On SQLite the old file must be moved away first; on PostgreSQL make an empty database (createdb) and
        name it in DATABASE_URL. Nothing is written over. Villages send again what the copy lacks.
        """
        from hub import folder as hub_folder
        from hub.retention.key_copies import find_keys, put_back, read_keys
        from hub.storage.copies import restore_store

        with refusing(folder):
            rows = None if no_keys else read_keys(keys or find_keys(file))
            identity = hub_folder.load(folder)
            lock = hub_folder.ServingLock(folder)
            try:
                restore_store(HubConfig(folder).database_url or identity.database_url, folder, file)
            finally:
                lock.release()
        with open_store(folder) as store:
            done = {} if rows is None else put_back(store, rows)
        print_json({"restored": str(file), **done})

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
    def backup(folder: Path, file: Path, off_site: bool) -> None:
        """Copy the database into FILE. Keep hub.key apart from it.

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
                    marks = store.jobs.backup(file)
                else:
                    store.jobs.copy(file)
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
    def restore(folder: Path, file: Path) -> None:
        """Fill an empty database with the copy in FILE; the hub's keys must be in DIR.

        On SQLite the old file must be moved away first; on PostgreSQL make an empty database (createdb) and
        name it in DATABASE_URL. Nothing is written over. Villages send again what the copy lacks.
        """
        from hub import folder as hub_folder
        from hub.storage.copies import restore_store

        with refusing(folder):
            identity = hub_folder.load(folder)
            lock = hub_folder.ServingLock(folder)
            try:
                restore_store(HubConfig(folder).database_url or identity.database_url, folder, file)
            finally:
                lock.release()
        print_json({"restored": str(file)})

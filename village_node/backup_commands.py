"""`kentongan node backup` and `kentongan node restore`: the sealed store on a stick, and on a new card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import peewee

from sync.command_line import note, print_json, refuse
from sync.errors import EnrolmentRefused
from sync.storage.writer import StorageError
from village_node.backups import Backup, BackupRefused, restore_backup, write_backup
from village_node.config import NodeConfig

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.command()
@DIR
@click.option(
    "--to", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder of a stick."
)
def backup(folder: Path, to: Path) -> None:
    """Write a backup of the node in DIR to a stick, beside a running server, and read it again.

    Seven are kept. The file is as secret as the box's card: it opens no report, and speaks as the box.
    """
    try:
        print_json(_shown(_backed_up(folder, to)))
    except (BackupRefused, EnrolmentRefused) as error:
        refuse(str(error))


def _backed_up(folder: Path, to: Path) -> Backup:
    from sync.clock import SystemClock
    from village_node.clock_source import time_keeper
    from village_node.stick_backups import note_backup
    from village_node.store_wiring import NodeStore
    from village_node.timekeeping import BUILD_WALL_S

    wall_s = int(SystemClock().wall_s())
    made = write_backup(folder, to, now_s=wall_s if wall_s >= BUILD_WALL_S else None)
    try:
        store = NodeStore(NodeConfig(folder))
        try:
            times = time_keeper(store.clock, -1, store.log)
            note_backup(store.log, times.stamp())
        finally:
            store.close()
    except (StorageError, peewee.PeeweeException, OSError):
        note("The backup is written and whole; the card could not take a note of it (kentongan node doctor).")
    return made


@click.command()
@DIR
@click.option(
    "--from",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A backup, kentongan-NUMBER-GENERATION.backup.",
)
def restore(folder: Path, file: Path) -> None:
    """Make the node of a backup anew in DIR, which holds none yet. A damaged backup changes nothing.

    The dead card must not run again. Reports that came after the backup and reached the hub are there; those
    that did not are lost with the card.
    """
    try:
        print_json(_shown(restore_backup(file, folder)))
    except BackupRefused as error:
        refuse(str(error))
    note("Compare the fingerprint by voice with the hub, as when the box was new. Destroy the old card.")


def _shown(backup: Backup) -> dict[str, Any]:
    return {
        "file": str(backup.file),
        "node": backup.node,
        "fingerprint": backup.fingerprint,
        "made_at_s": backup.made_at_s,
        "whole": True,
    }

"""`kentongan node settings`: what the hub set at this box, and how a person here gets rid of it."""

from __future__ import annotations

from pathlib import Path

import click
import peewee

from sync.command_line import note, print_json, refuse
from sync.errors import EnrolmentRefused
from sync.storage.writer import StorageError


@click.command("settings")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--forget",
    is_flag=True,
    help="Run as the box was set up, until the hub sends others. Stop the server first.",
)
def settings(folder: Path, forget: bool) -> None:
    """Print which settings of the hub this box runs or tries, as JSON."""
    from village_node.config import NodeConfig
    from village_node.folder import NodeBusy, SealingLock, load
    from village_node.offline import kept_settings
    from village_node.store_wiring import NodeStore

    try:
        load(folder)
        lock = SealingLock(folder) if forget else None
        try:
            store = NodeStore(NodeConfig(folder), sealing=lock is not None)
            try:
                kept = kept_settings(store)
                if forget:
                    kept.forget()
                print_json(kept.status())
            finally:
                store.close()
        finally:
            if lock is not None:
                lock.release()
    except NodeBusy:
        refuse("the server of this node is running: stop it, forget the settings, start it again")
    except (EnrolmentRefused, StorageError, peewee.PeeweeException, OSError) as error:
        refuse(str(error))
    if forget:
        note("The hub is told at the next contact. Start the server.")

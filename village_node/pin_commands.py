"""`kentongan node facilitator-code` and `kentongan node pin`: for whoever holds the box or its card."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import peewee

from sync.command_line import print_json, refuse
from sync.errors import EnrolmentRefused
from sync.storage.writer import StorageError
from village_node.config import NodeConfig
from village_node.damaged_store import DamagedLog
from village_node.log import NodeLog

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@contextmanager
def _log_of(folder: Path) -> Iterator[NodeLog]:
    from village_node.store_wiring import NodeStore

    try:
        store = NodeStore(NodeConfig(folder))
    except (EnrolmentRefused, DamagedLog) as error:
        refuse(str(error))
    except (peewee.PeeweeException, OSError) as error:
        refuse(_unusable(error))
    try:
        yield store.log
    except (StorageError, peewee.PeeweeException) as error:
        refuse(_unusable(error))
    finally:
        store.close()


def _unusable(error: Exception) -> str:
    return (
        f"the node's files cannot be used ({type(error).__name__}): run kentongan node doctor DIR; "
        "is the disk full, and does the folder belong to this user?"
    )


@click.command("facilitator-code")
@DIR
def facilitator_code(folder: Path) -> None:
    """Print a fresh code with which the facilitator sets the first PIN; earlier codes no longer count."""
    from village_node.pin import make_code

    with _log_of(folder) as log:
        code = make_code(log)
    if code is None:
        refuse("a PIN is set: to unset it run kentongan node pin reset DIR")
    print_json({"facilitator_code": code})


@click.group()
def pin() -> None:
    """The facilitator's PIN, for whoever holds the box."""


@pin.command("reset")
@DIR
def pin_reset(folder: Path) -> None:
    """Forget the PIN, lock all open pages of the facilitator, and print a code that sets a new one."""
    from village_node.pin import reset_pin_here

    with _log_of(folder) as log:
        code = reset_pin_here(log)
    print_json({"facilitator_code": code})

"""`kentongan node content`: which material the pages show, and changing it by hand."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import click
import peewee

from sync.command_line import print_json, refuse
from sync.errors import CarrierError, EnrolmentRefused
from sync.storage.writer import StorageError
from village_node.damaged_store import DamagedLog
from village_node.folder import NodeBusy

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


class _StatusUnlessNamed(click.Group):
    """`content DIR` is short for `content status DIR`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take what is no command for the folder."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["status", *args])


@click.group(cls=_StatusUnlessNamed)
def content() -> None:
    """The material that the pages show: lessons, rules, numbers of help."""


@content.command("status")
@DIR
def content_status(folder: Path) -> None:
    """Print which version the pages show, which is gone back to, and what went wrong with a newer one."""
    _content(folder, {"op": "content"})


@content.command()
@DIR
def rollback(folder: Path) -> None:
    """Go back to the version before; the one that is left comes back by hand only."""
    _content(folder, {"op": "content-rollback"})


@content.command("import")
@DIR
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_content(folder: Path, file: Path) -> None:
    """Use the signed pack in FILE. It is tried whole first; one that does not work changes nothing."""
    try:
        pack = file.read_bytes()
    except OSError as error:
        refuse(f"cannot read {file.name} ({error.strerror})")
    _content(folder, {"op": "content-import", "pack": base64.b64encode(pack).decode("ascii")})


def _content(folder: Path, request: dict[str, Any]) -> None:
    from village_node.offline import content_request

    try:
        print_json(content_request(folder, request))
    except (EnrolmentRefused, NodeBusy, CarrierError, StorageError, DamagedLog) as error:
        refuse(str(error))
    except (peewee.PeeweeException, OSError) as error:
        refuse(
            f"the node's files cannot be used ({type(error).__name__}): run kentongan node doctor DIR; "
            "is the disk full, and does the folder belong to this user?"
        )

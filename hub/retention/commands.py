"""`kentongan hub forget`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.services import COMMAND_LINE, UnknownReport
from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_retention_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the command into the group; `open_store` turns what goes wrong into one line."""

    @hub.command()
    @DIR
    @click.argument("report_ids", metavar="ID...", nargs=-1, required=True)
    @click.option("--reason", required=True, help="Stands in the log of accesses for good: name nobody.")
    @click.option("--yes", is_flag=True, help="Needed: nothing brings a forgotten report back.")
    def forget(folder: Path, report_ids: tuple[str, ...], reason: str, yes: bool) -> None:
        """Forget reports: what was told, added, attached, answered and found in them, and their keys.

        That they came stays, without a word of them. Copies of the database cannot be opened for them any
        more once the keys beside the copies are newer than this (see kentongan hub backup).
        """
        from hub.audit.entries import NoEntry
        from hub.retention.forgetting import OnHold, StillOpen

        if not yes:
            refuse("nothing was forgotten: it cannot be undone, so say --yes")
        with open_store(folder) as store:
            try:
                done = store.forgetting.forget(report_ids, by=COMMAND_LINE, reason=reason)
            except UnknownReport:
                refuse("one of these ids is none of a report here: nothing was forgotten")
            except StillOpen as case:
                refuse(f"one lies in case {case}, which is open: close it first; nothing was forgotten")
            except OnHold as held:
                refuse(f"{held} is held (see the page Masa simpan): nothing was forgotten")
            except NoEntry as problem:
                refuse(str(problem))
        print_json({"forgotten": done})

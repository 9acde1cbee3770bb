"""`kentongan hub counts`: check the counters against the reports, count anew."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from sync.command_line import note, print_json

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_counts_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def counts() -> None:
        """Counters of reports by week: check them, count anew."""

    @counts.command("check")
    @DIR
    def check(folder: Path) -> None:
        """Compare all counters with the reports; the hub may serve meanwhile. Exit 1 when any differ."""
        with open_store(folder) as store:
            wrong = store.week_counts.problems()
            print_json({"ok": not wrong, "wrong": wrong})
        if wrong:
            note(f"run kentongan hub counts rebuild {folder}")
        sys.exit(1 if wrong else 0)

    @counts.command("rebuild")
    @DIR
    def rebuild(folder: Path) -> None:
        """Count all reports anew, a regency at a time; the hub may serve meanwhile."""
        done: list[str] = []
        with open_store(folder) as store:
            signs = store.early.signs.fill(sys.maxsize)
            store.week_counts.rebuild(told=done.append)
        print_json({"regencies": len(done), "indicators_read": signs})

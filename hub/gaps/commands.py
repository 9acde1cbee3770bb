"""`kentongan hub gaps`: what no material answers, and the answers for the next pack, on this machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.gaps.services import OPEN, STATES
from hub.services import COMMAND_LINE
from sync.command_line import note, print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_gap_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def gaps() -> None:
        """Questions that no village's material answers, and the answers for the next pack."""

    @gaps.command("list")
    @DIR
    @click.option("--state", type=click.Choice(STATES), default=OPEN, show_default=True)
    def list_gaps(folder: Path, state: str) -> None:
        """Print the gaps of a state, the most asked first, one JSON line each, without the questions."""
        with open_store(folder) as store:
            for row in store.gaps.rows(state, who=COMMAND_LINE, limit=10_000):
                print_json({"gap": row.id, "state": row.state, "asked": row.count})

    @gaps.command()
    @DIR
    @click.option(
        "--to",
        required=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="A folder: passages.toml and facts.toml in it are written anew.",
    )
    def export(folder: Path, to: Path) -> None:
        """Write the answers as TOML to append to languages/id/passages.toml and facts.toml of the material.

        What `kentongan content check` finds in the shipped material with them is printed, a line each.
        """
        from content.check import problems
        from content.files import shipped_files
        from hub.gaps.export import fragments, with_answers

        with open_store(folder) as store:
            answers = store.gaps.answers()
            hub_name = store.identity.signing_public[:3].hex()
        found = fragments(answers, hub_name)
        try:
            to.mkdir(parents=True, exist_ok=True)
            for name, text in found.items():
                (to / name).write_text(text, "utf-8")
        except OSError as error:
            refuse(f"cannot write into {to.name} ({error.strerror})")
        for problem in problems(with_answers(shipped_files(), found)):
            note(problem)
        print_json({"answers": len(answers), "files": sorted(found)})

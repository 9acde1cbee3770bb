"""`kentongan hub learning`: the evaluation of rules and of the triage score, for programs and a look."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.learning.services import MOST_CAPACITY, USUAL_CAPACITY, USUAL_WEEKS, WEEK_CHOICES
from hub.learning.weight_commands import ShowFirst, add_weight_commands

OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_learning_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group("learning", cls=ShowFirst)
    def learning() -> None:
        """What became of signals and reports; the weights of the triage score. DIR alone is `show DIR`."""

    add_weight_commands(learning, open_store)

    @learning.command("show")
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
    @click.option(
        "--weeks",
        type=click.Choice([str(weeks) for weeks in WEEK_CHOICES]),
        default=str(USUAL_WEEKS),
        help="Of how many weeks until today.",
    )
    @click.option(
        "--capacity",
        type=click.IntRange(1, MOST_CAPACITY),
        default=USUAL_CAPACITY,
        help="How many reports a week are verified, for recall.",
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON object instead of CSV.")
    def show(folder: Path, weeks: str, capacity: int, as_json: bool) -> None:
        """Print what became of signals and reports, with intervals. It names nobody."""
        from hub.learning import told
        from hub.services import COMMAND_LINE

        with open_store(folder) as store:
            found = store.early.evaluating.evaluation(int(weeks), capacity, who=COMMAND_LINE, exported=True)
        if as_json:
            click.echo(json.dumps(told.as_json(found), ensure_ascii=False))
        else:
            click.echo(told.as_csv(found), nl=False)

"""`kentongan hub learning refit|compare|switch|undo`: weights of the triage score from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hub.learning.services import MOST_CAPACITY, USUAL_CAPACITY

OpenStore = Callable[[Path], AbstractContextManager[Any]]
HELD_BACK = ("0", "4", "8", "13", "26")


class ShowFirst(click.Group):
    """A group whose first word may be a folder: then it is the command `show`, as it was before there were
    others."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the first word; `show` where it names none."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


def add_weight_commands(learning: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""
    folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
    reason = click.option("--reason", required=True, help="Why; it is kept.")

    @learning.command("refit")
    @folder
    @click.option(
        "--held-back",
        type=click.Choice(HELD_BACK),
        default="8",
        show_default=True,
        help="Newest whole weeks that are kept for comparing.",
    )
    def refit(folder: Path, held_back: str) -> None:
        """Fit a table of weights on what verification said, and put it on trial in the shadow."""
        with _weights(folder, open_store) as weights:
            click.echo(weights.refit(int(held_back), who=_who()))

    @learning.command("compare")
    @folder
    @click.option(
        "--capacity", type=click.IntRange(1, MOST_CAPACITY), default=USUAL_CAPACITY, show_default=True
    )
    def compare(folder: Path, capacity: int) -> None:
        """Print how the table on trial does on later weeks, beside the one that holds, as JSON."""
        with _weights(folder, open_store) as weights:
            click.echo(json.dumps(asdict(weights.compare(capacity, who=_who())), ensure_ascii=False))

    @learning.command("switch")
    @folder
    @click.argument("version")
    @reason
    def switch(folder: Path, version: str, reason: str) -> None:
        """Propose a table that is on trial; where an account proposed it, let it take over."""
        with _weights(folder, open_store) as weights:
            who = _who()
            proposal = weights.view(who=who).proposal
            if proposal is None or proposal.version != version:
                weights.propose(version, reason, seen=None, who=who)
                click.echo(f"{version} is proposed: somebody with an account decides on /belajar/bobot")
                return
            weights.decide(version, True, reason, seen=None, who=who)
            click.echo(f"{version} scores what arrives from now on")

    @learning.command("undo")
    @folder
    @reason
    def undo(folder: Path, reason: str) -> None:
        """Bring the weights back that held before the last switch."""
        with _weights(folder, open_store) as weights:
            before = weights.undo(reason, seen=None, who=_who())
            click.echo(f"{before} scores what arrives from now on")


class _weights:
    """Opens the store; what is refused becomes one line and exit code 1."""

    def __init__(self, folder: Path, open_store: OpenStore) -> None:
        self._opened = open_store(folder)

    def __enter__(self) -> Any:
        return self._opened.__enter__().early.weights

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from hub.learning.weight_services import WeightsRefused

        self._opened.__exit__(None, None, None)
        if isinstance(error, WeightsRefused):
            raise click.ClickException(str(error))


def _who() -> str:
    from hub.services import COMMAND_LINE

    return COMMAND_LINE

"""Options of `hub serve` and `hub worker` about the regular work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hub.forwarding.choosing import WHAT


def work_options(command: Any) -> Any:
    """Add the options of the regular work: passing on to a hub above this one, watch, random verification."""
    for option in (
        click.option(
            "--forward-to",
            metavar="NODE",
            type=click.Path(path_type=Path, file_okay=False, exists=True),
            help="Folder of the node that the hub above enrolled for this one, served on this machine.",
        ),
        click.option(
            "--forward",
            type=click.Choice(WHAT),
            default="verified",
            show_default=True,
            help="Which reports are passed on: those found true, or each that nobody discarded.",
        ),
        click.option("--forward-contact", is_flag=True, help="Also how the reporter can be reached."),
        click.option(
            "--watch-budget",
            default=5.0,
            show_default=True,
            type=click.FloatRange(0, min_open=True),
            help="How many findings of a clean week the weekly watch may raise by chance, in the whole hub.",
        ),
        click.option(
            "--random-share",
            default=0.05,
            show_default=True,
            type=click.FloatRange(0, 1),
            help="Which share of the reports of the lowest triage band is drawn for verification.",
        ),
    ):
        command = option(command)
    return command


def work_of(options: dict[str, Any]) -> dict[str, Any]:
    """Return what these options say, as `HubConfig` takes it."""
    names = ("forward_to", "forward", "forward_contact", "watch_budget", "random_share")
    return {name: options[name] for name in names}

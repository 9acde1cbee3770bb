"""`kentongan hub fleet`: how the boxes are, and who is told of their troubles, on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hub.fleet.rollout_commands import add_rollout_commands
from hub.fleet.services import BoxView, UpdateView
from hub.services import COMMAND_LINE
from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]
_AT_ONCE = 1000


def add_fleet_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def fleet() -> None:
        """The boxes in the villages: who needs a person, and what to do next."""

    @fleet.command("list")
    @DIR
    @click.option("--json", "as_json", is_flag=True, help="One JSON object a box.")
    def list_boxes(folder: Path, as_json: bool) -> None:
        """Print the boxes in use, who needs a person first."""
        from hub.fleet.words import next_action

        with open_store(folder) as store:
            store.fleet.boxes.settle()
            after: int | None = 0
            while after is not None:
                part = store.fleet.boxes.part(who=COMMAND_LINE, after=after, limit=_AT_ONCE)
                for box in part.rows:
                    mark = "!" if box.needs_person else " "
                    plain = f"{mark} {box.node}\t{box.village}\t{next_action(box)}"
                    click.echo(json.dumps(line_of(box), ensure_ascii=False) if as_json else plain)
                after = part.following

    _add_receivers(fleet, open_store)
    add_rollout_commands(fleet, open_store)


def _add_receivers(fleet: click.Group, open_store: OpenStore) -> None:
    @fleet.command()
    @DIR
    def receivers(folder: Path) -> None:
        """Print who is told by e-mail that a box needs a person."""
        with open_store(folder) as store:
            for address, language in store.fleet.alerts.receivers():
                print_json({"address": address, "language": language})

    @fleet.command()
    @DIR
    @click.argument("address")
    @click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
    def tell(folder: Path, address: str, language: str) -> None:
        """Tell ADDRESS by e-mail of each trouble once, and once that it is over."""
        from hub.fleet.alerts import ReceiverRefused

        with open_store(folder) as store:
            try:
                store.fleet.alerts.add(address, language)
            except ReceiverRefused as refused:
                refuse(str(refused))
        print_json({"told": True})

    @fleet.command()
    @DIR
    @click.argument("address")
    def untell(folder: Path, address: str) -> None:
        """Tell ADDRESS no more."""
        with open_store(folder) as store:
            if not store.fleet.alerts.remove(address):
                refuse("nobody is told under this address (see kentongan hub fleet receivers DIR)")
        print_json({"told": False})


def _update(update: UpdateView) -> dict[str, Any]:
    return {**asdict(update), "trouble": update.trouble.name.lower()}


def line_of(box: BoxView) -> dict[str, Any]:
    """Return a box as JSON-ready fields; times in Unix seconds."""
    from hub.fleet.words import next_action

    line: dict[str, Any] = {
        "node": box.node,
        "village": box.village,
        "village_name": box.village_name,
        "needs_person": box.needs_person,
        "troubles": list(box.troubles),
        "next": next_action(box),
        "silent_days": box.silent_days,
        "contacts": dict(box.contacts),
        "told_at": box.told_at,
        "update": None if box.update is None else _update(box.update),
    }
    beacon = box.beacon
    if beacon is not None:
        line |= {
            "told_online": box.told_online,
            "clock": beacon.clock.name.lower(),
            "disk": beacon.disk.name.lower(),
            "queue": beacon.queue.name.lower(),
            "radio": beacon.radio.name.lower(),
            "flags": [str(flag.name).lower() for flag in type(beacon.flags) if flag in beacon.flags],
            "margin_db": beacon.margin_db,
            "answered_percent": beacon.answered_percent,
            "temperature_c": beacon.temperature_c,
            "starts": box.starts,
            "unclean": box.unclean,
            "since": box.since,
            "uptime_days": beacon.uptime_days,
            "software": ".".join(map(str, beacon.software)),
            "content": beacon.content,
            "figures": dict(box.figures),
        }
    return line

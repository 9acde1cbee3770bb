"""`kentongan hub subscriptions`: how many are told, the day's limit of SMS, and forgetting one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.services import COMMAND_LINE
from hub.subscriptions.services import SubscriptionRefused
from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_subscription_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def subscriptions() -> None:
        """People who asked over the bots to be told of bulletins."""

    @subscriptions.command()
    @DIR
    def counts(folder: Path) -> None:
        """Print how many are told, by district and way, one JSON line each; null for fewer than 11."""
        with open_store(folder) as store:
            for row in store.subscriptions.sending.counts():
                print_json({"area": row.area, "way": row.way, "people": row.shown})

    @subscriptions.command()
    @DIR
    def forget(folder: Path) -> None:
        """Read the number of a telephone or a chat from standard input, and wipe what is known of it."""
        address = sys.stdin.readline().strip()
        with open_store(folder) as store:
            try:
                known = store.subscriptions.kept.forget(address, who=COMMAND_LINE)
            except SubscriptionRefused as refused:
                refuse(str(refused))
        print_json({"forgotten": known})

    @subscriptions.command()
    @DIR
    @click.argument("parts", metavar="PARTS", type=int)
    def limit(folder: Path, parts: int) -> None:
        """Let at most PARTS parts of SMS go out a day; what is more waits for the next day."""
        with open_store(folder) as store:
            try:
                store.subscriptions.sending.set_sms_a_day(parts, who=COMMAND_LINE)
            except SubscriptionRefused as refused:
                refuse(str(refused))
        print_json({"sms_a_day": parts})

"""What the command lines share: JSON on standard output, one line of error, exit codes 0, 1, 2."""

from __future__ import annotations

import importlib
import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

LISTEN_HELP = "HOST:PORT, for example 127.0.0.1:8080; port 0 takes any free one."


def print_json(value: Any) -> None:
    """Print one JSON line to standard output, at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)  # noqa: T201 - this is the output


def note(text: str) -> None:
    """Print a message or progress to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the output


def refuse(text: str) -> NoReturn:
    """Say in one line why, and exit with 1."""
    note(f"kentongan: {text}")
    sys.exit(1)


def refuse_what_is_there(file: Path, kind: str) -> None:
    """Refuse a path on which something stands, or that cannot be looked at; `kind`: "an export"."""
    try:
        is_there = file.exists()
    except OSError as error:
        refuse(f"cannot write {file} ({error.strerror}): name a file in a folder that is yours")
    if is_there:
        refuse(f"{file} exists: choose another name, {kind} is never written over")


class LazyGroup(click.Group):
    """A group that imports a sub-command when it is used.

    `commands_at`: name -> where it lives ("module:attribute") and its help line, in the order shown.
    """

    def __init__(self, *args: Any, commands_at: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in their order."""
        return list(self._at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one sub-command."""
        if cmd_name not in self._at:
            return None
        module_name, _, attribute = self._at[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module_name), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._at.items()])


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def handler(*_: object) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    return stop


def listen_option(name: str, default: str | None, help_text: str) -> Callable[[Any], Any]:
    """Return a click option that reads HOST:PORT."""
    return click.option(
        name,
        default=default,
        show_default=default is not None,
        metavar="HOST:PORT",
        callback=_listen,
        help=f"{help_text} {LISTEN_HELP}",
    )


def _listen(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise click.BadParameter("an address looks like 127.0.0.1:8080 or [::1]:8080")
    return host.strip("[]"), int(port)

"""`kentongan bot talk`: the dialogues on standard input and output, to try and to test them."""

from __future__ import annotations

import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from bots.desks.fulfilling import Desk, Talk, fulfilled
from bots.dialogue.contract import Channel, KeptBy, Pressed, Reply, Room, Said, SharedPosition, State
from sync.command_line import print_json

TRY_AGAIN_S = 1.0


def as_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as it is printed."""
    shown: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        shown["buttons"] = [[{"value": b.value, "label": b.label} for b in row] for row in reply.buttons]
    if reply.asks_position:
        shown["asks_position"] = True
    if reply.holds_code:
        shown["holds_code"] = True
    return shown


def as_lines(reply: Reply) -> str:
    """Return a reply to be read, its buttons numbered: the number chooses one."""
    buttons = [button for row in reply.buttons for button in row]
    return "\n".join([reply.text, *(f"  {n}. {b.label}" for n, b in enumerate(buttons, start=1))])


def heard_in(line: str) -> Said | Pressed | SharedPosition:
    """Return the input of a line: `!VALUE` presses a button, `@LAT,LON` (degrees) shares a position."""
    if line.startswith("!"):
        return Pressed(line[1:])
    if line.startswith("@"):
        try:
            lat, lon = (round(float(part) * 100_000) for part in line[1:].split(","))
        except (ValueError, OverflowError):
            return Said(line)
        return SharedPosition(lat, lon)
    return Said(line)


def converse(
    lines: Iterable[str], talk: Talk, room: Room, desk: Desk, tell: Callable[[tuple[Reply, ...]], None]
) -> None:
    """Hold one conversation: each line is one input, and `tell` gets what is replied to it."""
    state = State()
    for line in lines:
        done = fulfilled(talk, state, heard_in(line.rstrip("\n")), room, desk)
        state = done.state
        tell(done.replies)


@click.command()
@click.option(
    "--node",
    required=True,
    metavar="NODE",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder of the box that takes the reports; its kentongan node serve must run.",
)
@click.option("--channel", type=click.Choice([c.value for c in Channel]), default=Channel.TELEGRAM.value)
@click.option("--json", "json_lines", is_flag=True, help="One JSON line for each line that comes in.")
@click.option("--tries", default=10, show_default=True, help="How often a box is asked while it is away.")
def talk(node: Path, channel: str, json_lines: bool, tries: int) -> None:
    """Talk with the bots' dialogues here: a line in, replies out, until the end of the input."""
    from bots.desks.answering import Answers
    from bots.desks.node_desk import NodeDesk
    from bots.desks.patient_desk import PatientDesk
    from bots.dialogue import talk as talk_on
    from bots.rooms import Rooms, catalogue_of
    from sync.clock import SystemClock

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(0))  # what was told and not sent is forgotten
    clock, never = SystemClock(), threading.Event()
    desk = PatientDesk(
        NodeDesk(node, KeptBy.VILLAGE, Answers(catalogue_of)),
        max(1, tries),
        lambda: clock.wait(never, TRY_AGAIN_S),
    )
    room = Rooms(Channel(channel), node, KeptBy.VILLAGE, clock).room(lambda: secrets.token_urlsafe(16))

    def tell(replies: tuple[Reply, ...]) -> None:
        if json_lines:
            print_json({"replies": [as_json(reply) for reply in replies]})
        else:
            click.echo("\n\n".join(as_lines(reply) for reply in replies) + "\n")

    converse(sys.stdin, talk_on, room, desk, tell)

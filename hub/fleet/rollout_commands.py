"""`kentongan hub fleet settings`: settings of boxes, rolled out in stages, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import click

from hub.services import COMMAND_LINE
from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
REASON = click.option("--reason", required=True, help="Why; stands in the log. No names of people.")
NUMBER = click.argument("number", type=int)
OpenStore = Callable[[Path], AbstractContextManager[Any]]
_SHOWN = 50


@contextmanager
def _refusing() -> Iterator[None]:
    from hub.fleet.rollout_services import RolloutRefused

    try:
        yield
    except RolloutRefused as refused:
        refuse(str(refused))


def add_rollout_commands(fleet: click.Group, open_store: OpenStore) -> None:
    """Put `settings` into the group."""

    @fleet.group()
    def settings() -> None:
        """Settings of boxes, sent in stages: one box, a tenth, all. A box goes back where they cut it off."""

    _add_begin(settings, open_store)

    @settings.command("list")
    @DIR
    def list_rollouts(folder: Path) -> None:
        """Print the newest rollouts, one a line."""
        with open_store(folder) as store:
            store.fleet.rollouts.turn()
            for view in store.fleet.rollouts.several(who=COMMAND_LINE, limit=_SHOWN):
                print_json(line_of(view))

    @settings.command()
    @DIR
    @NUMBER
    def show(folder: Path, number: int) -> None:
        """Print rollout NUMBER and each of its boxes, those that failed first."""
        with open_store(folder) as store, _refusing():
            store.fleet.rollouts.turn()
            view = store.fleet.rollouts.one(number, who=COMMAND_LINE)
            print_json(line_of(view))
            for one in view.boxes:
                box = one.box
                more = {"stage": box.stage + 1, "step": box.step.value, "since": box.since}
                print_json({"node": box.node, "village": one.village, **more, "left_out": box.left_out})

    @settings.command()
    @DIR
    @NUMBER
    @REASON
    def stop(folder: Path, number: int, reason: str) -> None:
        """Send nothing more of rollout NUMBER; boxes that have it keep it."""
        with open_store(folder) as store, _refusing():
            store.fleet.rollouts.stop(number, reason, who=COMMAND_LINE)
            print_json(line_of(store.fleet.rollouts.one(number, who=COMMAND_LINE)))

    @settings.command()
    @DIR
    @NUMBER
    @REASON
    def undo(folder: Path, number: int, reason: str) -> None:
        """Stop rollout NUMBER, and send each box that may have it what it had before."""
        with open_store(folder) as store, _refusing():
            print_json({"undone": store.fleet.rollouts.undo(number, reason, who=COMMAND_LINE)})

    @settings.command("leave-out")
    @DIR
    @NUMBER
    @click.argument("node", type=int)
    @REASON
    def leave_out(folder: Path, number: int, node: int, reason: str) -> None:
        """Let rollout NUMBER go on without box NODE."""
        with open_store(folder) as store, _refusing():
            store.fleet.rollouts.leave_out(number, node, reason, who=COMMAND_LINE)
            print_json(line_of(store.fleet.rollouts.one(number, who=COMMAND_LINE)))


def _add_begin(settings: click.Group, open_store: OpenStore) -> None:
    @settings.command()
    @DIR
    @click.option("--airtime-permille", type=int, help="Share of time that the radio may send: 10 to 100.")
    @click.option("--poll-minutes", type=int, help="Ask by radio after so long without contact: 60 to 1440.")
    @click.option("--internet-minutes", type=int, help="How often to ask over the internet: 5 to 360.")
    @click.option(
        "--wait",
        nargs=2,
        type=int,
        metavar="MIN MAX",
        help="Minutes that ordinary reports wait: 5 to 120 and 30 to 720, at least 25 apart.",
    )
    @click.option("--gateway/--no-gateway", default=None, help="Pass on frames of other boxes.")
    @click.option("--dense-text/--quick-text", default=None, help="Write reports in the dense text model.")
    @click.option("--hub-url", help="https://... of the hub.")
    @click.option("--own", is_flag=True, help="No settings: each box as it was set up.")
    @click.option(
        "--probation-hours",
        type=int,
        default=72,
        show_default=True,
        help="Hours of running in which the hub must answer: 12 to 720. Boxes that only couriers reach: 720.",
    )
    @click.option("--area", default="", help="Boxes of this area; without it and --box: all.")
    @click.option("--box", "boxes", type=int, multiple=True, help="This box; may be given several times.")
    @click.option("--first", type=int, help="The box that goes first; else the one heard last.")
    @REASON
    def begin(
        folder: Path,
        area: str,
        boxes: tuple[int, ...],
        first: int | None,
        reason: str,
        probation_hours: int,
        own: bool,
        **given: Any,
    ) -> None:
        """Send settings to boxes in stages. A set is whole: what is not given is as each box was set up."""
        from hub.fleet.rollout_services import Choice
        from hub.fleet.settings_kind import written

        values = _values(given)
        if bool(values) == own:
            raise click.UsageError("give settings, or --own")
        with open_store(folder) as store, _refusing():
            what = written(values, probation_hours)
            choice = Choice(area, tuple(sorted(set(boxes))), first)
            number = store.fleet.rollouts.begin("settings", what, choice, reason, who=COMMAND_LINE)
            print_json(line_of(store.fleet.rollouts.one(number, who=COMMAND_LINE)))


def _values(given: dict[str, Any]) -> dict[Any, int | str]:
    from sync.wire.numbers import BoxSetting

    least, most = given.pop("wait") or (None, None)
    given |= {"wait_least_minutes": least, "wait_most_minutes": most}
    return {
        BoxSetting[name.upper()]: int(value) if isinstance(value, bool) else value
        for name, value in given.items()
        if value is not None
    }


def line_of(view: Any) -> dict[str, Any]:
    """Return a rollout as JSON-ready fields; times in Unix seconds."""
    return {
        "rollout": view.number,
        "condition": view.condition.value,
        "halted_by": list(view.halted_by),
        "stage": view.stage + 1,
        "stages": view.stages,
        "steps": {str(step): count for step, count in view.steps.items()},
        "what": view.what,
        "whom": view.whom,
        "reason": view.reason,
        "made_by": view.made_by,
        "made_at": view.made_at,
        "ended_at": view.ended_at,
        "undone_at": view.undone_at,
    }

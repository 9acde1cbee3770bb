"""What `hub doctor` says of subscriptions; nothing about anybody. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hub.subscriptions.services import SMS, WayLine

SILENT_S = 600.0
"""A bot of the hub asks every few seconds."""


def problems(lines: Iterable[WayLine], now: float) -> Iterator[tuple[str, str, str]]:
    """Yield (check, problem, what to do) of each way that does not fare well."""
    for line in lines:
        check = f"bulletins by {line.way}"
        silent = line.fetched_at is None or now - line.fetched_at > SILENT_S
        if line.waiting and silent:
            way = "sms" if line.way == SMS else "telegram"
            yield (
                check,
                f"{line.waiting} messages wait, and no bot of the hub fetches them",
                f"start it beside the hub: kentongan bot {way} BOT --hub DIR",
            )
        elif line.a_day is not None and line.waiting and line.today >= line.a_day:
            yield (
                check,
                f"the day's {line.a_day} parts of SMS are used up, and {line.waiting} messages wait",
                "wait until tomorrow, or raise it: kentongan hub subscriptions limit DIR PARTS",
            )

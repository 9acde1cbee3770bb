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
        elif line.a_day is not None:
            yield from _of_the_limit(check, line, line.a_day)


def _of_the_limit(check: str, line: WayLine, a_day: int) -> Iterator[tuple[str, str, str]]:
    if line.too_long:
        yield (
            check,
            f"{line.too_long} messages never go: they have up to {line.longest} parts of SMS, and "
            f"{a_day} may go out a day",
            f"raise the limit: kentongan hub subscriptions limit DIR {line.longest}, or write shorter",
        )
    if line.waiting > line.too_long and line.today + line.parts > a_day:
        days = -(-line.parts // a_day) if a_day else 0
        yield (
            check,
            f"{line.parts} parts of SMS wait, {line.today} of the day's {a_day} are used up: "
            + (f"about {days} more days" if days else "nothing goes"),
            "wait, or raise it: kentongan hub subscriptions limit DIR PARTS",
        )

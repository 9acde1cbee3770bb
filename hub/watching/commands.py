"""`kentongan hub watch`, and with it `kentongan hub counts`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from hub.counting.commands import DIR, OpenStore, add_counts_commands
from sync.command_line import note, print_json, refuse


def add_watching_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""
    add_counts_commands(hub, open_store)

    @hub.command("watch")
    @DIR
    @click.option("--week", "name", metavar="YYYY-Www", help="A week that has ended. Default: the last one.")
    @click.option(
        "--budget", type=click.FloatRange(0, min_open=True), help="False findings a week. Default: the hub's."
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, whole.")
    @click.option("--keep", is_flag=True, help="Hand the findings on, as the job does, unless that was done.")
    def watch(folder: Path, name: str | None, budget: float | None, as_json: bool, keep: bool) -> None:
        """Judge all series of a week and print what is found. Keeps nothing without --keep."""
        from hub.counting.entries import week_of
        from hub.watching.weekly import NotEnded

        chosen = None if name is None else _monday(name)
        with open_store(folder) as store:
            if budget is not None:
                store.early.watch.budget = budget
            week = week_of(store.clock.wall_s(), store.week_counts.zone) - 7 if chosen is None else chosen
            try:
                found = store.early.watch.judge(week)
            except NotEnded:
                refuse("that week has not ended: give an earlier one")
            kept = keep and store.early.watch.keep(found)
        for finding in found.findings:
            if as_json:
                print_json(_told(finding))
            else:
                click.echo(_line(finding))
        note(f"{_name(week)}: {found.series} series, {len(found.findings)} findings, budget {found.budget:g}")
        if keep and not kept:
            note("the week was judged before: nothing was handed on")


def _monday(name: str) -> int:
    """Return the Monday of a week written as 2026-W48, in days from 1970-01-01."""
    try:
        day = datetime.datetime.strptime(name + "-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a date, no time
    except ValueError:
        raise click.BadParameter("a week is written as 2026-W48", param_hint="--week") from None
    return (day - datetime.date(1970, 1, 1)).days


def _name(week: int) -> str:
    year, number, _ = (datetime.date(1970, 1, 1) + datetime.timedelta(week)).isocalendar()
    return f"{year}-W{number:02}"


def _line(one: Any) -> str:
    category = ":".join(part for part in one.category if part)
    others = f", also in {len(one.others)} others" if one.others else ""
    return (
        f"{one.sort} {one.unit or 'region'} {category}: {one.count:g} in {one.window_weeks} weeks where "
        f"{one.usual_low:g} to {one.usual_high:g} are usual (chance {one.chance:.1e}){others}"
    )


def _told(one: Any) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "sort": one.sort,
        "unit": one.unit,
        "category": list(one.category),
        "week": _name(one.week),
        "window_weeks": one.window_weeks,
        "count": one.count,
        "usual": [one.usual_low, one.usual_high],
        "chance": one.chance,
        "reporters": one.reporters,
        "reports": list(one.reports),
        "others": [[unit, *category] for unit, category in one.others],
        "past": [
            [_name(point.week), point.count, point.late, point.usual, point.bound] for point in one.past
        ],
    }

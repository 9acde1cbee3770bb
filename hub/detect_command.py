"""`kentongan hub detect`: a detector on counts of a file, needs no hub."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from sync.command_line import refuse

if TYPE_CHECKING:
    from hub.signals.detection import Counts, Detection
    from hub.signals.series import Table

Point = tuple[str, int, int, float | None, bool]


def add_detect_command(hub: click.Group) -> None:
    """Add `detect` to the commands of the hub."""
    hub.add_command(detect_file)


@click.command("detect")
@click.argument("file", metavar="COUNTS.csv", type=click.File("rb"))
@click.option(
    "--method", "name", required=True, metavar="NAME", help="The detector, as R's surveillance calls it."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="As R calls it; true, false, null, 5,4 or S:1,trend:false. May be repeated.",
)
@click.option(
    "--from",
    "first",
    type=click.IntRange(1),
    metavar="I",
    help="The first week that is tested; those before it are its baseline. Default: R's.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a point instead of a table.")
def detect_file(
    file: IO[bytes], name: str, settings: tuple[str, ...], first: int | None, as_json: bool
) -> None:
    """Test the weeks of series of counts for more than is usual; needs no hub.

    COUNTS.csv has the columns series, i and count; i counts the weeks of a series from 1, fifty-two a year.
    A point has the bound that its count must pass for an alarm, or the statistic for cusum, glrnb and
    glrpois; null where the method gives none, as cusum does where all weeks before --from are empty: such a
    series is not watched by it.
    """
    from hub.signals.detection import BadParameter
    from hub.signals.methods import detect
    from hub.signals.series import BadCounts, read_table

    try:
        table = read_table(io.StringIO(file.read().decode("utf-8-sig"), newline=""))
        found: list[tuple[Counts, Detection, int]] = [None] * len(table.names)  # type: ignore[list-item]
        for places, counts in table.matrices():
            detection = detect(name, counts, None if first is None else first - 1, settings)
            for row, place in enumerate(places):
                found[place] = (counts, detection, row)
    except UnicodeDecodeError:
        refuse("the file is not text in UTF-8: it is CSV with the columns series,i,count")
    except (BadParameter, BadCounts) as error:
        refuse(str(error))
    points = _points(table, found)
    for chunk in _json_lines(points) if as_json else _table_lines(points):
        click.echo(chunk)


def _points(table: Table, found: list[Any]) -> Iterator[Point]:
    for name, (counts, detection, row) in zip(table.names, found, strict=True):
        bounds, alarms = detection.upperbound[row].tolist(), detection.alarm[row].tolist()
        watched = counts[row, detection.first :].tolist()
        for week, (count, bound, alarm) in enumerate(
            zip(watched, bounds, alarms, strict=True), start=detection.first + 1
        ):
            yield name, week, int(count), bound if math.isfinite(bound) else None, alarm


def _json_lines(points: Iterator[Point]) -> Iterator[str]:
    for name, week, count, bound, alarm in points:
        yield json.dumps(
            {"series": name, "i": week, "count": count, "upperbound": bound, "alarm": alarm},
            ensure_ascii=False,
        )


def _table_lines(points: Iterator[Point]) -> Iterator[str]:
    yield f"{'series':<24} {'i':>5} {'count':>7} {'upperbound':>12}  alarm"
    for name, week, count, bound, alarm in points:
        shown = "-" if bound is None else f"{bound:.4f}"
        yield f"{name:<24} {week:>5} {count:>7} {shown:>12}  {'ALARM' if alarm else ''}".rstrip()

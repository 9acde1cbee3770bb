"""`kentongan hub series ...`: weekly counts of other offices, from files, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.other_data.kinds import KINDS, METHODS, OWN_RULE
from hub.services import COMMAND_LINE, SignedIn
from sync.command_line import note, print_json, refuse

if TYPE_CHECKING:
    from hub.other_data.services import DraftView
    from hub.other_data.units import Unit

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]
BY = SignedIn(COMMAND_LINE, "administrator")
_SHOWN_ROWS = 5


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what is refused into one English line and exit 1."""
    from hub.languages import speaking, translate
    from hub.other_data.cells import DataRefused
    from hub.other_data.services import UnknownSeries

    with speaking("en"):
        try:
            yield
        except DataRefused as refused:
            refuse(translate(refused.args[0]))
        except UnknownSeries:
            refuse("no series or import has that number (see kentongan hub series list DIR)")


def add_series_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def series() -> None:
        """Weekly counts of other offices: passports, refusals, deportations, flights, ferries."""

    _add_add(series, open_store)
    _add_list(series, open_store)
    _add_import(series, open_store)
    _add_undo(series, open_store)
    _add_judge(series, open_store)


def _add_add(series: click.Group, open_store: OpenStore) -> None:
    @series.command("add")
    @DIR
    @click.option("--name", required=True, help="What it is called.")
    @click.option("--office", required=True, help="From which office it comes.")
    @click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="What is counted.")
    @click.option("--unit", default="", metavar="CODE", help="Area code; without it the whole region.")
    @click.option("--post", default="", help="A border post in words, in the district CODE.")
    @click.option("--note", "told", default="", help="What one must know of it.")
    @click.option("--method", default=OWN_RULE, show_default=True, type=click.Choice(METHODS))
    @click.option("--set", "settings", multiple=True, metavar="PARAMETER=VALUE", help="As for hub detect.")
    @click.option(
        "--stale-weeks", default=4, show_default=True, help="Weeks without a number until it says so."
    )
    def add(folder: Path, **options: Any) -> None:
        """Make a series."""
        from hub.other_data.services import SeriesDraft

        told = SeriesDraft(
            name=options["name"],
            office=options["office"],
            kind=options["kind"],
            unit=options["unit"],
            place=options["post"],
            note=options["told"],
            method=options["method"],
            settings=tuple(options["settings"]),
            stale_weeks=options["stale_weeks"],
        )
        with open_store(folder) as store, _refusing():
            print_json({"series": store.early.series.make(told, who=BY)})


def _add_list(series: click.Group, open_store: OpenStore) -> None:
    @series.command("list")
    @DIR
    def show(folder: Path) -> None:
        """Print the series, one JSON line each."""
        from hub.other_data.week_words import day_at

        with open_store(folder) as store:
            first = 0
            while rows := store.early.series.rows(who=BY, first=first):
                first += len(rows)
                for row in rows:
                    last = None if row.last_week is None else day_at(row.last_week).isoformat()
                    print_json(
                        {
                            "series": row.id,
                            "name": row.told.name,
                            "office": row.told.office,
                            "kind": row.told.kind,
                            "unit": row.told.unit,
                            "post": row.told.place,
                            "method": row.told.method,
                            "last_week": last,
                            "stale": row.stale,
                        }
                    )


def _add_import(series: click.Group, open_store: OpenStore) -> None:
    @series.command("import")
    @DIR
    @click.argument("file", metavar="FILE", type=click.File("rb"))
    @click.option("--series", "number", required=True, type=click.IntRange(1), help="Number of the series.")
    @click.option(
        "--mapping",
        "meanings",
        multiple=True,
        metavar="HEADING=MEANING",
        help="What a column means: week, day, year, week_number, unit, count, count_of_week, count_of_unit, "
        "or nothing. May be repeated; the others are proposed, or as the office's last file.",
    )
    @click.option(
        "--days", "order", type=click.Choice(["dm", "md"]), help="Whether day or month comes first."
    )
    @click.option(
        "--unit",
        "units",
        multiple=True,
        metavar="WORD=CODE",
        help="The area that a word means; WORD=CODE,post for a post with a series of its own.",
    )
    @click.option("--preview", is_flag=True, help="Print what is understood; change nothing.")
    @click.option(
        "--skip-refused", is_flag=True, help="Take in the rest of a file with lines that are refused."
    )
    def import_file(folder: Path, file: Any, number: int, **options: Any) -> None:
        """Take in counts of FILE (CSV). A file with a line that is refused changes nothing."""
        from hub.other_data.cells import FILE_MAX_BYTES

        content = file.read(FILE_MAX_BYTES + 1)
        with open_store(folder) as store, _refusing():
            imports = store.early.series_imports
            batch = imports.upload(number, content, who=BY)
            kept = False
            try:
                kept = _carry_out(imports, batch, options)
            finally:
                if not kept:
                    imports.drop(batch, who=BY)
            if kept:
                store.early.series_watch.judge_due()


def _carry_out(imports: Any, batch: int, options: dict[str, Any]) -> bool:
    """Preview or carry out a draft; return whether it was carried out."""
    draft = imports.view(batch, who=BY).draft
    columns = _columns(draft, options["meanings"])
    units = dict(_unit(told) for told in options["units"])
    order = options["order"] or draft.mapping.order
    imports.set_mapping(batch, columns, order, units, who=BY)
    view = imports.view(batch, who=BY)
    _print_draft(view.draft)
    for one in view.changed:
        print_json(
            {
                "unit": one.unit.area,
                "post": one.unit.place,
                "week": _day(one.week),
                "from": one.before,
                "to": one.after,
            }
        )
    if options["preview"]:
        return False
    if view.draft.reading.problem:
        from hub.languages import translate

        refuse(f"{translate(view.draft.reading.problem)} See --days, --mapping and --unit.")
    if view.draft.reading.refused and not options["skip_refused"]:
        refuse(
            f"nothing was taken in: {view.draft.reading.refused_in_all} lines are refused; mend them, give "
            "--unit or --mapping, or say --skip-refused"
        )
    print_json({"import": batch, "counts": imports.carry_out(batch, who=BY)})
    return True


def _columns(draft: DraftView, told: tuple[str, ...]) -> list[str]:
    columns = list(draft.mapping.columns)
    for one in told:
        heading, equals, meaning = one.rpartition("=")
        if not equals or heading not in draft.headings:
            kept = ", ".join(draft.headings)
            refuse(f"--mapping is HEADING=MEANING; the headings that are kept are: {kept}")
        columns[draft.headings.index(heading)] = meaning
    return columns


def _unit(told: str) -> tuple[str, Unit]:
    from hub.other_data.units import Unit

    word, equals, code = told.rpartition("=")
    if not equals:
        refuse("--unit is WORD=CODE, or WORD=CODE,post")
    area, _, post = code.partition(",")
    return word, Unit(area, word if post == "post" else "")


def _print_draft(draft: DraftView) -> None:
    from hub.languages import translate
    from hub.other_data.personal import WHY_WORDS

    for left in draft.left_out:
        note(f"column {left.number} was left out: {translate(WHY_WORDS[left.why])}")
    reading = draft.reading
    print_json(
        {
            "columns": dict(zip(draft.headings, draft.mapping.columns, strict=True)),
            "counts": reading.numbers,
            "new_series": [unit.area for unit in draft.new_series],
            "unknown_units": reading.unknown,
        }
    )
    for row in reading.first[:_SHOWN_ROWS]:
        print_json({"line": row.line, "unit": row.unit.area, "week": _day(row.week), "count": row.number})
    for refused in reading.refused:
        print_json({"line": refused.line, "refused": translate(refused.why)})


def _day(week: int) -> str:
    from hub.other_data.week_words import day_at

    return day_at(week).isoformat()


def _add_undo(series: click.Group, open_store: OpenStore) -> None:
    @series.command("undo")
    @DIR
    @click.argument("batch", metavar="IMPORT", type=click.IntRange(1))
    @click.option("--reason", required=True, help="Stands in the log of accesses for good: name nobody.")
    def undo(folder: Path, batch: int, reason: str) -> None:
        """Put every count of an import back to what it was before."""
        with open_store(folder) as store, _refusing():
            store.early.series_imports.undo(batch, reason, who=BY)
            store.early.series_watch.judge_due()
        print_json({"undone": batch})


def _add_judge(series: click.Group, open_store: OpenStore) -> None:
    @series.command("judge")
    @DIR
    def judge(folder: Path) -> None:
        """Judge the series that changed or were not judged this week. `serve` does it each minute."""
        with open_store(folder) as store:
            print_json({"found": store.early.series_watch.judge_due()})

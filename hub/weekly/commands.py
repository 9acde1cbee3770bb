"""`kentongan hub weekly`: make, list, show and send the weekly report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from sync.command_line import note, print_json, refuse

OpenStore = Callable[[Path], AbstractContextManager[Any]]
DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
LANGUAGE = click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
AUDIENCE = click.option(
    "--audience",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help="public: without small numbers, others rounded.",
)


class _Week(click.ParamType[int]):
    """A week such as 2026-W48, as its Monday in days from 1970-01-01."""

    name = "week"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from hub.weekly.services import week_named

        try:
            return week_named(value)
        except ValueError:
            self.fail("a week is written as 2026-W48", param, ctx)


def add_weekly_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group("weekly")
    def weekly() -> None:
        """The weekly report of the whole hub and of the areas of its accounts."""

    _add_make(weekly, open_store)
    _add_looks(weekly, open_store)
    _add_mail(weekly, open_store)


def _add_make(weekly: click.Group, open_store: OpenStore) -> None:
    @weekly.command("make")
    @DIR
    @click.option("--week", type=_Week(), metavar="YYYY-Www", help="Make this week, again if it was made.")
    def make(folder: Path, week: int | None) -> None:
        """Make the reports that are due, or one week's once more. What was made before stays."""
        from hub.services import COMMAND_LINE
        from hub.weekly.reports import WeekNotOver
        from hub.weekly.services import name_of

        with open_store(folder) as store:
            reports = store.weekly.reports
            made = []
            try:
                if week is not None:
                    made.append((week, reports.make(week, by=COMMAND_LINE, again=True)))
                else:
                    for one in reports.weeks_due():
                        made.append((one, reports.make(one, by=COMMAND_LINE)))
            except WeekNotOver:
                refuse("that week has not ended: give an earlier one")
        for one, version in made:
            if version > 1:
                note(
                    f"{name_of(one)}: version {version} takes the place of version {version - 1} as a "
                    "correction; version 1 is kept"
                )
            print_json({"week": name_of(one), "version": version})
        if not made:
            note("nothing is due: each week that has ended and was judged has its report")


def _add_looks(weekly: click.Group, open_store: OpenStore) -> None:
    @weekly.command("list")
    @DIR
    def show_list(folder: Path) -> None:
        """Print the weeks of which there is a report, one JSON object a line."""
        from hub.weekly.services import name_of

        with open_store(folder) as store:
            rows = store.weekly.reports.rows()
        for row in rows:
            print_json({"week": name_of(row.week), "versions": row.versions, "made_at": row.made_at})

    @weekly.command("show")
    @DIR
    @click.option("--week", type=_Week(), metavar="YYYY-Www", help="Default: the newest there is.")
    @click.option(
        "--version", type=click.IntRange(1), help="Default: the last one; of public always the first."
    )
    @AUDIENCE
    @LANGUAGE
    @click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write a PDF instead.")
    @click.option("--json", "as_json", is_flag=True, help="Print the kept figures as one JSON object.")
    def show(
        folder: Path,
        week: int | None,
        version: int | None,
        audience: str,
        language: str,
        pdf: Path | None,
        as_json: bool,
    ) -> None:
        """Print a report as text, as figures, or write its PDF."""
        from hub.languages import speaking
        from hub.referrals.paper_process import PaperFailed
        from hub.services import COMMAND_LINE
        from hub.web.local_time import local_time
        from hub.weekly.facts import to_text
        from hub.weekly.paper_content import pdf_of
        from hub.weekly.services import UnknownWeek
        from hub.weekly.telling import tell

        with open_store(folder) as store:
            rows = store.weekly.reports.rows()
            wanted = week if week is not None or not rows else rows[0].week
            try:
                if wanted is None:
                    raise UnknownWeek
                kept = store.weekly.reports.report(
                    wanted, version, who=COMMAND_LINE, audience=audience, taken=pdf is not None
                )
            except UnknownWeek:
                refuse("there is no such report: kentongan hub weekly list shows what there is")
            hub_name, local = store.identity.name, local_time(store.config.timezone)
        if pdf is not None:
            try:
                pdf.write_bytes(pdf_of(kept, hub_name, local, language))
            except PaperFailed:
                refuse("the PDF could not be drawn")
            except OSError as error:
                refuse(f"cannot write the PDF ({error.strerror}): choose another place")
            note(f"written: {pdf}")
        elif as_json:
            click.echo(to_text(kept.facts))
        else:
            with speaking(language):
                click.echo(_as_lines(tell(kept, hub_name, local)))


def _as_lines(told: Any) -> str:
    from hub.weekly.telling import plain

    said = plain(told)
    lines = [said.title, said.week, f"{said.hub}: {said.areas}", said.made, said.mark, said.correction]
    lines += ["", *said.sentences]
    for section in said.sections:
        lines += ["", section.title, *section.lines]
        if section.table is not None:
            lines += ["\t".join(row) for row in (section.table.headings, *section.table.rows)]
    return "\n".join([*(line for line in lines), "", *said.notes])


def _add_mail(weekly: click.Group, open_store: OpenStore) -> None:
    @weekly.command("mail")
    @DIR
    @click.option("--add", metavar="ADDRESS", help="Send each new report to this address.")
    @click.option("--remove", metavar="ADDRESS", help="Send nothing more to this address.")
    @click.option(
        "--audience",
        type=click.Choice(["internal", "public"]),
        default="public",
        show_default=True,
        help="Which report the added address gets.",
    )
    @LANGUAGE
    def mail(folder: Path, add: str | None, remove: str | None, audience: str, language: str) -> None:
        """Print to whom reports go by e-mail, after a change if one is asked for. At first to nobody."""
        from hub.services import COMMAND_LINE
        from hub.weekly.mailing import ReceiverRefused

        with open_store(folder) as store:
            mailing = store.weekly.mailing
            try:
                if add is not None:
                    mailing.add(add, audience, language, by=COMMAND_LINE)
            except ReceiverRefused as refused:
                refuse(str(refused))
            if remove is not None and not mailing.remove(remove, by=COMMAND_LINE):
                refuse("nothing goes to that address: kentongan hub weekly mail lists them")
            receivers = mailing.receivers()
        for one in receivers:
            print_json(one._asdict())

"""The departure ledger in the facilitator's hands: list, add, correct, take out, counts by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from content.typed_values import MONTHS, iso_date, whole_number
from sync.storage.writer import StorageError
from village_node.departures import (
    FIRST_YEAR,
    Departures,
    Entry,
    Line,
    UnknownDeparture,
    counts_as_csv,
    monthly_counts,
)
from village_node.web.notice_words import in_days
from village_node.web.shown_content import day_in_digits

FIELDS = ("agency", "destination", "letter_on", "people")
NOT_KEPT = "Belum tercatat: kotak tidak bisa menyimpan sekarang. Coba lagi."


def create_departure_pages(departures: Departures) -> Blueprint:
    """Build the pages below `/surat`."""
    pages = Blueprint("departures", __name__)

    @pages.get("/surat")
    def show() -> Response:
        return _list_page(departures, {}, {})

    @pages.post("/surat")
    def add() -> AnyResponse:
        return _kept(departures, departures.add, lambda t, p: _list_page(departures, t, p, 422))

    @pages.get("/surat/<int:number>")
    def show_one(number: int) -> Response:
        entry = _entry(departures, number)
        return _entry_page(entry, _typed_of(entry.line), {})

    @pages.post("/surat/<int:number>")
    def change(number: int) -> AnyResponse:
        entry = _entry(departures, number)
        if entry.removed:
            abort(404)
        if request.form.get("go") == "remove":
            departures.remove(number)
            return redirect("/surat", 303)
        return _kept(
            departures,
            lambda line: departures.correct(number, line),
            lambda t, p: _entry_page(entry, t, p, 422),
        )

    @pages.get("/surat/hitungan.csv")
    def counts() -> Response:
        answer = Response(counts_as_csv(departures.all()), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="surat-per-bulan.csv"'
        return answer

    return pages


def _entry(departures: Departures, number: int) -> Entry:
    found = {entry.number: entry for entry in departures.all()}
    if number not in found:
        abort(404)
    return found[number]


Typed = Mapping[str, str]


def _kept(
    departures: Departures, keep: Callable[[Line], object], again: Callable[[Typed, Typed], Response]
) -> AnyResponse:
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    typed["letter_on"] = iso_date(typed["letter_on"])  # a date field shows no other form again
    line, unread = _line(typed)
    problems = departures.problems(line) | unread
    if problems:
        return again(typed, {name: problems[name] for name in FIELDS if name in problems})
    try:
        keep(line)
    except StorageError:
        return again(typed, {"": NOT_KEPT})
    except UnknownDeparture:
        abort(404)
    return redirect("/surat", 303)


def _line(typed: Mapping[str, str]) -> tuple[Line, dict[str, str]]:
    """Return the line, and what could not be read; an allowed value stands in its place."""
    unread: dict[str, str] = {}
    people, day = whole_number(typed["people"]), date(FIRST_YEAR, 1, 1)
    if not isinstance(people, int):
        unread["people"] = "Tulis angka saja."
        people = 1
    try:
        day = date.fromisoformat(typed["letter_on"])
    except ValueError:
        unread["letter_on"] = "Tulis seperti 5-12-2026."
    line = Line(" ".join(typed["agency"].split()), " ".join(typed["destination"].split()), day, people)
    return line, unread


def _month(iso: str) -> str:
    """Return "November 2026" for "2026-11"."""
    year, _, month = iso.partition("-")
    return f"{MONTHS[int(month) - 1][0].capitalize()} {year}"


def _typed_of(line: Line) -> dict[str, str]:
    return {
        "agency": line.agency,
        "destination": line.destination,
        "letter_on": line.letter_on.isoformat(),
        "people": str(line.people),
    }


def _list_page(
    departures: Departures, typed: Mapping[str, str], problems: Mapping[str, str], status: int = 200
) -> Response:
    entries = departures.all()
    page = render_template(
        "facilitator/departures.html",
        entries=[entry for entry in entries if not entry.removed],
        counts=monthly_counts(entries)[:12],
        typed=typed,
        problems=problems,
        day=in_days,
        month_words=_month,
    )
    return Response(page, status)


def _entry_page(
    entry: Entry, typed: Mapping[str, str], problems: Mapping[str, str], status: int = 200
) -> Response:
    page = render_template(
        "facilitator/departure.html",
        entry=entry,
        typed=typed,
        problems=problems,
        day=in_days,
        digits=day_in_digits,
    )
    return Response(page, status)

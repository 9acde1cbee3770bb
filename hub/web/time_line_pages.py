"""The time line of a report, as a page, SVG and PNG. Each look is noted like any look at the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.png import as_png
from hub.pictures.time_line import Event, draw_time_line
from hub.services import READING_ROLES, HubServices, ReportView, UnknownReport
from hub.web.attachment_responses import picture_file
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import LocalTime, duration
from hub.web.report_words import VIA_WORDS, in_words
from sync.clock import Clock

KINDS: Final[Mapping[str, str]] = {
    "told": N_("Dari pelapor"),
    "hub": N_("Langkah hub"),
    "answer": N_("Jawaban"),
    "question": N_("Pertanyaan"),
    "withdrawal": N_("Penarikan"),
}


def events_of(view: ReportView) -> list[Event]:
    """Return what happened to a report. No event quotes what anybody wrote."""
    events = [
        Event(
            view.received_at,
            "hub",
            N_("Diterima hub lewat %(in_words)s", in_words=in_words(VIA_WORDS, view.via)),
        )
    ]
    if view.taken_at is not None:
        events.append(Event(view.taken_at, "told", N_("Dibuat di desa (perkiraan)")))
    if view.read_at is not None:
        events.append(Event(view.read_at, "hub", N_("Dibaca pertama kali")))
    if view.acted_on_at is not None:
        events.append(Event(view.acted_on_at, "hub", N_("Ditandai sudah ditindaklanjuti")))
    for answer in view.answers:
        sent = N_("sampai di kotak desa") if answer.delivered else N_("menunggu dikirim")
        if answer.asks:
            events.append(Event(answer.written_at, "question", N_("Pertanyaan ditulis, %(sent)s", sent=sent)))
        else:
            events.append(Event(answer.written_at, "answer", N_("Jawaban ditulis, %(sent)s", sent=sent)))
    for addition in view.additions:
        words = N_("Tambahan mendesak dari pelapor") if addition.urgent else N_("Tambahan dari pelapor")
        events.append(Event(addition.taken_at or addition.received_at, "told", words))
    if view.withdrawal is not None:
        at = view.withdrawal.taken_at or view.withdrawal.received_at
        events.append(Event(at, "withdrawal", N_("Pelapor menarik laporan")))
    return events


def make_blueprint(services: HubServices, clock: Clock, local: LocalTime) -> Blueprint:
    """Build `/reports/ID/garis-waktu` and its two files."""
    pages = Blueprint("time_lines", __name__)
    pages.register_error_handler(UnknownReport, _show_as_not_found)

    def drawn(report_id: str) -> Picture:
        refuse_unless_a_person_looks()
        view = services.show_report(report_id, by=who_is_signed_in())
        return draw_time_line(
            N_("Garis waktu laporan"),
            events_of(view),
            KINDS,
            dated=N_("Digambar %(moment)s", moment=local.moment(clock.wall_s())),
            moment=local.moment,
            duration=duration,
        )

    @pages.get("/reports/<envelope_id:report_id>/garis-waktu")
    @open_to(*READING_ROLES)
    def show(report_id: str) -> str:
        picture = drawn(report_id)
        svg = Markup(as_svg(picture))  # noqa: S704 - every word in it is escaped by as_svg
        return render_template(
            "time_line.html",
            picture=picture,
            svg=svg,
            back=url_for("reports.show_report", report_id=report_id),
            back_words=N_("Laporan"),
            svg_file=url_for("time_lines.export_svg", report_id=report_id),
            png_file=url_for("time_lines.export_png", report_id=report_id),
        )

    @pages.get("/reports/<envelope_id:report_id>/garis-waktu.svg")
    @open_to(*READING_ROLES)
    def export_svg(report_id: str) -> Response:
        return picture_file(as_svg(drawn(report_id)).encode(), "image/svg+xml", "garis-waktu.svg")

    @pages.get("/reports/<envelope_id:report_id>/garis-waktu.png")
    @open_to(*READING_ROLES)
    def export_png(report_id: str) -> Response:
        return picture_file(as_png(drawn(report_id)), "image/png", "garis-waktu.png")

    return pages


def _show_as_not_found(_: UnknownReport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())

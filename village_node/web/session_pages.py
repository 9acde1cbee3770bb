"""Awareness sessions: the list, planning, the agenda of one, closing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Flask, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from content.errors import ContentRefused
from content.typed_values import iso_date
from sync.wire.session_summary import FIRST_DAY, PARTS
from village_node.awareness import AwarenessSessions, Plan, SessionRefused, UnknownSession
from village_node.services import NotTaken
from village_node.session_store import Session
from village_node.web.agenda import agenda, material
from village_node.web.facilitator_content import Content, long_date

PART_WORDS = {
    "morning": "Pagi",
    "afternoon": "Siang atau sore",
    "evening": "Malam",
    "not_said": "Belum tentu",
}
STATE_WORDS = {"planned": "Direncanakan", "closed": "Selesai", "cancelled": "Dibatalkan"}
NOT_KEPT = "Penyimpanan kotak penuh atau rusak: belum ada yang dikirim. Hubungi petugas, lalu coba lagi."


@dataclass(frozen=True)
class Typed:
    """What stands in the form of a plan."""

    held_on: str = ""
    part: str = "not_said"
    lessons: tuple[str, ...] = ()
    quiz: str = ""

    def plan(self) -> Plan:
        """Return the plan; raise SessionRefused for a date that is none."""
        held_on = None
        if self.held_on.strip():
            try:
                held_on = date.fromisoformat(iso_date(self.held_on))
            except ValueError:
                held_on = date.min
            if not FIRST_DAY <= held_on < date(2100, 1, 1):
                raise SessionRefused("Tulis tanggal seperti 25-11-2026, atau kosongkan.")
        return Plan(held_on, self.part, self.lessons, self.quiz)


def create_session_pages(
    sessions: AwarenessSessions,
    content: Content,
    today: Callable[[], str | None],
    site_address: Callable[[], str],
) -> Blueprint:
    """Build the pages `/sesi`, `/sesi/baru` and those of one session."""
    pages = Blueprint("sessions", __name__)

    @pages.get("/sesi")
    def show_list() -> str:
        every = sessions.all()
        return render_template(
            "facilitator/sessions.html",
            sessions=[session for session in every if not session.deleted],
            deleted=[session for session in every if session.deleted][:3],
            titles=_titles(content),
            long_date=long_date,
            state_words=STATE_WORDS,
        )

    @pages.get("/sesi/baru")
    def new() -> Response:
        taught = [key for session in sessions.all() if session.state == "closed" for key in session.lessons]
        suggested = next((key for key in content().lesson_keys if key not in taught), "")
        typed = Typed(held_on=today() or "", lessons=(suggested,) if suggested else ())
        return _form(content, typed, "/sesi/baru")

    @pages.post("/sesi/baru")
    def plan() -> AnyResponse:
        typed = _typed()
        try:
            return redirect(f"/sesi/{sessions.plan(typed.plan())}", 303)
        except SessionRefused as refused:
            return _form(content, typed, "/sesi/baru", str(refused))

    @pages.get("/sesi/<int:session_id>")
    def show(session_id: int) -> Response:
        return page(sessions.get(session_id))

    def page(session: Session, status: int = 200, problem: str = "") -> Response:
        return _session_page(sessions, content, session, site_address(), status, problem)

    @pages.get("/sesi/<int:session_id>/ubah")
    def change(session_id: int) -> Response:
        session = sessions.get(session_id)
        typed = Typed(session.held_on or "", session.part, session.lessons, session.quiz)
        return _form(content, typed, f"/sesi/{session_id}/ubah")

    @pages.post("/sesi/<int:session_id>/ubah")
    def edit(session_id: int) -> AnyResponse:
        typed = _typed()
        try:
            sessions.edit(session_id, typed.plan())
        except SessionRefused as refused:
            return _form(content, typed, f"/sesi/{session_id}/ubah", str(refused))
        return redirect(f"/sesi/{session_id}", 303)

    _add_changes(pages, sessions, page)
    return pages


def _add_changes(pages: Blueprint, sessions: AwarenessSessions, page: Callable[..., Response]) -> None:
    changes: dict[str, Callable[[int], None]] = {
        "batal": sessions.cancel,
        "jadi": lambda session_id: sessions.cancel(session_id, cancelled=False),
        "hapus": sessions.delete,
        "kembalikan": lambda session_id: sessions.delete(session_id, deleted=False),
        "tutup": sessions.close,
        "buka": sessions.reopen,
    }

    @pages.post(f"/sesi/<int:session_id>/<any({','.join(changes)}):what>")
    def do(session_id: int, what: str) -> AnyResponse:
        try:
            changes[what](session_id)
        except SessionRefused as refused:
            return page(sessions.get(session_id), 422, str(refused))
        except NotTaken:
            return page(sessions.get(session_id), 503, NOT_KEPT)
        return redirect("/sesi" if what == "hapus" else f"/sesi/{session_id}", 303)


def _typed() -> Typed:
    form = request.form
    return Typed(
        form.get("held_on", ""), form.get("part", ""), tuple(form.getlist("lessons")), form.get("quiz", "")
    )


def _titles(content: Content) -> dict[str, str]:
    catalogue = content()
    return {key: catalogue.lesson(key).title for key in catalogue.lesson_keys}


def _form(content: Content, typed: Typed, action: str, problem: str = "") -> Response:
    catalogue = content()
    page = render_template(
        "facilitator/session_form.html",
        typed=typed,
        action=action,
        problem=problem,
        parts=[(part, PART_WORDS[part]) for part in (*PARTS[1:], PARTS[0])],
        lessons=[catalogue.lesson(key) for key in catalogue.lesson_keys],
        quizzes=[catalogue.quiz(key) for key in catalogue.quiz_keys],
    )
    return Response(page, 422 if problem else 200)


def _session_page(
    sessions: AwarenessSessions, content: Content, session: Session, site: str, status: int, problem: str
) -> Response:
    try:
        steps = agenda(session, content(), site)
    except ContentRefused:
        steps = ()
    page = render_template(
        "facilitator/session.html",
        session=session,
        problem=problem,
        steps=steps,
        material=material(session),
        learnt=sessions.learnt(session),
        titles=_titles(content),
        long_date=long_date,
        part_words=PART_WORDS,
        state_words=STATE_WORDS,
    )
    return Response(page, status)


def add_session_errors(app: Flask) -> None:
    """Say on every page of a session that it is not there, or what cannot be done with it."""

    @app.errorhandler(UnknownSession)
    def no_such_session(_: Exception) -> Response:
        return Response(render_template("facilitator/no_session.html"), 404)

    @app.errorhandler(SessionRefused)
    def refused(problem: Exception) -> Response:
        return Response(render_template("facilitator/no_session.html", problem=str(problem)), 422)

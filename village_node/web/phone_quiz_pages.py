"""The quiz of a session on phones: all questions on one page, counted once, kept as totals alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from content.quiz import Mark, mark
from sync.storage.writer import StorageError
from village_node.awareness import OpenQuiz
from village_node.services import PublicServices
from village_node.web.languages import N_, to
from village_node.web.report_pages import usable_token

NOT_OPEN = N_("Tunggu sampai fasilitator membukanya, lalu coba lagi.")
MISTYPED = N_("Mungkin ada angka yang salah ketik. Periksa satu per satu.")
ENDED = N_("Kuis sudah ditutup. Jawaban terakhir tidak dihitung.")
NOT_COUNTED = N_("Jawaban belum dihitung. Kirim sekali lagi.")


class PhoneQuizzes(Protocol):
    """What the pages ask, see `village_node.awareness.AwarenessSessions`."""

    @property
    def has_open_round(self) -> bool:
        """Whether any round may be open."""
        ...

    def open_quizzes(self) -> list[OpenQuiz]:
        """Return the rounds that phones may answer now."""
        ...

    def open_quiz(self, number: int) -> OpenQuiz | None:
        """Return the round that is open under a number, or None."""
        ...

    def answer(self, number: int, round_: str, token: str, chosen: Mapping[str, str]) -> bool:
        """Count one phone's answers; False when the round is not open. Raises StorageError."""
        ...


def create_phone_quiz_pages(services: PublicServices, quizzes: PhoneQuizzes) -> Blueprint:
    """Build the pages `/kuis` and `/kuis/NUMBER`. The number is that of a session, not of a phone."""
    pages = Blueprint("phone_quiz", __name__)

    @pages.get("/kuis")
    def enter() -> Response:
        number = request.args.get("nomor", "").strip()
        if number:
            return show(int(number) if number.isascii() and number.isdigit() else 0)
        opened = quizzes.open_quizzes()
        return _questions(opened[0]) if len(opened) == 1 else _ask_number()

    @pages.get("/kuis/<int:number>")
    def show(number: int) -> Response:
        opened = quizzes.open_quiz(number)
        if opened is None:
            return _ask_number(MISTYPED if quizzes.open_quizzes() else NOT_OPEN)
        return _questions(opened)

    @pages.post("/kuis/<int:number>")
    def take(number: int) -> AnyResponse:
        token, opened = usable_token(request.form), quizzes.open_quiz(number)
        round_ = request.form.get("round", "")
        if token is None or opened is None or opened.round != round_:
            return _ask_number(ENDED) if opened is None else redirect(to(f"/kuis/{number}"), 303)
        chosen = {q.key: request.form.get(f"q.{q.key}", "") for q in opened.quiz.questions}
        try:
            counted = quizzes.answer(number, round_, token, chosen)
        except StorageError:
            return _questions(opened, token, chosen, NOT_COUNTED)
        if not counted:
            return _ask_number(ENDED)
        # Before the lessons nobody is told what is right; afterwards each phone is, out of its own POST.
        marks = mark(opened.quiz, chosen) if round_ == "after" else ()
        return _thanks(marks)

    def _questions(
        opened: OpenQuiz, token: str = "", chosen: Mapping[str, str] | None = None, problem: str = ""
    ) -> Response:
        page = render_template(
            "phone_quiz.html",
            opened=opened,
            token=token or services.new_form_token(),
            chosen=chosen or {},
            problem=problem,
        )
        return Response(page, 503 if problem else 200)

    return pages


def _ask_number(problem: str = "") -> Response:
    return Response(render_template("phone_quiz_number.html", problem=problem))


def _thanks(marks: tuple[Mark, ...]) -> Response:
    right = sum(one.is_right for one in marks)
    return Response(render_template("phone_quiz_thanks.html", marks=marks, right=right))

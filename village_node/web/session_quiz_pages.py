"""The quiz of a session for the facilitator: hands that are counted, the round that phones answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from content.quiz import LETTERS, Tally
from content.typed_values import whole_number
from village_node.awareness import AwarenessSessions, Learnt, Round, SessionRefused
from village_node.session_store import Session
from village_node.web.facilitator_content import Content

ROUND_WORDS: dict[Round, str] = {"before": "Kuis awal", "after": "Kuis akhir"}
ROUND_PATHS: dict[str, Round] = {"awal": "before", "akhir": "after"}


def create_session_quiz_pages(
    sessions: AwarenessSessions, content: Content, site_address: Callable[[], str]
) -> Blueprint:
    """Build the pages `/sesi/ID/kuis`. `site_address` is that of the public site."""
    pages = Blueprint("session_quiz", __name__)

    @pages.get("/sesi/<int:session_id>/kuis")
    def show(session_id: int) -> str:
        session, learnt = learnt_of(sessions, session_id)
        return render_template(
            "facilitator/quiz.html",
            session=session,
            learnt=learnt,
            rounds=[(path, round_, ROUND_WORDS[round_]) for path, round_ in ROUND_PATHS.items()],
            phones=sessions.phones_counted(session_id),
            address=f"{site_address()}kuis/{session.number}",
            titles={key: content().lesson(key).title for key in content().lesson_keys},
        )

    @pages.post("/sesi/<int:session_id>/kuis/<path>/hp")
    def open_round(session_id: int, path: str) -> AnyResponse:
        if path == "tutup":
            sessions.close_round(session_id)
        else:
            sessions.open_round(session_id, _round(path))
        return redirect(f"/sesi/{session_id}/kuis", 303)

    @pages.get("/sesi/<int:session_id>/kuis/<path>/<int:number>")
    def show_hands(session_id: int, path: str, number: int) -> Response:
        return hands_page(session_id, path, number)

    def hands_page(session_id: int, path: str, number: int, problem: str = "") -> Response:
        session, learnt = learnt_of(sessions, session_id)
        if not 1 <= number <= len(learnt.quiz.questions):
            abort(404)
        page = render_template(
            "facilitator/hands.html",
            session=session,
            path=path,
            words=ROUND_WORDS[_round(path)],
            question=learnt.quiz.questions[number - 1],
            number=number,
            count=len(learnt.quiz.questions),
            tally=sessions.hands(session_id, _round(path)).get(number - 1),
            letters=LETTERS,
            problem=problem,
        )
        return Response(page, 422 if problem else 200)

    @pages.post("/sesi/<int:session_id>/kuis/<path>/<int:number>")
    def count_hands(session_id: int, path: str, number: int) -> AnyResponse:
        counts = [whole_number(request.form.get(letter, "") or "0") for letter in LETTERS]
        try:
            tally = Tally(*(count if isinstance(count, int) else -1 for count in counts))
            sessions.set_hands(session_id, _round(path), number - 1, tally)
        except SessionRefused as refused:
            return hands_page(session_id, path, number, str(refused))
        _, learnt = learnt_of(sessions, session_id)
        ended = number >= len(learnt.quiz.questions)
        following = f"/sesi/{session_id}/kuis" + ("" if ended else f"/{path}/{number + 1}")
        return redirect(following, 303)

    return pages


def learnt_of(sessions: AwarenessSessions, session_id: int) -> tuple[Session, Learnt]:
    """Return a session and what its quiz shows; answer 404 where it has none."""
    session = sessions.get(session_id)
    learnt = sessions.learnt(session)
    if learnt is None:
        abort(404)
    return session, learnt


def _round(path: str) -> Round:
    if path not in ROUND_PATHS:
        abort(404)
    return ROUND_PATHS[path]

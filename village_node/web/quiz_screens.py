"""Results of a quiz on a big screen: totals alone, hidden until enough have answered."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template

from content.quiz import LETTERS
from village_node.awareness import ROUNDS, AwarenessSessions, Round
from village_node.web.pictures import qr_code
from village_node.web.session_quiz_pages import ROUND_WORDS, learnt_of


def create_quiz_screens(sessions: AwarenessSessions, site_address: Callable[[], str]) -> Blueprint:
    """Build the pages `/sesi/ID/layar`. The right answer is told only where the second round is shown."""
    pages = Blueprint("screens", __name__)

    @pages.get("/sesi/<int:session_id>/layar")
    def screen(session_id: int) -> str:
        session, learnt = learnt_of(sessions, session_id)
        address = f"{site_address()}kuis/{session.number}"
        return render_template(
            "facilitator/screen.html",
            session=session,
            learnt=learnt,
            round_words=ROUND_WORDS,
            rounds=ROUNDS,
            phones=sessions.phones_counted(session_id),
            address=address,
            qr=qr_code(address) if session.open_round else "",
        )

    @pages.get("/sesi/<int:session_id>/layar/<int:number>")
    def question_screen(session_id: int, number: int) -> str:
        session, learnt = learnt_of(sessions, session_id)
        if not 1 <= number <= len(learnt.quiz.questions):
            abort(404)
        question = learnt.quiz.questions[number - 1]
        round_: Round = "after" if learnt.is_shown("after") else "before"
        return render_template(
            "facilitator/question_screen.html",
            session=session,
            question=question,
            number=number,
            count=len(learnt.quiz.questions),
            letters=LETTERS,
            tally=learnt.shown(round_, question.key),
            words=ROUND_WORDS[round_],
            tells=round_ == "after",
        )

    return pages

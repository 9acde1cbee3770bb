"""Attendance without names: hands counted by sex and age, with buttons that a thumb finds."""

from __future__ import annotations

import re

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from sync.wire.session_summary import AGE_BANDS, SEXES
from village_node.awareness import AwarenessSessions, SessionRefused

SEX_WORDS = {"female": "Perempuan", "male": "Laki-laki", "not_said": "Tidak disebut"}
BAND_WORDS = {"under_18": "di bawah 18", "18_30": "18–30", "31_45": "31–45", "over_45": "di atas 45"}
ROWS = tuple(
    (SEX_WORDS[sex], tuple((s * len(AGE_BANDS) + b, BAND_WORDS[band]) for b, band in enumerate(AGE_BANDS)))
    for s, sex in enumerate(SEXES)
)
"""(words of the sex, its cells as (place in the attendance, words of the age))."""


def create_attendance_pages(sessions: AwarenessSessions) -> Blueprint:
    """Build the page `/sesi/ID/hadir`. One tap is one POST, answered by the page at the same row."""
    pages = Blueprint("attendance", __name__)

    @pages.get("/sesi/<int:session_id>/hadir")
    def show(session_id: int) -> Response:
        return page(session_id)

    def page(session_id: int, status: int = 200, problem: str = "") -> Response:
        session = sessions.get(session_id)
        drawn = render_template("facilitator/attendance.html", session=session, rows=ROWS, problem=problem)
        return Response(drawn, status)

    @pages.post("/sesi/<int:session_id>/hadir")
    def count(session_id: int) -> AnyResponse:
        pressed = request.form.get("hitung", "")
        step = re.fullmatch(r"([0-9]{1,2}):(-1|1|5)", pressed)
        try:
            if pressed == "urung":
                sessions.undo(session_id)
            elif step is None:
                raise BadRequest
            else:
                sessions.count(session_id, int(step[1]), int(step[2]))
        except SessionRefused as refused:
            return page(session_id, 422, str(refused))
        row = f"#s{int(step[1]) // len(AGE_BANDS)}" if step is not None else ""
        return redirect(f"/sesi/{session_id}/hadir{row}", 303)

    return pages

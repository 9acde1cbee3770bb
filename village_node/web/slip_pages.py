"""What a reporter takes along: the code noted and asked back, a slip that looks like a coupon, a proof.

Code and pictures travel in request bodies only. The proof names no code and opens nothing: with its number an
office finds that a report was filed (`kentongan hub reports` prints it as `id`).
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, render_template, request

from sync.identifiers import receipt_code_digits
from village_node.services import PublicServices
from village_node.web.pictures import NAMES
from village_node.web.shown_content import day_in_digits

_PROOF = re.compile(r"[0-9a-f]{16}\.[0-9]\.[0-9]{1,10}")


def numbers_of(text: str) -> tuple[int, ...]:
    """Read "3,5" as pictures; anything else is none."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdecimal() and int(part) < len(NAMES) for part in parts):
        return ()
    return tuple(int(part) for part in parts[:4])


def create_slip_pages(services: PublicServices) -> Blueprint:
    """Build the pages behind the receipt page."""
    pages = Blueprint("slip", __name__)

    @pages.post("/catat")
    def ask_back() -> Response:
        code = _code()
        typed = request.form.get("typed", "")
        pictures = numbers_of(request.form.get("pictures", ""))
        if request.form.get("go") == "again":
            return Response(render_template("noted_again.html", code=code, pictures=pictures))
        if pictures and (request.form.get("go") == "pictures" or "picked" in request.form):
            return _ask_pictures(code, pictures)
        if receipt_code_digits(typed) == code:
            return Response(render_template("noted.html", code=code))
        wrong = bool(typed)
        page = render_template("ask_back.html", code=code, pictures=pictures, wrong=wrong)
        return Response(page, 422 if wrong else 200)

    @pages.post("/kupon")
    def coupon() -> Response:
        pictures = numbers_of(request.form.get("pictures", ""))
        return Response(render_template("coupon.html", code=_code(), pictures=pictures))

    @pages.post("/bukti")
    def proof() -> Response:
        number = request.form.get("proof", "")
        if _PROOF.fullmatch(number) is None:
            abort(400)
        today = day_in_digits(services.today() or "")
        return Response(render_template("proof.html", number=number, today=today))

    return pages


def _ask_pictures(code: str, pictures: tuple[int, ...]) -> Response:
    """Ask the four pictures back, one tap each."""
    picked = [number for text in request.form.getlist("picked") for number in numbers_of(text)[:1]]
    if tuple(picked[: len(pictures)]) == pictures:
        return Response(render_template("noted.html", code=code))
    wrong = len(picked) >= len(pictures)
    page = render_template(
        "ask_back_pictures.html",
        code=code,
        pictures=pictures,
        picked=[] if wrong else picked,
        wrong=wrong,
    )
    return Response(page, 422 if wrong else 200)


def _code() -> str:
    code = receipt_code_digits(request.form.get("code", ""))
    if code is None:
        abort(400)
    return code

"""Giving the PIN, setting it with a code, changing it, and locking the site."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from village_node.pin import CodeWrong, Pin, PinRefused
from village_node.services import TooManyGuesses
from village_node.web.facilitator_guard import FacilitatorSessions, open_without_pin

CODE_WRONG = "Kode itu salah, sudah dipakai, atau belum dibuat. Minta kode ke teknisi atau petugas pusat."
PIN_WRONG = "PIN salah."


def create_pin_pages(pin: Pin, sessions: FacilitatorSessions) -> Blueprint:
    """Build the pages `/masuk`, `/pin` and `/kunci`."""
    pages = Blueprint("pin", __name__)

    @pages.get("/masuk")
    @open_without_pin
    def ask() -> Response:
        return _ask_page(pin)

    @pages.post("/masuk")
    @open_without_pin
    def enter() -> AnyResponse:
        def attempt() -> bool:
            if pin.is_set:
                return pin.matches(request.form.get("pin", ""))
            pin.set_with_code(request.form.get("code", ""), _chosen())
            return True

        return _unless_refused(sessions, attempt, lambda status, problem: _ask_page(pin, status, problem))

    @pages.post("/kunci")
    def lock() -> AnyResponse:
        response = redirect("/masuk", 303)
        sessions.end(response)
        return response

    @pages.get("/pin")
    def show() -> Response:
        return _change_page()

    @pages.post("/pin")
    def change() -> AnyResponse:
        # What was open ends with the old PIN, on other phones too; here a new session begins.
        return _unless_refused(
            sessions, lambda: pin.change(request.form.get("old", ""), _chosen()), _change_page
        )

    return pages


def _unless_refused(
    sessions: FacilitatorSessions, attempt: Callable[[], bool], page: Callable[[int, str], Response]
) -> AnyResponse:
    """Begin a session after what went well; show the page again with what was wrong."""
    try:
        if not attempt():
            return page(403, PIN_WRONG)
    except PinRefused as refused:
        return page(422, str(refused))
    except CodeWrong:
        return page(403, CODE_WRONG)
    except TooManyGuesses as slowed:
        return page(429, _wait(slowed))
    response = redirect("/", 303)
    sessions.begin(response)
    return response


def _chosen() -> str:
    """Return the new PIN, typed twice alike; raise PinRefused."""
    first, second = request.form.get("new", ""), request.form.get("again", "")
    if first != second:
        raise PinRefused("Kedua PIN baru tidak sama. Ketik sekali lagi.")
    return first


def _wait(slowed: TooManyGuesses) -> str:
    minutes, seconds = divmod(slowed.wait_s, 60)
    much = f"{minutes} menit {seconds} detik" if minutes else f"{seconds} detik"
    return f"Terlalu banyak yang salah. Tunggu {much}, lalu coba lagi."


def _ask_page(pin: Pin, status: int = 200, problem: str = "") -> Response:
    page = render_template("facilitator/pin.html", is_set=pin.is_set, has_code=pin.has_code, problem=problem)
    return Response(page, status)


def _change_page(status: int = 200, problem: str = "") -> Response:
    return Response(render_template("facilitator/pin_change.html", problem=problem), status)

"""Signing in and out."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from hub.services import ROLES, HubServices, SignInSlowed
from hub.web.guards import open_to, open_to_everybody
from hub.web.local_time import duration
from hub.web.sessions import Sessions

NAME_MAX_CHARACTERS: Final = 80

_WRONG: Final = "Nama atau kata sandi salah."


def make_blueprint(services: HubServices, sessions: Sessions) -> Blueprint:
    """Build the pages `/sign-in` and `/sign-out`."""
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    @open_to_everybody
    def show() -> Response | str:
        if g.get("signed_in") is not None:
            return redirect(_return_to(request.args.get("next", "")), 303)
        return _form(
            return_to=request.args.get("next", ""),
            has_ended=request.args.get("ended") == "1",
            is_signed_out=request.args.get("done") == "signed-out",
        )

    @pages.post("/sign-in")
    @open_to_everybody
    def sign_in() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
        name = request.form.get("name", "").strip()
        password = request.form.get("password", "")
        return_to = request.form.get("next", "")
        problems = _problems(name, password)
        if problems:
            return _form(name=name, problems=problems, return_to=return_to), 422
        try:
            account = services.sign_in(name, password)
        except SignInSlowed as slowed:
            text = f"Terlalu banyak percobaan. Coba lagi setelah {duration(slowed.wait_s)}."
            page = _form(name=name, problem=text, return_to=return_to)
            return page, 429, {"Retry-After": str(slowed.wait_s)}
        if account is None:
            return _form(name=name, problem=_WRONG, return_to=return_to), 403
        sessions.begin(account)
        return redirect(_return_to(return_to), 303)

    @pages.post("/sign-out")
    @open_to(*ROLES)
    def sign_out() -> Response:
        sessions.end()
        return redirect(url_for("sign_in.show", done="signed-out"), 303)

    return pages


def _problems(name: str, password: str) -> dict[str, str]:
    problems = {}
    if not name:
        problems["name"] = "Tulis nama akun Anda."
    elif len(name) > NAME_MAX_CHARACTERS:
        problems["name"] = f"Nama akun paling banyak {NAME_MAX_CHARACTERS} huruf."
    if not password:
        problems["password"] = "Tulis kata sandi Anda."  # noqa: S105 - a message, not a password
    return problems


def _form(
    *,
    name: str = "",
    problem: str | None = None,
    problems: dict[str, str] | None = None,
    return_to: str = "",
    has_ended: bool = False,
    is_signed_out: bool = False,
) -> str:
    return render_template(
        "sign_in.html",
        name=name,
        problem=problem,
        problems=problems or {},
        return_to=return_to if _return_to(return_to) == return_to else "",
        has_ended=has_ended,
        is_signed_out=is_signed_out,
    )


def _return_to(path: str) -> str:
    """Return the page of this hub that `path` names, or the list: a link must not lead elsewhere."""
    front = url_for("inbox.show_list")
    try:
        # Inside a request there always is an adapter; only its type says "or None".
        endpoint, values = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return front
    if endpoint == "static" or endpoint.startswith("sign_in."):
        return front
    return url_for(endpoint, **values)

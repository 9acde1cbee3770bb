"""Signing in and out."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from hub.account_services import SignInServices
from hub.languages import N_
from hub.services import ROLES, Role, SignInSlowed
from hub.web.guards import open_to, open_to_everybody, open_while_setting_up
from hub.web.local_time import duration
from hub.web.sessions import Sessions

NAME_MAX_CHARACTERS: Final = 80
CODE_MAX_CHARACTERS: Final = 40

_WRONG: Final = N_("Nama atau kata sandi salah.")
_WRONG_CODE: Final = N_("Kode salah atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.")


def make_blueprint(accounts: SignInServices, sessions: Sessions) -> Blueprint:
    """Build the pages `/sign-in`, `/sign-in/code` and `/sign-out`."""
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    @open_to_everybody
    def show() -> Response | str:
        account = g.get("signed_in")
        if account is not None:
            return redirect(_return_to(request.args.get("next", ""), account.role), 303)
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
            account = accounts.sign_in(name, password)
        except SignInSlowed as slowed:
            page = _form(name=name, problem=_slowed(slowed), return_to=return_to)
            return page, 429, {"Retry-After": str(slowed.wait_s)}
        if account is None:
            return _form(name=name, problem=_WRONG, return_to=return_to), 403
        sessions.begin(account)
        if sessions.waits_for_code():
            return redirect(url_for("sign_in.show_code", next=_kept(return_to)), 303)
        return redirect(_return_to(return_to, account.role), 303)

    @pages.post("/sign-out")
    @open_to(*ROLES)
    @open_while_setting_up
    def sign_out() -> Response:
        sessions.end()
        return redirect(url_for("sign_in.show", done="signed-out"), 303)

    _add_code_pages(pages, sessions)
    return pages


def _add_code_pages(pages: Blueprint, sessions: Sessions) -> None:
    @pages.get("/sign-in/code")
    @open_to_everybody
    def show_code() -> Response | str:
        if not sessions.waits_for_code():
            return redirect(url_for("sign_in.show", next=_kept(request.args.get("next", ""))), 303)
        return render_template("sign_in_code.html", return_to=_kept(request.args.get("next", "")))

    @pages.post("/sign-in/code")
    @open_to_everybody
    def enter_code() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
        return_to = request.form.get("next", "")
        if not sessions.waits_for_code():
            return redirect(url_for("sign_in.show", next=_kept(return_to), ended="1"), 303)
        try:
            right = sessions.enter_code(request.form.get("code", "")[:CODE_MAX_CHARACTERS])
        except SignInSlowed as slowed:
            page = render_template("sign_in_code.html", problem=_slowed(slowed), return_to=_kept(return_to))
            return page, 429, {"Retry-After": str(slowed.wait_s)}
        live = sessions.live()
        if not right or live is None:
            return render_template("sign_in_code.html", problem=_WRONG_CODE, return_to=_kept(return_to)), 403
        return redirect(_return_to(return_to, live.account.role), 303)


def _problems(name: str, password: str) -> dict[str, str]:
    problems = {}
    if not name:
        problems["name"] = N_("Tulis nama akun Anda.")
    elif len(name) > NAME_MAX_CHARACTERS:
        problems["name"] = N_("Nama akun paling banyak %(most)s huruf.", most=NAME_MAX_CHARACTERS)
    if not password:
        problems["password"] = N_("Tulis kata sandi Anda.")
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
        return_to=_kept(return_to),
        has_ended=has_ended,
        is_signed_out=is_signed_out,
    )


def _slowed(slowed: SignInSlowed) -> str:
    return N_("Terlalu banyak percobaan. Coba lagi setelah %(duration)s.", duration=duration(slowed.wait_s))


def front_page(role: Role) -> str:
    """Return the address of the page at which an account of this role begins."""
    own = {"auditor": "audit.show_log", "agency": "agency_desk.show_list"}.get(role, "")
    return url_for(own if own in current_app.view_functions else "inbox.show_list")


def _page_of(path: str) -> str | None:
    """Return the page of this hub that `path` names, or None: a link must not lead elsewhere."""
    try:
        # Inside a request there always is an adapter; only its type says "or None".
        endpoint, values = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return None
    if endpoint == "static" or endpoint.startswith("sign_in."):
        return None
    return url_for(endpoint, **values)


def _return_to(path: str, role: Role) -> str:
    return _page_of(path) or front_page(role)


def _kept(path: str) -> str:
    """Return `path` if it names a page here, exactly as it stands; else nothing."""
    return path if path and _page_of(path) == path else ""

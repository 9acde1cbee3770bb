"""One's own account: password, second factor, sessions."""

from __future__ import annotations

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from hub.account_services import MIN_PASSWORD_CHARACTERS, AccountRefused, OwnAccountServices
from hub.accounts.totp import address_for_authenticator
from hub.languages import N_
from hub.services import ROLES, SignInSlowed
from hub.web import account_words
from hub.web.guards import open_to, open_while_setting_up, who_is_signed_in
from hub.web.local_time import duration
from hub.web.sessions import Sessions
from hub.web.sign_in_pages import front_page
from sync.clock import Clock

_CHANGE = "own_account.change_password"

_DONE_TEXTS = {
    "password": N_("Kata sandi sudah diganti. Sesi Anda di tempat lain sudah berakhir."),
    "language": N_("Bahasa halaman sudah diganti."),
    "removed": N_("Kode masuk sudah dilepas."),
    "ended": N_("Sesi Anda di tempat lain sudah berakhir."),
}


def make_blueprint(accounts: OwnAccountServices, sessions: Sessions, clock: Clock) -> Blueprint:
    """Build the pages below `/akun-saya`."""
    pages = Blueprint("own_account", __name__)

    def page(problem: str | None = None, where: str = "", done: str | None = None) -> str:
        me = who_is_signed_in()
        return render_template(
            "own_account.html",
            row=accounts.own(me.name),
            missing=accounts.set_up(me.name),
            sessions=accounts.sessions_of(me.name, sessions.session_id()),
            said=account_words,
            least=MIN_PASSWORD_CHARACTERS,
            problem=problem,
            where=where,
            done=_DONE_TEXTS.get(done or ""),
            now=clock.wall_s(),
        )

    @pages.errorhandler(AccountRefused)
    def show_refused(refused: AccountRefused) -> tuple[str, int]:
        problem = account_words.REFUSAL_WORDS[refused.why]
        return page(problem, "password" if request.endpoint == _CHANGE else "factor"), 422

    @pages.errorhandler(SignInSlowed)
    def show_slowed(slowed: SignInSlowed) -> tuple[str, int]:
        problem = N_(
            "Terlalu banyak percobaan. Coba lagi setelah %(duration)s.", duration=duration(slowed.wait_s)
        )
        return page(problem, "password" if request.endpoint == _CHANGE else "factor"), 429

    @pages.get("/akun-saya")
    @open_to(*ROLES)
    @open_while_setting_up
    def show() -> str:
        return page(done=request.args.get("done"))

    @pages.post("/akun-saya/sandi")
    @open_to(*ROLES)
    @open_while_setting_up
    def change_password() -> Response:
        form = request.form
        if form.get("new", "") != form.get("again", ""):
            raise AccountRefused("again")
        accounts.change_password(
            who_is_signed_in().name,
            form.get("old", ""),
            form.get("new", ""),
            session_id=sessions.session_id(),
        )
        return redirect(url_for("own_account.show", done="password"), 303)

    @pages.post("/akun-saya/bahasa")
    @open_to(*ROLES)
    @open_while_setting_up
    def change_language() -> Response:
        accounts.change_language(who_is_signed_in().name, request.form.get("language", ""))
        return redirect(url_for("own_account.show", done="language"), 303)

    @pages.post("/akun-saya/sesi/akhiri")
    @open_to(*ROLES)
    def end_sessions() -> Response:
        accounts.end_other_sessions(who_is_signed_in().name, sessions.session_id())
        return redirect(url_for("own_account.show", done="ended"), 303)

    _add_second_factor(pages, accounts, sessions)
    return pages


def _add_second_factor(pages: Blueprint, accounts: OwnAccountServices, sessions: Sessions) -> None:
    @pages.get("/akun-saya/kode")
    @open_to(*ROLES)
    @open_while_setting_up
    def set_second_factor() -> str:
        return _factor_page(accounts)

    @pages.post("/akun-saya/kode")
    @open_to(*ROLES)
    @open_while_setting_up
    def confirm_second_factor() -> str | tuple[str, int]:
        me = who_is_signed_in()
        typed = request.form.get("code", "")[:40]
        old = request.form.get("old", "")
        try:
            codes = accounts.confirm_second_factor(
                me.name, typed, password=old, session_id=sessions.session_id()
            )
        except AccountRefused as refused:
            return _factor_page(accounts, account_words.REFUSAL_WORDS[refused.why]), 422
        if codes is None:
            return _factor_page(
                accounts, N_("Kode salah. Periksa jam ponsel Anda, lalu tulis kode yang baru.")
            ), 422
        return render_template("recovery_codes.html", codes=codes, front=front_page(me.role))

    @pages.post("/akun-saya/kode/lepas")
    @open_to(*ROLES)
    def remove_second_factor() -> Response:
        accounts.remove_second_factor(who_is_signed_in().name, request.form.get("old", ""))
        return redirect(url_for("own_account.show", done="removed"), 303)


def _factor_page(accounts: OwnAccountServices, problem: str | None = None) -> str:
    me = who_is_signed_in()
    secret = accounts.second_factor_secret(me.name)
    address = address_for_authenticator(secret, me.name)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return render_template(
        "second_factor.html",
        picture=Markup(picture),  # noqa: S704 - drawn by segno: paths and numbers alone
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        problem=problem,
        replaces=accounts.own(me.name).second_factor,
    )

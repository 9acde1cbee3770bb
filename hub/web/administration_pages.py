"""All accounts, for administrators: list, make, change, lock, reset, end sessions."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.account_services import AccountRefused, AccountRow, AdministrationServices, UnknownAccount
from hub.languages import N_
from hub.services import ROLES, Role
from hub.web import account_words
from hub.web.guards import open_to, who_is_signed_in

ADMINISTRATORS: tuple[Role, ...] = ("administrator",)

_DONE_TEXTS = {
    "changed": N_("Peran dan wilayah sudah disimpan. Langsung berlaku."),
    "locked": N_("Akun sudah dikunci dan semua sesinya berakhir."),
    "unlocked": N_("Kunci akun sudah dibuka."),
    "ended": N_("Semua sesi akun ini sudah berakhir."),
}


def make_blueprint(administration: AdministrationServices) -> Blueprint:
    """Build the pages below `/akun`. No address holds a name."""
    pages = Blueprint("administration", __name__)
    pages.register_error_handler(UnknownAccount, _show_as_not_found)

    def by_key(key: str) -> AccountRow:
        found = [row for row in administration.accounts() if row.key == key]
        if not found:
            raise UnknownAccount
        return found[0]

    def one_page(row: AccountRow, problem: str | None = None) -> str:
        return render_template(
            "account.html",
            row=row,
            own=row.name == who_is_signed_in().name,
            roles=ROLES,
            said=account_words,
            problem=problem,
            done=_DONE_TEXTS.get(request.args.get("done", "")),
        )

    @pages.errorhandler(AccountRefused)
    def show_refused(refused: AccountRefused) -> tuple[str, int]:
        problem = account_words.REFUSAL_WORDS[refused.why]
        key = (request.view_args or {}).get("key")
        page = _new_page(_typed(), problem) if key is None else one_page(by_key(key), problem)
        return page, 422

    @pages.get("/akun")
    @open_to(*ADMINISTRATORS)
    def show_list() -> str:
        return render_template("accounts.html", rows=administration.accounts(), said=account_words)

    @pages.get("/akun/baru")
    @open_to(*ADMINISTRATORS)
    def write() -> str:
        return _new_page({})

    @pages.post("/akun/baru")
    @open_to(*ADMINISTRATORS)
    def create() -> str:
        typed = _typed()
        code = administration.create(
            typed["name"], typed["role"], _areas(typed["areas"]), by=who_is_signed_in()
        )
        return render_template("one_time_password.html", name=typed["name"], code=code)

    _add_changes(pages, administration, by_key)

    @pages.get("/akun/<string(length=16):key>")
    @open_to(*ADMINISTRATORS)
    def show_one(key: str) -> str:
        return one_page(by_key(key))

    return pages


def _add_changes(
    pages: Blueprint, administration: AdministrationServices, by_key: Callable[[str], AccountRow]
) -> None:
    @pages.post("/akun/<string(length=16):key>/ubah")
    @open_to(*ADMINISTRATORS)
    def change(key: str) -> Response:
        typed = _typed()
        administration.change(by_key(key).name, typed["role"], _areas(typed["areas"]), by=who_is_signed_in())
        return _done(key, "changed")

    @pages.post("/akun/<string(length=16):key>/kunci")
    @open_to(*ADMINISTRATORS)
    def lock(key: str) -> Response:
        locked = request.form.get("locked") == "yes"
        administration.lock(by_key(key).name, locked, by=who_is_signed_in())
        return _done(key, "locked" if locked else "unlocked")

    @pages.post("/akun/<string(length=16):key>/atur-ulang")
    @open_to(*ADMINISTRATORS)
    def reset(key: str) -> str:
        row = by_key(key)
        code = administration.reset(row.name, by=who_is_signed_in())
        return render_template("one_time_password.html", name=row.name, code=code)

    @pages.post("/akun/<string(length=16):key>/akhiri-sesi")
    @open_to(*ADMINISTRATORS)
    def end_sessions(key: str) -> Response:
        administration.end_sessions(by_key(key).name, by=who_is_signed_in())
        return _done(key, "ended")


def _new_page(typed: dict[str, str], problem: str | None = None) -> str:
    return render_template("account_new.html", typed=typed, roles=ROLES, said=account_words, problem=problem)


def _done(key: str, done: str) -> Response:
    return redirect(url_for("administration.show_one", key=key, done=done), 303)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in ("name", "role", "areas")}


def _areas(typed: str) -> tuple[str, ...]:
    return tuple(code for code in re.split(r"[\s,;]+", typed) if code)


def _show_as_not_found(_: UnknownAccount) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())

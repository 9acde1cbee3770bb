"""What every request passes before a page runs: size, sign-in, form token, role.

The default is no: a page whose function is marked neither `open_to_everybody` nor `open_to(...)`
answers 403.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Collection
from typing import IO, Final, TypeVar

from flask import Flask, Request, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import (
    Forbidden,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
)
from werkzeug.wrappers import Response as AnyResponse

from hub.languages import BY_TAG, INDONESIAN, LANGUAGES, current, speak
from hub.services import Role, SignedIn
from hub.web.form_tokens import TOKEN_FIELD, FormTokens
from hub.web.sessions import Sessions
from sync.upload_bodies import BUSY, HOW_HEADER

FORM_MAX_BYTES: Final = 32 * 1024
"""A form holds at most an answer: 1,000 characters are 12,000 bytes at worst as browsers encode them."""

REFRESHED_PARAMETER: Final = "auto"
"""Stands in the address with which a page refreshes itself: nobody may be at the screen."""

LANGUAGE_PARAMETER: Final = "bahasa"
"""Stands in the address of the sign-in page of whoever chose a language before signing in."""

_BODY_ATTRIBUTE: Final = "kentongan_body_max_bytes"
_ROLES_ATTRIBUTE: Final = "kentongan_roles"
_SETTING_UP_ATTRIBUTE: Final = "kentongan_setting_up"
_WALL_ATTRIBUTE: Final = "kentongan_wall"
_EVERYBODY: Final = "everybody"

View = TypeVar("View", bound=Callable[..., object])
Answer = AnyResponse | tuple[str, int] | None


def open_to(*roles: Role) -> Callable[[View], View]:
    """Let accounts with one of `roles` use a page."""

    def mark(view: View) -> View:
        setattr(view, _ROLES_ATTRIBUTE, frozenset(roles))
        return view

    return mark


def takes_file(max_bytes: int) -> Callable[[View], View]:
    """Let the form of a page, marked `open_to` as well, hold a file of so many bytes beside the rest."""

    def mark(view: View) -> View:
        setattr(view, _BODY_ATTRIBUTE, max_bytes + FORM_MAX_BYTES)
        return view

    return mark


def open_while_setting_up(view: View) -> View:
    """Let a page, marked `open_to` as well, be used before a demanded password or second factor is set."""
    setattr(view, _SETTING_UP_ATTRIBUTE, True)
    return view


def open_to_wall(view: View) -> View:
    """Let a page, marked `open_to` as well, be used by a screen that may show the wall view alone."""
    setattr(view, _WALL_ATTRIBUTE, True)
    return view


def open_to_everybody(view: View) -> View:
    """Let a page be used without signing in. Its forms still need their token."""
    setattr(view, _ROLES_ATTRIBUTE, _EVERYBODY)
    return view


def roles_of(view: object) -> frozenset[str]:
    """Return the roles that a page lets in; "everybody" where it needs no signing in."""
    roles: frozenset[str] | str = getattr(view, _ROLES_ATTRIBUTE, frozenset())
    return frozenset({_EVERYBODY}) if isinstance(roles, str) else roles


def who_is_signed_in() -> SignedIn:
    """Return the account that the guard let in; 403 where it let in nobody."""
    account = g.get("signed_in")
    if not isinstance(account, SignedIn):
        raise Forbidden
    return account


def refuse_unless_a_person_looks() -> None:
    """Refuse what fetches a page that nobody may ever see; for pages where showing counts as reading."""
    if request.method == "HEAD":
        raise MethodNotAllowed(valid_methods=["GET"])
    # Browsers load a page ahead of the person and show it later, or never; 503 makes them ask again.
    if "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""):
        raise ServiceUnavailable


class RequestInMemory(Request):
    """A request whose file never touches the machine's temporary folder: it may tell of people."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


class Guard:
    """Stands before every page of one hub."""

    def __init__(
        self, sessions: Sessions, tokens: FormTokens, *, secure_cookies: bool, machines: Collection[str]
    ) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._secure_cookies = secure_cookies
        # Blueprints for boxes and programs: they know who asks by means of their own.
        self._machines = frozenset(machines)
        # A browser takes a "__Host-" cookie only from this very host and over HTTPS.
        self._browser_cookie = "__Host-kentongan_form" if secure_cookies else "kentongan_form"

    def install(self, app: Flask) -> None:
        """Check every request of `app`, and offer templates the form token and the account."""
        app.before_request(self.check)
        # A thread serves many people: what one of them reads in is not left to the next.
        app.teardown_request(lambda error: speak(INDONESIAN.tag))
        app.after_request(self._remember_browser)
        app.context_processor(
            lambda: {
                "form_token": self.form_token,
                "token_field": TOKEN_FIELD,
                "signed_in": g.get("signed_in"),
                "language": current(),
                "languages": LANGUAGES,
                "asked_language": _asked_language() or None,
                "on_wall": g.get("signed_in") is not None and self._sessions.of_wall() is not None,
                "setting_up": g.get("signed_in") is not None and self._sessions.must_set_up(),
            }
        )

    def check(self) -> Answer:
        """Let a request through (None), or answer in the page's place."""
        if not self._machines.isdisjoint(request.blueprints):
            return None
        speak(_asked_language() or request.accept_languages.best_match(BY_TAG, INDONESIAN.tag))
        _check_size()
        if request.endpoint == "static":
            return None
        g.signed_in = self._sessions.current()
        live = self._sessions.live()
        if live is not None and (g.signed_in is not None or not _asked_language()):
            speak(live.account.language)
        if request.endpoint is None:
            return None  # no such page: Flask answers 404 or 405
        view = current_app.view_functions[request.endpoint]
        roles: frozenset[Role] | str = getattr(view, _ROLES_ATTRIBUTE, frozenset())
        g.signed_in = g.signed_in or (self._sessions.of_wall() if hasattr(view, _WALL_ATTRIBUTE) else None)
        if isinstance(roles, str):  # open to everybody
            return self._check_token(self._browser_id())
        if g.signed_in is None:
            return self._ask_to_sign_in()
        refused = self._check_token(self._sessions.session_id())
        if refused is not None:
            return refused
        self._note_activity()
        return self._check_role(view, roles)

    def _note_activity(self) -> None:
        # A page that refreshes itself says nothing about a person, but keeps a wall view alive.
        if request.args.get(REFRESHED_PARAMETER) != "1" or self._sessions.of_wall():
            self._sessions.note_activity()

    def _check_role(self, view: object, roles: frozenset[Role]) -> Answer:
        if self._sessions.must_set_up() and not getattr(view, _SETTING_UP_ATTRIBUTE, False):
            return redirect(url_for("own_account.show"), 303)
        if g.signed_in.role not in roles:
            if g.signed_in.role == "agency":
                # Who is not of this office learns nothing of which pages it has.
                raise NotFound
            return render_template("not_for_role.html"), 403
        return None

    def form_token(self) -> str:
        """Return the token for a form on the page that is being made."""
        if g.get("signed_in") is not None:
            return self._tokens.token(self._sessions.session_id())
        return self._tokens.token(self._browser_id())

    def _check_token(self, bound_to: str) -> Answer:
        if not _changes_something() or self._tokens.matches(request.form.get(TOKEN_FIELD, ""), bound_to):
            return None
        return self._show_as_not_sent("form")

    def _ask_to_sign_in(self) -> Answer:
        if _changes_something():
            return self._show_as_not_sent("session")
        ended = "1" if self._sessions.was_begun() and not self._sessions.of_wall() else None
        page = request.path if request.path != "/" else None
        return redirect(url_for("sign_in.show", next=page, ended=ended), 303)

    def _show_as_not_sent(self, why: str) -> Answer:
        # Somebody may have typed for an hour: the text goes back to the browser it came from.
        form = request.form if self._sessions.was_begun() else {}
        typed = form.get("text") or form.get("why", "")
        return render_template("not_sent.html", why=why, typed=typed), 403

    def _browser_id(self) -> str:
        """Return what sign-in forms are bound to: a random cookie of this browser's own."""
        if "browser_id" not in g:
            brought = request.cookies.get(self._browser_cookie, "")
            g.browser_is_new = re.fullmatch(r"[0-9a-f]{32}", brought) is None
            g.browser_id = secrets.token_hex(16) if g.browser_is_new else brought
        return str(g.browser_id)

    def _remember_browser(self, response: Response) -> Response:
        if g.get("browser_is_new"):
            response.set_cookie(
                self._browser_cookie,
                g.browser_id,
                secure=self._secure_cookies,
                httponly=True,
                samesite="Strict",
            )
        return response


def _check_size() -> None:
    page = current_app.view_functions.get(request.endpoint or "")
    most = getattr(page, _BODY_ATTRIBUTE, FORM_MAX_BYTES)
    cut = request.environ.get(f"HTTP_{HOW_HEADER}")  # then only its beginning is here
    if cut == BUSY:
        raise ServiceUnavailable
    if cut is not None or (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    request.max_content_length = most
    # The parser counts what it reads at once against this, a file's bytes too.
    request.max_form_memory_size = most


def _asked_language() -> str:
    """Return the tag that the links of the sign-in page put into the address, or nothing."""
    tag = request.args.get(LANGUAGE_PARAMETER, "")
    return tag if tag in BY_TAG else ""


def _changes_something() -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")

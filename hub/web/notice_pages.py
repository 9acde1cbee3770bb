"""Notices to villages: the list, one with how far it came, writing one, taking it back."""

from __future__ import annotations

import datetime
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.bulletins.services import BulletinOfNotice
from hub.languages import N_
from hub.notice_services import (
    NoticeDraft,
    NoticeRefused,
    NoticeServices,
    UnknownNotice,
    VillageChoice,
)
from hub.services import READING_ROLES, Role, SignedIn
from hub.web import notice_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.one_use_forms import OneUseForms
from hub.web.parts import ROWS, first_row
from sync.airtime import CHANNEL_PAYLOAD_LIMIT
from sync.areas.table import area_names
from sync.clock import Clock
from sync.wire.numbers import NoticeKind

WRITING_ROLES: tuple[Role, ...] = ("supervisor", "administrator")
"""Who may speak for the office to whole villages."""
DEFAULT_DAYS = 30
NOTICES_PER_PAGE = 20
LISTED_VILLAGES = 300
"""Of more villages, regencies are chosen."""
REGENCY_CHARACTERS = 5


@dataclass(frozen=True)
class _Typed:
    """The form as the browser sent it, or as it is shown first."""

    form_id: str
    kind: str = "1"
    level: str = ""
    until: str = ""
    public: str = ""
    """`yes`, `no`, or empty for what is usual with its kind."""
    text: str = ""
    nodes: tuple[int, ...] = ()
    regencies: tuple[str, ...] = ()
    """Chosen instead of villages where there are very many."""
    nameless: bool = False
    problems: dict[str, str] = field(default_factory=dict)


def make_blueprint(notices: NoticeServices, clock: Clock, bulletins: BulletinOfNotice) -> Blueprint:
    """Build the pages below `/pengumuman`. Nothing of a report stands on them. Chances are written here,
    warnings as bulletins; what carries a bulletin is ended there, where agencies are told, too."""
    pages = Blueprint("notices", __name__)
    sent_forms = OneUseForms()
    pages.register_error_handler(UnknownNotice, _show_as_not_found)

    @pages.get("/pengumuman")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        may_write = who_is_signed_in().role in WRITING_ROLES
        rows = notices.rows(by=who_is_signed_in(), before=first_row() or None, limit=NOTICES_PER_PAGE + 1)
        return render_template(
            "notices.html",
            rows=rows[:NOTICES_PER_PAGE],
            following=rows[NOTICES_PER_PAGE - 1].serial if len(rows) > NOTICES_PER_PAGE else None,
            may_write=may_write,
            today=notices.today(),
            said=notice_words,
        )

    @pages.get("/pengumuman/<int:serial>")
    @open_to(*READING_ROLES)
    def show_one(serial: int) -> str:
        by = who_is_signed_in()
        view = notices.view(serial, by=by, first=first_row(), limit=ROWS)
        return render_template(
            "notice.html",
            view=view,
            bulletin=bulletins.of_notice(serial),
            may_write=by.role in WRITING_ROLES and view.all_shown,
            now=clock.wall_s(),
            today=notices.today(),
            said=notice_words,
        )

    def form_page(
        typed: _Typed, draft: NoticeDraft | None = None, choices: Sequence[VillageChoice] | None = None
    ) -> str:
        choices = choices or notices.choices(by=who_is_signed_in())
        regencies = _regencies(choices) if len(choices) > LISTED_VILLAGES else None
        return render_template(
            "notice_form.html",
            typed=typed,
            choices=choices if regencies is None else (),
            regencies=regencies,
            area_names=area_names(),
            draft=draft,
            packets=0 if draft is None else -(-notices.packet_bytes(draft) // CHANNEL_PAYLOAD_LIMIT),
            names=() if draft is None else notice_words.seem_to_be_names(draft.text),
            today=notices.today(),
            said=notice_words,
        )

    @pages.get("/pengumuman/tulis")
    @open_to(*WRITING_ROLES)
    def write() -> str:
        until = notices.today() + datetime.timedelta(days=DEFAULT_DAYS)
        choices = notices.choices(by=who_is_signed_in())
        everywhere = tuple(choice.node for choice in choices)
        regencies = tuple(_regencies(choices))
        return form_page(
            _Typed(secrets.token_hex(16), until=until.isoformat(), nodes=everywhere, regencies=regencies),
            choices=choices,
        )

    @pages.post("/pengumuman/tulis")
    @open_to(*WRITING_ROLES)
    def send() -> Response | str | tuple[str, int]:
        typed = _typed()
        if typed.regencies:
            choices = notices.choices(by=who_is_signed_in())
            typed = replace(
                typed,
                nodes=tuple(c.node for c in choices if c.village[:REGENCY_CHARACTERS] in typed.regencies),
            )
        draft = None
        try:
            draft = _draft(typed)
            checked = _checked(notices, draft)
            if request.form.get("go") != "send":
                return form_page(typed, checked)
            _refuse_unlooked(typed)
            by = who_is_signed_in()
            sent_forms.carry_out_once(typed.form_id, lambda: _write(notices, checked, by))
        except NoticeRefused as refused:
            typed.problems[refused.field] = str(refused)
            return form_page(typed, draft if refused.field == "nameless" else None), 422
        return redirect(url_for("notices.show_list"), 303)

    @pages.post("/pengumuman/<int:serial>/tarik")
    @open_to(*WRITING_ROLES)
    def withdraw(serial: int) -> Response:
        return _end(notices, bulletins, serial)

    return pages


def _end(notices: NoticeServices, bulletins: BulletinOfNotice, serial: int) -> Response:
    bulletin = bulletins.of_notice(serial)
    if bulletin is not None:
        return redirect(url_for("bulletins.show_one", bulletin=bulletin), 303)
    notices.withdraw(serial, by=who_is_signed_in())
    return redirect(url_for("notices.show_one", serial=serial), 303)


def _regencies(choices: Sequence[VillageChoice]) -> Counter[str]:
    """Return how many villages each regency has."""
    return Counter(choice.village[:REGENCY_CHARACTERS] for choice in choices)


def _checked(notices: NoticeServices, draft: NoticeDraft | None) -> NoticeDraft:
    if draft is None:
        raise NoticeRefused(N_("Pilih salah satu dari daftar, dan tanggal."), "level")
    notices.check(draft, by=who_is_signed_in())
    return draft


def _refuse_unlooked(typed: _Typed) -> None:
    if not typed.nameless:
        raise NoticeRefused(N_("Periksa dulu: tidak ada nama orang, korban, atau pelapor."), "nameless")


def _write(notices: NoticeServices, draft: NoticeDraft, by: SignedIn) -> None:
    notices.write(draft, by=by)


def _show_as_not_found(_: UnknownNotice) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())


def _typed() -> _Typed:
    form = request.form
    nodes = tuple(int(number) for number in form.getlist("node") if number.isascii() and number.isdecimal())
    return _Typed(
        form_id=form.get("form_id", "")[:64] or secrets.token_hex(16),
        kind=form.get("kind", ""),
        level=form.get("level", ""),
        until=form.get("until", ""),
        public=form.get("public", ""),
        # Browsers send line ends as CR LF; the second byte of each would go over the radio for nothing.
        text=form.get("text", "").replace("\r\n", "\n"),
        nodes=nodes,
        regencies=tuple(form.getlist("regency")),
        nameless=form.get("nameless") == "yes",
    )


def _draft(typed: _Typed) -> NoticeDraft | None:
    """Return what was typed as a draft, or None where a choice or the date is missing.

    Raises NoticeRefused for a warning: it goes through `hub.bulletins`, where nobody approves his own.
    """
    kind, _, level = typed.level.partition(".")
    if kind == str(int(NoticeKind.BULLETIN)):
        raise NoticeRefused(N_("Peringatan ditulis sebagai buletin: orang kedua menyetujuinya."), "level")
    if kind != str(int(NoticeKind.OPPORTUNITY)) or not level.isascii() or not level.isdecimal():
        return None
    try:
        until = datetime.date.fromisoformat(typed.until)
    except ValueError:
        return None
    is_public = typed.public != "no"  # a chance is meant for villagers
    return NoticeDraft(NoticeKind(int(kind)), int(level), is_public, until, typed.text, typed.nodes)

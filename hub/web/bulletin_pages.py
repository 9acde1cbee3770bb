"""Bulletins: the list, writing one with the bytes that are left, one with its villages, approving, ending."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from hub.bulletins.services import (
    DRAFT,
    NO_AREA,
    REASON_MAX_CHARACTERS,
    AreaChoice,
    BulletinDraft,
    BulletinRefused,
    BulletinServices,
    Checked,
    UnknownBulletin,
)
from hub.bulletins.topics import topic_of
from hub.languages import N_
from hub.services import READING_ROLES, Role, SignedIn
from hub.web import bulletin_words, notice_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.one_use_forms import OneUseForms
from hub.web.parts import ROWS, first_row
from sync.clock import Clock
from sync.wire.numbers import BulletinLevel

ENDING_ROLES: tuple[Role, ...] = ("supervisor", "administrator")
DEFAULT_DAYS: Final = 14
BULLETINS_PER_PAGE: Final = 20
_NUMBER_MAX_DIGITS: Final = 18


@dataclass
class _Typed:
    """The form as the browser sent it, or as it is shown first."""

    form_id: str
    draft: BulletinDraft
    bulletin: int | None = None
    problems: dict[str, str] = field(default_factory=dict)


class _Pages:
    """Draws what several routes show."""

    def __init__(self, bulletins: BulletinServices, clock: Clock) -> None:
        self.bulletins = bulletins
        self.clock = clock

    def show_list(self) -> str:
        who = who_is_signed_in()
        rows = self.bulletins.rows(who=who, before=first_row() or None, limit=BULLETINS_PER_PAGE + 1)
        return render_template(
            "bulletins.html",
            rows=rows[:BULLETINS_PER_PAGE],
            following=rows[BULLETINS_PER_PAGE - 1].id if len(rows) > BULLETINS_PER_PAGE else None,
            now=self.clock.wall_s(),
            said=bulletin_words,
        )

    def show_one(self, bulletin: int, problem: str = "", reason: str = "") -> str:
        view = self.bulletins.view(bulletin, who=who_is_signed_in(), first=first_row(), limit=ROWS)
        return render_template(
            "bulletin.html",
            view=view,
            draft=view.row.draft,
            problem=problem,
            reason=reason,
            reason_max=REASON_MAX_CHARACTERS,
            now=self.clock.wall_s(),
            said=bulletin_words,
        )

    def show_form(
        self, typed: _Typed, checked: Checked | None = None, areas: Sequence[AreaChoice] | None = None
    ) -> str:
        return render_template(
            "bulletin_form.html",
            typed=typed,
            draft=typed.draft,
            checked=checked,
            names=() if checked is None else notice_words.seem_to_be_names(checked.sent_text),
            areas=self.bulletins.areas(who=who_is_signed_in()) if areas is None else areas,
            templates=self.bulletins.templates(),
            today=self.bulletins.today(),
            said=bulletin_words,
        )

    def act(self, bulletin: int, action: Callable[[], None], reason: str = "") -> Response | tuple[str, int]:
        """Do something with a bulletin, and show it; or show it with why nothing was done."""
        try:
            action()
        except BulletinRefused as refused:
            return self.show_one(bulletin, str(refused), reason), 422
        return redirect(url_for("bulletins.show_one", bulletin=bulletin), 303)


def make_blueprint(bulletins: BulletinServices, clock: Clock) -> Blueprint:
    """Build the pages below `/buletin`. They show reports and cases nowhere."""
    pages = Blueprint("bulletins", __name__)
    shown = _Pages(bulletins, clock)

    @pages.errorhandler(UnknownBulletin)
    def show_unknown(_: UnknownBulletin) -> ResponseReturnValue:
        return current_app.handle_user_exception(NotFound())

    @pages.get("/buletin")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        return shown.show_list()

    @pages.get("/buletin/<int:bulletin>")
    @open_to(*READING_ROLES)
    def show_one(bulletin: int) -> str:
        return shown.show_one(bulletin)

    _add_writing(pages, shown)
    _add_deciding(pages, shown)
    return pages


def _add_writing(pages: Blueprint, shown: _Pages) -> None:
    bulletins, sent_forms = shown.bulletins, OneUseForms()

    @pages.get("/buletin/tulis")
    @open_to(*READING_ROLES)
    def write() -> str:
        who = who_is_signed_in()
        areas = bulletins.areas(who=who)
        return shown.show_form(_Typed(secrets.token_hex(16), _proposed(bulletins, areas, who)), areas=areas)

    @pages.get("/buletin/<int:bulletin>/ubah")
    @open_to(*READING_ROLES)
    def edit(bulletin: int) -> str | Response:
        view = bulletins.view(bulletin, who=who_is_signed_in(), first=0, limit=1)
        if not view.may_edit or view.row.state != DRAFT:
            return redirect(url_for("bulletins.show_one", bulletin=bulletin), 303)
        return shown.show_form(_Typed(secrets.token_hex(16), view.row.draft, bulletin))

    @pages.post("/buletin/tulis")
    @open_to(*READING_ROLES)
    def save() -> Response | str | tuple[str, int]:
        who, typed = who_is_signed_in(), _typed(bulletins.today())
        go = request.form.get("go", "")
        checked = bulletins.check(typed.draft, who=who)
        typed.problems.update({problem.field: problem.text for problem in reversed(checked.problems)})
        if go not in ("save", "submit"):
            return shown.show_form(typed, checked)
        if go == "submit" and typed.problems:
            return shown.show_form(typed, checked), 422
        saved: list[int] = []

        def keep() -> None:
            saved.append(_save(bulletins, typed, submit=go == "submit", who=who))

        try:
            sent_forms.carry_out_once(typed.form_id, keep)
        except BulletinRefused as refused:
            typed.problems["form"] = str(refused)
            return shown.show_form(typed, checked), 422
        if not saved:
            return redirect(url_for("bulletins.show_list"), 303)
        return redirect(url_for("bulletins.show_one", bulletin=saved[0]), 303)


def _add_deciding(pages: Blueprint, shown: _Pages) -> None:
    bulletins = shown.bulletins

    @pages.post("/buletin/<int:bulletin>")
    @open_to(*READING_ROLES)
    def change_own(bulletin: int) -> Response | tuple[str, int]:
        who = who_is_signed_in()
        actions = {"submit": bulletins.submit, "take-back": bulletins.take_back, "drop": bulletins.drop}
        action = actions.get(request.form.get("go", ""))
        if action is None:
            bulletins.view(bulletin, who=who, first=0, limit=1)
            raise BadRequest
        return shown.act(bulletin, partial(action, bulletin, who=who))

    @pages.post("/buletin/<int:bulletin>/putusan")
    @open_to("supervisor")
    def decide(bulletin: int) -> Response | tuple[str, int]:
        who, form = who_is_signed_in(), request.form
        seen, reason = form.get("seen", ""), form.get("reason", "")
        if form.get("go") == "approve":
            return shown.act(bulletin, partial(bulletins.approve, bulletin, seen, who=who))
        return shown.act(bulletin, partial(bulletins.give_back, bulletin, reason, who=who), reason)

    @pages.post("/buletin/<int:bulletin>/batal")
    @open_to(*ENDING_ROLES)
    def cancel(bulletin: int) -> Response | tuple[str, int]:
        return shown.act(bulletin, partial(bulletins.cancel, bulletin, who=who_is_signed_in()))


def _save(bulletins: BulletinServices, typed: _Typed, *, submit: bool, who: SignedIn) -> int:
    number = bulletins.save(typed.bulletin, typed.draft, who=who)
    if submit:
        bulletins.submit(number, who=who)
    return number


def _proposed(bulletins: BulletinServices, areas: Sequence[AreaChoice], who: SignedIn) -> BulletinDraft:
    """Return what the form shows first: what a signal proposes (`sinyal`, `wilayah`, `jenis`, `tingkat`), a
    warning of the material (`templat`), or the bulletin that is brought up to date (`ganti`)."""
    asked = request.args
    until = bulletins.today() + datetime.timedelta(days=DEFAULT_DAYS)
    codes = {area.code for area in areas}
    # Nothing is chosen beforehand that a whole region would read by mistake.
    around = [asked.get("wilayah", NO_AREA)[:length] for length in (13, 8, 5, 2)]
    area = next((code for code in around if code in codes), NO_AREA)
    level = _number(asked.get("tingkat", "")) or BulletinLevel.WARNING
    draft = BulletinDraft(
        "Actual", topic_of(asked.get("jenis", "")), int(level), "Likely", area, until, True, "",
        signal=_number(asked.get("sinyal", "")),
    )  # fmt: skip
    old = _number(asked.get("ganti", ""))
    if old is not None:
        row = bulletins.view(old, who=who, first=0, limit=1).row
        draft = replace(row.draft, until=max(row.draft.until, bulletins.today()), replaces=old)
    return _from_template(bulletins, draft, asked.get("templat", ""))


def _from_template(bulletins: BulletinServices, draft: BulletinDraft, key: str) -> BulletinDraft:
    found = next((one for one in bulletins.templates() if one.key == key), None)
    if found is None:
        return draft
    return replace(draft, text=found.text, text_en=found.text_en, template=key)


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) <= _NUMBER_MAX_DIGITS
    return int(text) if plain else None


def _typed(today: datetime.date) -> _Typed:
    form = request.form
    problems = {}
    try:
        until = datetime.date.fromisoformat(form.get("until", ""))
    except ValueError:
        until = today
        problems["until"] = N_("Pilih tanggal.")
    draft = BulletinDraft(
        status=form.get("status", ""),
        topic=form.get("topic", ""),
        level=_number(form.get("level", "")) or 0,
        certainty=form.get("certainty", ""),
        area=form.get("area", NO_AREA),
        until=until,
        public=form.get("public") == "yes",
        # Browsers send line ends as CR LF; the second byte of each would go over the radio for nothing.
        text=form.get("text", "").replace("\r\n", "\n").strip(),
        text_en=form.get("text_en", "").replace("\r\n", "\n").strip(),
        template=form.get("template") or None,
        signal=_number(form.get("signal", "")),
        replaces=_number(form.get("replaces", "")),
    )
    form_id = form.get("form_id", "")[:64] or secrets.token_hex(16)
    return _Typed(form_id, draft, _number(form.get("bulletin", "")), problems)

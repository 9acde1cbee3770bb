"""Gaps in the material: what villages asked and no material answered, and answers for the next pack."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.gaps.services import (
    LINE_MAX_CHARACTERS,
    OPEN,
    SOURCE_MAX_CHARACTERS,
    STATES,
    TITLE_MAX_CHARACTERS,
    WHY_MAX_CHARACTERS,
    GapAnswer,
    GapRefused,
    GapServices,
    UnknownGap,
)
from hub.languages import N_, translate
from hub.services import READING_ROLES, Role
from hub.web.guards import open_to, who_is_signed_in
from hub.web.one_use_forms import OneUseForms
from hub.web.parts import ROWS, first_row, following
from hub.web.report_words import LANGUAGE_WORDS
from sync.areas.table import area_names
from sync.clock import Clock

KEEPERS: Final[tuple[Role, ...]] = ("supervisor", "administrator")
STATE_WORDS: Final = {"open": N_("terbuka"), "answered": N_("dijawab"), "declined": N_("ditolak")}
_NOTHING: Final = GapAnswer("", (), (), "", "")
_LINES_MAX_CHARACTERS: Final = 30 * (LINE_MAX_CHARACTERS + 2)


def register(app: Flask, gaps: GapServices, clock: Clock) -> None:
    """Put the pages below `/celah` into the hub's site, and their name into its menu."""
    app.jinja_env.globals["has_gaps"] = True
    app.register_blueprint(_make_blueprint(gaps, clock))


def _make_blueprint(gaps: GapServices, clock: Clock) -> Blueprint:
    pages = Blueprint("gaps", __name__)
    sent_forms = OneUseForms()
    pages.register_error_handler(UnknownGap, _show_as_not_found)

    def page(gap: int, problem: str = "", typed: GapAnswer | None = None, why: str = "") -> str:
        view = gaps.look(gap, who=who_is_signed_in())
        return render_template(
            "gap.html",
            view=view,
            state_words=STATE_WORDS,
            language_words=LANGUAGE_WORDS,
            area_names=area_names(),
            typed=typed or view.answer or _NOTHING,
            why=why,
            problem=translate(problem) if problem else "",
            keeps=who_is_signed_in().role in KEEPERS,
            form_id=secrets.token_hex(16),
            title_max=TITLE_MAX_CHARACTERS,
            source_max=SOURCE_MAX_CHARACTERS,
            why_max=WHY_MAX_CHARACTERS,
            lines_max=_LINES_MAX_CHARACTERS,
            now=clock.wall_s(),
        )

    @pages.get("/celah")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        asked, who, first = request.args.get("keadaan", OPEN), who_is_signed_in(), first_row()
        state = asked if asked in STATES else OPEN
        counts = gaps.counts(who=who)
        return render_template(
            "gaps.html",
            rows=gaps.rows(state, who=who, first=first, limit=ROWS),
            state=state,
            counts=counts,
            state_words=STATE_WORDS,
            following=following(first, counts[state]),
            now=clock.wall_s(),
        )

    @pages.get("/celah/<int:gap>")
    @open_to(*READING_ROLES)
    def show_one(gap: int) -> str:
        return page(gap)

    @pages.post("/celah/<int:gap>/jawab")
    @open_to(*KEEPERS)
    def answer(gap: int) -> Response | tuple[str, int]:
        who, typed = who_is_signed_in(), _typed_answer()
        return carry_out(gap, lambda: gaps.answer(gap, typed, who=who), typed)

    @pages.post("/celah/<int:gap>/putus")
    @open_to(*KEEPERS)
    def decide(gap: int) -> Response | tuple[str, int]:
        who, state, why = who_is_signed_in(), request.form.get("state", ""), request.form.get("why", "")
        return carry_out(gap, lambda: gaps.decide(gap, state, why, who=who), None, why)

    def carry_out(
        gap: int, action: Callable[[], None], typed: GapAnswer | None, why: str = ""
    ) -> Response | tuple[str, int]:
        form_id = request.form.get("form_id", "")[:64]
        try:
            sent_forms.carry_out_once(f"gap {gap} {form_id}", action)
        except GapRefused as refused:
            return page(gap, str(refused), typed, why), 422
        return redirect(url_for("gaps.show_one", gap=gap), 303)

    return pages


def _typed_answer() -> GapAnswer:
    return GapAnswer(
        title=_line("title"),
        lines=_lines("lines"),
        asks=_lines("asks"),
        source=_line("source"),
        dated=_line("dated"),
        address=_line("address"),
        verified=request.form.get("verified") == "yes",
    )


def _lines(name: str) -> tuple[str, ...]:
    told = request.form.get(name, "")[:_LINES_MAX_CHARACTERS].splitlines()
    return tuple(line for line in map(_plain, told) if line)


def _line(name: str) -> str:
    return _plain(request.form.get(name, ""))


def _plain(text: str) -> str:
    """Return a line without what cannot be seen: the material is text alone."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _show_as_not_found(_: UnknownGap) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())

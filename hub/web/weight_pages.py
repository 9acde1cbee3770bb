"""The weights of the triage score: the table that holds, the one on trial, both compared, and the switch."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_, figures
from hub.learning.comparing import Difference
from hub.learning.services import MOST_CAPACITY, SEEING_ROLES, USUAL_CAPACITY
from hub.learning.weight_services import (
    CHANGING_ROLES,
    HELD_BACK_CHOICES,
    USUAL_HELD_BACK,
    WeightServices,
    WeightsRefused,
    WeightsView,
)
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.png import as_png
from hub.pictures.weight_bars import draw_weights
from hub.web.attachment_responses import picture_file
from hub.web.guards import open_to, who_is_signed_in
from hub.web.learning_pages import decimals, percent, share_words
from hub.web.one_use_forms import OneUseForms

REASON_MOST: Final = 500
STEP_WORDS: Final = {
    "proposed": N_("mengusulkan tabel %(version)s"),
    "switched": N_("menyetujui: tabel %(version)s berlaku"),
    "rejected": N_("menolak tabel %(version)s"),
    "undone": N_("membatalkan: tabel %(version)s berlaku lagi"),
}
Shown = Response | tuple[str, int]


def make_blueprint(weights: WeightServices) -> Blueprint:
    """Build `/belajar/bobot`, its picture, and what its forms post to."""
    pages = Blueprint("weights", __name__)

    def page(problem: str = "") -> str:
        who = who_is_signed_in()
        try:
            view = weights.view(who=who)
        except WeightsRefused as refused:
            return render_template("weights.html", view=None, problem=str(refused))
        found, lack, capacity = None, "", _capacity()
        if view.trial is not None:
            try:
                found = weights.compare(capacity, who=who)
            except WeightsRefused as refused:
                lack = str(refused)
        return render_template(
            "weights.html",
            view=view,
            problem=problem,
            found=found,
            lack=lack,
            capacity=capacity,
            most_capacity=MOST_CAPACITY,
            svg=Markup(as_svg(_picture(view))),  # noqa: S704 - every word in it is escaped by as_svg
            may_change=who.role in CHANGING_ROLES,
            is_mine=view.proposal is not None and view.proposal.by == who.name,
            held_back_choices=HELD_BACK_CHOICES,
            usual_held_back=USUAL_HELD_BACK,
            form_id=secrets.token_urlsafe(12),
            reason_max=REASON_MOST,
            share=share_words,
            percent=percent,
            decimals=decimals,
            difference=difference_words,
            step_words=step_in_words,
        )

    def picture() -> Picture:
        try:
            return _picture(weights.view(who=who_is_signed_in()))
        except WeightsRefused:
            raise NotFound from None

    @pages.get("/belajar/bobot")
    @open_to(*SEEING_ROLES)
    def show() -> str:
        return page()

    @pages.get("/belajar/bobot.svg")
    @open_to(*SEEING_ROLES)
    def export_svg() -> Response:
        return picture_file(as_svg(picture()).encode(), "image/svg+xml", "bobot.svg")

    @pages.get("/belajar/bobot.png")
    @open_to(*SEEING_ROLES)
    def export_png() -> Response:
        return picture_file(as_png(picture()), "image/png", "bobot.png")

    _add_change(pages, weights, page)
    return pages


def _add_change(pages: Blueprint, weights: WeightServices, page: Callable[[str], str]) -> None:
    sent_forms = OneUseForms()

    @pages.post("/belajar/bobot")
    @open_to(*CHANGING_ROLES)
    def change() -> Shown:
        # What was sent is read here: the action runs in the thread that writes, outside of the request.
        who, why = who_is_signed_in(), request.form.get("why", "").replace("\r\n", "\n")
        action, version, seen = request.form.get("action", ""), request.form.get("version", ""), _seen()
        held_back = request.form.get("held_back", "")
        held = int(held_back) if held_back in map(str, HELD_BACK_CHOICES) else -1
        actions: dict[str, Callable[[], object]] = {
            "refit": lambda: weights.refit(held, who=who),
            "propose": lambda: weights.propose(version, why, seen=seen, who=who),
            "accept": lambda: weights.decide(version, True, why, seen=seen, who=who),
            "reject": lambda: weights.decide(version, False, why, seen=seen, who=who),
            "undo": lambda: weights.undo(why, seen=seen, who=who),
        }
        if action not in actions:
            raise NotFound
        try:
            if action == "refit":  # it reads many reports: not in the thread that writes
                actions[action]()
            else:
                form = request.form.get("form_id", "")[:64]
                sent_forms.carry_out_once(f"weights {form}", lambda: _done(actions[action]))
        except WeightsRefused as refused:
            return page(str(refused)), 422
        return redirect(url_for("weights.show"), 303)


def _done(action: Callable[[], object]) -> None:
    action()


def difference_words(found: Difference, *, in_percent: bool = False) -> str:
    """Return a difference with its interval, each with its sign."""

    def words(value: float) -> str:
        return figures(f"{100 * value:+.0f} %" if in_percent else f"{value:+.3f}")

    return N_(
        "%(value)s (%(low)s sampai %(high)s)",
        value=words(found.value),
        low=words(found.low),
        high=words(found.high),
    )


def step_in_words(what: str, version: str) -> str:
    """Return what a step between tables did."""
    return N_(STEP_WORDS[what], version=version)


def _picture(view: WeightsView) -> Picture:
    rows = [(row.why, row.champion, row.challenger) for row in view.signs]
    return draw_weights(
        rows, champion=view.champion, challenger=None if view.trial is None else view.trial.version
    )


def _capacity() -> int:
    typed = request.args.get("kapasitas", "").strip()
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_CAPACITY))
    return int(typed) if is_number and 1 <= int(typed) <= MOST_CAPACITY else USUAL_CAPACITY


def _seen() -> int:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1

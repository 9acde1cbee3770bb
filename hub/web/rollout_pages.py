"""What goes to boxes in stages: all rollouts, one, and the form for new settings. Nothing of a report."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from hub.fleet import setting_words
from hub.fleet.rollout_services import (
    REASON_MAX_CHARACTERS,
    Choice,
    RolloutRefused,
    RolloutServices,
    SettingsTold,
)
from hub.fleet.rollouts import Condition
from hub.fleet.settings_kind import USUAL_PROBATION_HOURS, read, written
from hub.languages import N_
from hub.web.account_words import who_in_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.one_use_forms import OneUseForms
from hub.web.village_pages import PIN_ROLES
from sync.areas.table import area_table
from sync.clock import Clock
from sync.wire.box_settings import URL_MAX_CHARACTERS
from sync.wire.numbers import BoxSetting

MOST_SHOWN: Final = 50
MOST_NODES: Final = 200
_NUMBER = re.compile("[0-9]{1,9}", re.ASCII)


def register(app: Flask, rollouts: RolloutServices, settings: SettingsTold, clock: Clock) -> None:
    """Add the pages below `/armada/penyebaran`, and what the page of a box asks."""
    app.jinja_env.globals.update(
        has_rollouts=True,
        rollout_roles=PIN_ROLES,
        settings_told=settings.told,
        settings_in_words=_in_words,
        settings_states=setting_words.STATE_WORDS,
    )
    pages = Blueprint("rollouts", __name__)
    # One that an account may not see is as unknown as one that is not there.
    pages.register_error_handler(RolloutRefused, lambda _: current_app.handle_user_exception(NotFound()))

    def one_page(number: int, problem: str = "", status: int = 200) -> tuple[str, int]:
        view = rollouts.one(number, who=who_is_signed_in())
        page = render_template(
            "rollout.html",
            view=view,
            values=_in_words(view.what) if view.kind == "settings" else [(N_("Versi"), view.what)],
            hours=read(view.what)[1] if view.kind == "settings" else None,
            said=setting_words,
            is_open=view.condition in (Condition.RUNNING, Condition.HALTED),
            who_in_words=who_in_words,
            problem=problem,
            reason_max=REASON_MAX_CHARACTERS,
            now=clock.wall_s(),
        )
        return page, status

    @pages.get("/armada/penyebaran")
    @open_to(*PIN_ROLES)
    def show_list() -> str:
        asked = request.args.get("sebelum", "")
        before = int(asked) if _NUMBER.fullmatch(asked) else None
        rows = rollouts.several(who=who_is_signed_in(), before=before, limit=MOST_SHOWN + 1)
        following = rows[MOST_SHOWN - 1].number if len(rows) > MOST_SHOWN else None
        return render_template(
            "rollouts.html",
            rows=rows[:MOST_SHOWN],
            following=following,
            said=setting_words,
            now=clock.wall_s(),
        )

    @pages.get("/armada/penyebaran/<int:rollout>")
    @open_to(*PIN_ROLES)
    def show_one(rollout: int) -> ResponseReturnValue:
        return one_page(rollout)

    _add_changes(pages, rollouts, one_page)
    _add_form(pages, rollouts)
    app.register_blueprint(pages)


def _add_changes(
    pages: Blueprint, rollouts: RolloutServices, one_page: Callable[[int, str, int], tuple[str, int]]
) -> None:
    def change(number: int, carry_out: Callable[[str], object]) -> ResponseReturnValue:
        try:
            carry_out(request.form.get("text", ""))
        except RolloutRefused as refused:
            if refused.why == "unknown":
                raise
            return one_page(number, setting_words.refused_words(refused.why), 422)
        return redirect(url_for("rollouts.show_one", rollout=number), 303)

    @pages.post("/armada/penyebaran/<int:rollout>/hentikan")
    @open_to(*PIN_ROLES)
    def stop(rollout: int) -> ResponseReturnValue:
        who = who_is_signed_in()
        return change(rollout, lambda reason: rollouts.stop(rollout, reason, who=who))

    @pages.post("/armada/penyebaran/<int:rollout>/batalkan")
    @open_to(*PIN_ROLES)
    def undo(rollout: int) -> ResponseReturnValue:
        who = who_is_signed_in()
        return change(rollout, lambda reason: rollouts.undo(rollout, reason, who=who))

    @pages.post("/armada/penyebaran/<int:rollout>/lewati/<int:node>")
    @open_to(*PIN_ROLES)
    def leave_out(rollout: int, node: int) -> ResponseReturnValue:
        who = who_is_signed_in()
        return change(rollout, lambda reason: rollouts.leave_out(rollout, node, reason, who=who))


def _add_form(pages: Blueprint, rollouts: RolloutServices) -> None:
    sent_forms = OneUseForms()

    def form_page(problem: str = "", status: int = 200) -> tuple[str, int]:
        typed = request.form if problem else {"hours": str(USUAL_PROBATION_HOURS)}
        page = render_template(
            "rollout_settings.html",
            said=setting_words,
            settings=list(BoxSetting),
            typed=typed,
            problem=problem,
            reason_max=REASON_MAX_CHARACTERS,
            url_max=URL_MAX_CHARACTERS,
            form_id=secrets.token_hex(16),
        )
        return page, status

    @pages.get("/armada/penyebaran/setelan")
    @open_to(*PIN_ROLES)
    def write() -> ResponseReturnValue:
        return form_page()

    @pages.post("/armada/penyebaran/setelan")
    @open_to(*PIN_ROLES)
    def begin() -> ResponseReturnValue:
        who, made = who_is_signed_in(), list[int]()
        try:
            what, choice = _typed_set(), _typed_choice()
            reason = request.form.get("text", "")
            name = f"rollout {request.form.get('form_id', '')[:64]}"
            sent_forms.carry_out_once(
                name, lambda: made.append(rollouts.begin("settings", what, choice, reason, who=who))
            )
        except RolloutRefused as refused:
            return form_page(setting_words.refused_words(refused.why), 422)
        if not made:
            return redirect(url_for("rollouts.show_list"), 303)
        return redirect(url_for("rollouts.show_one", rollout=made[0]), 303)


def _typed_set() -> str:
    values: dict[BoxSetting, int | str] = {}
    for setting in BoxSetting:
        typed = request.form.get(setting.name.lower(), "").strip()
        if setting is BoxSetting.HUB_URL:
            if typed:
                values[setting] = typed
        elif typed:
            # What is no number is none that is allowed.
            values[setting] = int(typed) if _NUMBER.fullmatch(typed) else -1
    if bool(values) == (request.form.get("own") == "1"):
        raise RolloutRefused("empty", "no setting was given")
    hours = request.form.get("hours", "").strip()
    return written(values, int(hours) if _NUMBER.fullmatch(hours) else -1)


def _typed_choice() -> Choice:
    area, nodes = (request.form.get(name, "").strip() for name in ("area", "nodes"))
    first = request.form.get("first", "").strip()
    numbers = [part for part in re.split(r"[,\s]+", nodes) if part]
    if (
        (area and (numbers or area not in area_table()))
        or len(numbers) > MOST_NODES
        or not all(_NUMBER.fullmatch(number) for number in [*numbers, *([first] if first else [])])
    ):
        raise RolloutRefused("choice", "an area or numbers of boxes")
    return Choice(area, tuple(sorted({int(number) for number in numbers})), int(first) if first else None)


def _in_words(what: str) -> list[tuple[str, str]]:
    values, _ = read(what)
    found = [(setting_words.SETTING_WORDS[s], setting_words.value_words(s, v)) for s, v in values.items()]
    return found or [(N_("Semua"), N_("seperti setelan kotak sendiri"))]

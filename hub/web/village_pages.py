"""The villages and how well each is heard; one village; the hub's own radio."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from hub.accounts.areas import may_see
from hub.services import (
    READING_ROLES,
    LinkServices,
    PinServices,
    Role,
    SessionServices,
    UnknownVillage,
    VillageView,
)
from hub.web import link_words, session_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.local_time import duration
from hub.web.parts import ROWS, first_row, following
from sync.areas.table import area_table
from sync.clock import Clock

SHOWN_SESSIONS = 5
"""On the page of a village; all stand on a page of their own."""
PIN_ROLES: tuple[Role, ...] = ("supervisor", "administrator")
"""Who may let a village set a new PIN."""


def make_blueprint(
    links: LinkServices, pins: PinServices, sessions: SessionServices, clock: Clock
) -> Blueprint:
    """Build the pages `/desa`, `/desa/NUMBER` and `/desa/NUMBER/sesi`. Nothing of a report stands on them."""
    pages = Blueprint("villages", __name__)
    pages.register_error_handler(UnknownVillage, _show_as_not_found)

    def seen(node: int) -> VillageView:
        """Return a village that this account may see; any other is as unknown as one that is not there."""
        view = links.village(node)
        if not may_see(who_is_signed_in(), view.row.village):
            raise UnknownVillage
        return view

    @pages.get("/desa")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        own, first, area = links.own_radio(), first_row(), request.args.get("wilayah", "").strip()
        if area and area not in area_table():
            raise NotFound
        part = links.villages(who=who_is_signed_in(), area=area, first=first, limit=ROWS)
        return render_template(
            "villages.html",
            part=part,
            area=area,
            following=following(first, part.count),
            rows=part.rows,
            counts=sessions.session_counts([row.node for row in part.rows]),
            own=own,
            picture=None if own is None else link_words.own_picture(own),
            now=clock.wall_s(),
            link_words=link_words,
            duration=duration,
        )

    @pages.get("/desa/<int:node>")
    @open_to(*READING_ROLES)
    def show_village(node: int) -> str:
        view = seen(node)
        return render_template(
            "village.html",
            view=view,
            picture=link_words.village_picture(view.days),
            now=clock.wall_s(),
            link_words=link_words,
            duration=duration,
            sessions=[session_words.view_of(held) for held in sessions.sessions(node)[:SHOWN_SESSIONS]],
            may_reset_pin=who_is_signed_in().role in PIN_ROLES,
        )

    @pages.get("/desa/<int:node>/sesi")
    @open_to(*READING_ROLES)
    def show_sessions(node: int) -> str:
        return render_template(
            "village_sessions.html",
            row=seen(node).row,
            sessions=[session_words.view_of(held) for held in sessions.sessions(node)],
            session_words=session_words,
            link_words=link_words,
            now=clock.wall_s(),
        )

    @pages.post("/desa/<int:node>/pin")
    @open_to(*PIN_ROLES)
    def reset_pin(node: int) -> str:
        view = seen(node)
        code = pins.reset_pin(node, by=who_is_signed_in().name)
        return render_template("pin_code.html", row=view.row, code=code)

    return pages


def _show_as_not_found(_: UnknownVillage) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())

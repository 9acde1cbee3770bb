"""The fleet: all boxes, who needs a person first, and what to do next. Nothing of a report stands on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Flask, render_template, request
from markupsafe import Markup

from hub.fleet import words as fleet_words
from hub.fleet.services import FleetServices
from hub.languages import N_, counted
from hub.pictures.area_map import Counted, counted_by_area, draw_map
from hub.pictures.drawing import Picture, Table, as_svg, grouped
from hub.pictures.outlines import outlines
from hub.services import READING_ROLES
from hub.web import link_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.local_time import duration
from hub.web.parts import ROWS
from sync.areas.table import area_names
from sync.clock import Clock
from sync.wire.beacons import BeaconFlag

_PLACE_DIGITS: Final = 18


def register(app: Flask, fleet: FleetServices, clock: Clock) -> None:
    """Put the page `/armada` into the hub's site, and its name into the menu."""
    app.jinja_env.globals["has_fleet"] = True
    pages = Blueprint("fleet", __name__)

    @pages.get("/armada")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        who, after = who_is_signed_in(), _after()
        part = fleet.part(who=who, after=after, limit=ROWS)
        count, needing = fleet.counts(who=who)
        picture = map_of(fleet.needing_by_village(who=who)) if needing and not after else None
        return render_template(
            "fleet.html",
            rows=part.rows,
            following=part.following,
            count=count,
            needing=needing,
            picture=picture,
            svg=None if picture is None else Markup(as_svg(picture)),  # noqa: S704 - escaped by as_svg
            said=fleet_words,
            link_words=link_words,
            flags=BeaconFlag,
            duration=duration,
            now=clock.wall_s(),
        )

    app.register_blueprint(pages)


def _after() -> int:
    asked = request.args.get("setelah", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= _PLACE_DIGITS else 0


def map_of(by_village: dict[str, int]) -> Picture:
    """Draw in which provinces boxes need a person."""
    land, names = outlines(), area_names()
    found: Counted = counted_by_area(by_village, None, land, names)
    drawn = draw_map(found, None, land, names, what="", dated="", small=True)
    rows = tuple((area.name, area.code, grouped(area.count)) for area in found.areas)
    title = N_("Kotak yang perlu ditolong per provinsi")
    return replace(
        drawn,
        title=title,
        summary=counted("%(count)s kotak perlu ditolong; angka di peta adalah jumlah kotak.", found.total),
        table=Table(title, (N_("Provinsi"), N_("Kode"), N_("Kotak")), rows),
        notes=(),
    )

"""Where to get help: numbers and places out of the material, grouped by what somebody needs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response

from content.help_lines import HelpLine
from village_node.web.languages import N_
from village_node.web.material import Material
from village_node.web.spoken_content import help_words

FILE = "help"

GROUPS = (
    (N_("Ada bahaya sekarang"), "now", ("danger", "police")),
    (N_("Perempuan dan anak"), "people", ("women_children",)),
    (N_("Pekerja migran"), "offer", ("migrant",)),
    (N_("Di luar negeri"), "departure", ("abroad",)),
    (N_("Hukum, saksi dan korban"), "document", ("witness", "legal")),
    (N_("Sakit atau luka"), "health", ("health",)),
    (N_("Takut, sedih, sulit tidur"), "caregiver", ("psychological",)),
    (N_("Kantor dan pengaduan"), "domestic", ("local", "complaint")),
)
"""Heading, drawing, and the kinds of help below it: every kind of the material once."""


@dataclass(frozen=True)
class ShownLine:
    """One place of help, and whether its source is old or undated as far as this box knows the day."""

    line: HelpLine
    is_old: bool


@dataclass(frozen=True)
class Group:
    """Places of help for one need."""

    heading: str
    icon: str
    lines: tuple[ShownLine, ...]


def create_help_pages(material: Material) -> Blueprint:
    """Build the page."""
    pages = Blueprint("help", __name__)

    @pages.get("/bantuan")
    def places() -> Response:
        catalogue = material.catalogue()
        lines = catalogue.help_lines
        return material.page(
            "help.html",
            catalogue,
            FILE,
            clip=material.clip("help", FILE, lambda other: help_words(other.help_lines.values())),
            again=None,
            groups=grouped(lines.values(), material.today()),
        )

    return pages


def grouped(lines: Iterable[HelpLine], today: datetime.date | None) -> list[Group]:
    """Return the places in groups, in the order in which they stand; groups without any are left out.

    A box that does not know the day shows every mark of an old source.
    """
    shown = [ShownLine(line, bool(line.old) and (today is None or line.is_old(today))) for line in lines]
    groups = (
        Group(heading, icon, tuple(one for one in shown if one.line.kind in kinds))
        for heading, icon, kinds in GROUPS
    )
    return [group for group in groups if group.lines]

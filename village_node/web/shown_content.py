"""Material as the site shows it: where it comes from, in which language it stands, and its pictures."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from content.catalogue import BASE_LANGUAGE, Catalogue, languages_of
from content.errors import ContentRefused
from content.files import shipped_files
from content.offer_check import Verdict
from village_node.web.languages import N_, current

ContentSource = Callable[[str], Catalogue]
"""Language tag -> the material in that language, or in Indonesian where it has none. Asked at every page, so
that a box may be given newer material while it runs."""

KEPT_CATALOGUES = 2
"""Each keeps the parsed rule pack and help file, some 300 kB; more languages take turns."""

VERDICT_SHAPES = {Verdict.RED: "octagon", Verdict.YELLOW: "triangle", Verdict.GREEN: "disc"}
VERDICT_WORDS = {
    Verdict.RED: N_("Merah: bahaya"),
    Verdict.YELLOW: N_("Kuning: belum jelas"),
    Verdict.GREEN: N_("Hijau: sesuai"),
}
"""Shape and word tell the verdict to whoever does not see the colour."""


def shipped_content() -> ContentSource:
    """Return the source of the material that this version carries; few parsed catalogues are kept."""
    files = shipped_files()
    known = languages_of(files)

    @functools.lru_cache(maxsize=KEPT_CATALOGUES)
    def catalogue(language: str) -> Catalogue:
        return Catalogue(files, language)

    return lambda tag: catalogue(tag if tag in known else BASE_LANGUAGE)


@dataclass(frozen=True)
class Standing:
    """In which language a part of the material is shown, and what the page must say of that."""

    tag: str
    is_own: bool
    """Whether it is in the page's own language."""
    is_partly: bool
    """Whether some of its texts still are Indonesian."""
    awaits_review: bool


def language_of(catalogue: Catalogue, name: str) -> str:
    """Return the language in which a file of the catalogue stands: its own, or Indonesian."""
    path = f"languages/{catalogue.language}/{name}.toml"
    return catalogue.language if path in catalogue.files else BASE_LANGUAGE


def standing(catalogue: Catalogue, name: str) -> Standing:
    """Return how a file stands on this page; ask for its texts first, so that what is missing is known."""
    tag = language_of(catalogue, name)
    about = catalogue.about if tag == catalogue.language else Catalogue(catalogue.files, tag).about
    is_partly = tag == catalogue.language and bool(catalogue.missing.get(name))
    return Standing(tag, tag == current().tag, is_partly, about.awaits_review)


def written_on(catalogue: Catalogue) -> str:
    """Return the day of the rules, ISO 8601: that of the Indonesian files, which alone hold the verdicts."""
    return Catalogue(catalogue.files, BASE_LANGUAGE).about.written_on


def day_in_digits(iso: str) -> str:
    """Return a day as it is written in Indonesia: 25-11-2026; a year or a month stays what it is."""
    return "-".join(reversed(iso.split("-")))


def content_icon(catalogue: Catalogue, name: str) -> Markup:
    """Return a picture of the material for a page; nothing for one that is missing or not plain shapes."""
    try:
        svg = catalogue.icon(name)
    except ContentRefused:
        return Markup()
    # Safe: `read_icon` lets plain shapes pass and nothing else.
    return Markup(svg.strip().replace("<svg ", '<svg class="icon" aria-hidden="true" ', 1))  # noqa: S704

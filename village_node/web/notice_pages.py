"""What the hub says to the whole village: bulletins and lawful opportunities, for everybody on the Wi-Fi."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template

from sync.wire.numbers import NoticeKind
from village_node.notices import VillageNotice
from village_node.web.notice_players import SoundOf, add_players, no_sound, players
from village_node.web.notice_words import LEVEL_WORDS, in_days

PublicNotices = Callable[[NoticeKind], Sequence[VillageNotice]]
"""Gives the public notices of a kind that count today, the newest first."""
SHOWN_CHARACTERS = 70
"""Of a bulletin on the first page, which must stay small."""


def no_notices(_: NoticeKind) -> Sequence[VillageNotice]:
    """Stand for a box that has none."""
    return ()


def create_notice_pages(notices: PublicNotices, sound_of: SoundOf = no_sound) -> Blueprint:
    """Build the pages `/pengumuman` and `/peluang`; `sound_of` gives a notice's clip."""
    pages = Blueprint("notices", __name__)

    @pages.get("/pengumuman")
    def bulletins() -> str:
        return _page(notices, NoticeKind.BULLETIN, sound_of)

    @pages.get("/peluang")
    def opportunities() -> str:
        return _page(notices, NoticeKind.OPPORTUNITY, sound_of)

    def public(serial: int) -> VillageNotice | None:
        every = (notice for kind in LEVEL_WORDS for notice in notices(NoticeKind(kind)))
        return next((notice for notice in every if notice.serial == serial), None)

    add_players(pages, public, sound_of)
    return pages


def _page(notices: PublicNotices, kind: NoticeKind, sound_of: SoundOf) -> str:
    shown = notices(kind)
    return render_template(
        "notices.html",
        notices=shown,
        players=players(shown, sound_of),
        level_words=LEVEL_WORDS[kind],
        opportunities=kind is NoticeKind.OPPORTUNITY,
        day=in_days,
    )


def first_lines(notices: PublicNotices) -> list[tuple[str, str]]:
    """Return (path, words) for the first page: the most pressing bulletin, and that there are
    opportunities."""
    lines = []
    bulletins = sorted(notices(NoticeKind.BULLETIN), key=lambda notice: -notice.level)
    if bulletins:
        words = " ".join(bulletins[0].text.split())
        cut = f"{words[:SHOWN_CHARACTERS].rsplit(' ', 1)[0]} …" if len(words) > SHOWN_CHARACTERS else words
        lines.append(("/pengumuman", cut))
    if notices(NoticeKind.OPPORTUNITY):
        lines.append(("/peluang", ""))
    return lines

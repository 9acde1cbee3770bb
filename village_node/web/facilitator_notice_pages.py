"""What the hub says to this village, and the facilitator's word that it was read or told to others."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sync.wire.numbers import NoticeKind, SeenStep
from village_node.notices import Notices, UnknownNotice, VillageNotice
from village_node.services import NotTaken
from village_node.web.notice_players import SoundOf, add_players, players
from village_node.web.notice_words import LEVEL_WORDS, in_days

_STEPS = {"read": SeenStep.READ, "announced": SeenStep.ANNOUNCED}


def create_facilitator_notice_pages(notices: Notices, sound_of: SoundOf) -> Blueprint:
    """Build the page `/pengumuman` of the facilitator's site; `sound_of` gives a notice's clip."""
    pages = Blueprint("notices", __name__)

    @pages.get("/pengumuman")
    def show() -> str:
        return _page(notices, sound_of)

    @pages.post("/pengumuman")
    def note() -> AnyResponse:
        step, serial = _STEPS.get(request.form.get("step", "")), request.form.get("serial", "")
        if step is None or not (serial.isascii() and serial.isdecimal()):
            abort(400)
        try:
            notices.seen(int(serial), step)
        except UnknownNotice:
            abort(404)
        except NotTaken:
            return Response(_page(notices, sound_of, problem=True), 507)
        return redirect("/pengumuman", 303)

    def any_notice(serial: int) -> VillageNotice | None:
        return next((notice for notice in notices.all() if notice.serial == serial), None)

    add_players(pages, any_notice, sound_of)
    return pages


def _page(notices: Notices, sound_of: SoundOf, *, problem: bool = False) -> str:
    every = notices.all()
    return render_template(
        "facilitator/notices.html",
        bulletins=[n for n in every if n.kind is NoticeKind.BULLETIN and n.counts],
        opportunities=[n for n in every if n.kind is NoticeKind.OPPORTUNITY and n.counts],
        players=players(every, sound_of),
        past=[n for n in every if not n.counts][:20],
        level_words=LEVEL_WORDS,
        day=in_days,
        problem=problem,
    )

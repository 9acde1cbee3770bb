"""Players of notices: where the clip of each is asked for, on the village's site and the facilitator's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from flask import Blueprint, Response, abort, send_file

from village_node.notices import VillageNotice

SoundOf = Callable[[VillageNotice], Path | None]
"""Gives the clip of a notice, MP3 or WAV, or None where there is none."""
_TYPES = {".mp3": "audio/mpeg", ".wav": "audio/wav"}


def no_sound(_: VillageNotice) -> Path | None:
    """Stand for a box that cannot speak."""
    return None


def players(notices: Iterable[VillageNotice], sound_of: SoundOf) -> Mapping[int, str]:
    """Return the address of the clip of each notice that has one, by serial number."""
    clips = ((notice.serial, sound_of(notice)) for notice in notices)
    return {serial: f"/pengumuman/{serial}{clip.suffix}" for serial, clip in clips if clip is not None}


def add_players(
    pages: Blueprint, notice_of: Callable[[int], VillageNotice | None], sound_of: SoundOf
) -> None:
    """Add the addresses of the clips. `notice_of` gives only what this site shows."""

    @pages.get("/pengumuman/<int:serial>.<any(mp3, wav):kind>")
    def sound(serial: int, kind: str) -> Response:
        notice = notice_of(serial)
        clip = None if notice is None else sound_of(notice)
        if clip is None or clip.suffix != f".{kind}":
            abort(404)
        try:
            # Phones ask for a part first and for the rest when it is played.
            return send_file(clip, _TYPES[clip.suffix], conditional=True, etag=False)
        except FileNotFoundError:
            abort(404)  # the notice was taken back meanwhile

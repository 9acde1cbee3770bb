"""The place that a short message names: a code of the list of areas, or a village after the word for one."""

from __future__ import annotations

import re

from bots.dialogue.contract import Room
from content.typed_values import area_code
from sync.records import TEXT_LIMITS

_CODE = re.compile(r"(?<![0-9.])([0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}|[0-9]{10})(?![0-9.]*[0-9])")
_NAMED = re.compile(
    r"\b(?:desa|ds|kelurahan|kel|nagari|village)\.?\s+([^\W\d_][\w'\-]*(?:\s+[^\W\d_][\w'\-]*){0,2})", re.I
)
_VILLAGE_LEVEL = 4


def found_place(room: Room, text: str) -> tuple[str, str]:
    """Return the code of the village that a text names and the words that name one, each empty where there is
    none. A name counts where it is that of one village alone, or of one near the bot's own; else the place is
    the bot's village and the words are kept."""
    for match in _CODE.finditer(text):
        code = area_code(match[1])
        if code in room.areas:
            return code, ""
    named = _NAMED.search(text)
    if named is None:
        return room.village, ""
    words = named[1].split()
    for count in range(len(words), 0, -1):
        code = _only_village(room, " ".join(words[:count]))
        if code:
            return code, ""
    return room.village, " ".join(words)[: TEXT_LIMITS["place_text"]]


def _only_village(room: Room, name: str) -> str:
    found = [code for code in room.names.search(name, near=room.village, most=60) if _is_it(room, code, name)]
    if len(found) > 1 and room.village:
        for levels in (3, 2):
            near = ".".join(room.village.split(".")[:levels])
            close = [code for code in found if code.startswith(f"{near}.")]
            if close:
                found = close
                break
    return found[0] if len(found) == 1 else ""


def _is_it(room: Room, code: str, name: str) -> bool:
    known = room.names.name_of(code) or ""
    return code.count(".") == _VILLAGE_LEVEL - 1 and known.casefold() == name.casefold()

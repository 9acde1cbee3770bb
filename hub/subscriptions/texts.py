"""A bulletin as a subscriber reads it over a bot, as short as it can be. Pure."""

from __future__ import annotations

from typing import Final

from firmware_bridge.sms_plain import parts_of, plain
from hub.bulletins.services import BulletinDraft
from hub.bulletins.topics import LEVELS, MARKS, Both
from hub.subscriptions.services import SMS

QUOTED_CHARACTERS: Final = 60
_BEGINS: Final = {
    "Alert": Both("", ""),
    "Update": Both("Diperbarui. ", "Updated. "),
    "Cancel": Both("DITARIK, tidak berlaku lagi: ", "WITHDRAWN, not valid any more: "),
}
_UNTIL: Final = Both("Sampai {day:%d-%m-%Y}", "Until {day:%d-%m-%Y}")
_STOP: Final = {
    SMS: Both("Stop: BERHENTI", "To end: STOP"),
    "telegram": Both("Berhenti: /berhenti", "To end: /berhenti"),
}


def goes_out(draft: BulletinDraft) -> bool:
    """Return whether subscribers are told at all: neither of a drill nor of a test, which would cost money
    and frighten people who are in no drill, nor of what facilitators alone read."""
    return draft.status == "Actual" and draft.public


def subscriber_text(draft: BulletinDraft, area_name: str, message: str, language: str, way: str) -> str:
    """Return the text; `message` is that of a CAP message: Alert, Update or Cancel. Who reads English gets
    it where somebody wrote it, all others Indonesian. A drill says that it is one."""
    tongue = 1 if language == "en" and draft.text_en.strip() else 0
    text = " ".join((draft.text_en if tongue else draft.text).split())
    mark = MARKS.get(draft.status, Both("", ""))[tongue]
    level = LEVELS[draft.level].words[tongue].upper()
    place = f" ({area_name})" if area_name else ""
    begin = f"Kentongan. {mark}{_BEGINS[message][tongue]}"
    if message == "Cancel":
        quoted = text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS].rstrip()}..."
        said = f'{begin}"{quoted}"{place}.'
    else:
        until = _UNTIL[tongue].format(day=draft.until)
        said = f"{begin}{level}{place}: {text} {until}."
    whole = f"{said} {_STOP[way][tongue]}"
    return plain(whole) if way == SMS else whole


def sms_parts(draft: BulletinDraft, area_name: str, message: str, language: str) -> int:
    """Return in how many SMS that goes."""
    return parts_of(subscriber_text(draft, area_name, message, language, SMS))

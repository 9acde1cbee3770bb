"""Danger now: numbers to ring first, then an urgent report in one message or one tap."""

from __future__ import annotations

from dataclasses import replace

from bots.dialogue.contract import (
    Input,
    NotTaken,
    Pressed,
    Reply,
    Said,
    SentFile,
    SharedPosition,
    Submit,
    Turn,
)
from bots.dialogue.drafts import SENDING, Draft, TooLong, begun, report_of, text_answer, with_position
from bots.dialogue.emergency_numbers import numbers_text
from bots.dialogue.missions_text import missions_text
from bots.dialogue.report import (
    AWAY,
    FILE_HELD,
    FULL,
    NO_MORE_FILES,
    NOTHING_YET,
    REFUSED,
    RETRY,
    TOO_LONG,
)
from bots.dialogue.scene import Scene, led_by, one_line, rows
from bots.texts import N_
from content.report_choices import DESTINATION_CHOICES
from sync.records import TEXT_LIMITS

NAME = "danger"
CALL = N_("Minta tolong sekarang")
NOT_AT_ONCE = N_("Petugas tidak langsung datang.")
HOW = N_(
    "Tidak bisa menelepon? Tulis satu pesan: siapa, di mana. "
    "Pesan itu langsung dikirim sebagai laporan mendesak."
)
POSITION_HOW = N_("Lokasi Anda hanya ikut kalau Anda sendiri membagikannya.")
HAS_POSITION = N_("Lokasi dicatat. Tulis pesan, atau tekan Minta tolong sekarang.")
COUNTRY = N_("Di negara mana Anda sekarang?")
HAS_PLACE = N_(
    "Tempat di peta itu dicatat, bukan lokasi Anda sendiri. Tulis pesan, atau tekan Minta tolong sekarang."
)
A_COUNTRY_WORDS = 3
"""A longer answer to the question of the country is a message for help."""
NO_WORDS = "Tombol darurat ditekan di bot. Tidak ada keterangan lain."
"""The story of a report that has none; staff read Indonesian, so it is not translated."""


def help_drafted(scene: Scene) -> Draft:
    """Return a new urgent report, about the village of the bot where it has one."""
    draft = begun(scene.room, kind="victim", urgency="now")
    if scene.room.village:
        draft = draft.with_answer("place", scene.room.village)
    return draft.going_to("country" if scene.room.abroad else "help")


class EmergencyDialogue:
    """Numbers, then a report of as few words as somebody has."""

    def ask(self, scene: Scene) -> Reply:
        """Return the numbers and how to call for help here."""
        draft: Draft = scene.held
        if draft.step == "country":
            buttons = [scene.button(f"v:{one.value}", one.label) for one in DESTINATION_CHOICES]
            return Reply(
                f"{numbers_text(scene)}{_from_abroad(scene)}\n\n{scene.say(COUNTRY)}", rows(buttons, 3)
            )
        call = scene.button("call", CALL)
        abroad = missions_text(scene, draft)
        lines = (
            *(numbers_text(scene), "", *([abroad, ""] if abroad else [])),
            *(scene.say(NOT_AT_ONCE), scene.say(HOW), scene.say(POSITION_HOW)),
        )
        return Reply("\n".join(lines), ((call,),), asks_position="position" not in draft.answers)

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of an answer."""
        draft: Draft = scene.held
        if isinstance(heard, NotTaken):
            return self._not_taken(scene, draft, heard)
        if draft.step == SENDING:
            return self._send(scene, draft) if heard == Pressed("retry") else None
        if isinstance(heard, SharedPosition):
            placed = with_position(draft, heard)
            if placed is None:
                return None
            near = missions_text(scene, placed)
            noted = HAS_PLACE if heard.place else HAS_POSITION
            return self._held(scene, placed, noted, f"\n\n{near}" if near else "")
        if isinstance(heard, SentFile):
            more = draft.with_file(heard.handle)
            return self._held(scene, more or draft, NO_MORE_FILES if more is None else FILE_HELD)
        if draft.step == "country" and isinstance(heard, Pressed | Said):
            told = _placed(scene, draft, heard)
            if told is not None:
                return self._asked(scene, told.going_to("help"))
        if heard == Pressed("call"):
            return self._send(scene, draft)
        if isinstance(heard, Said):
            return self._said(scene, draft, heard.text)
        return None

    def _said(self, scene: Scene, draft: Draft, text: str) -> Turn:
        try:
            story = text_answer("narrative", text)
        except TooLong as long:
            return self._asked(scene, draft, scene.say(TOO_LONG, length=long.length, most=long.most))
        if not story:
            return self._asked(scene, draft, scene.say(NOTHING_YET))
        return self._send(scene, draft.with_answer("narrative", story))

    def _send(self, scene: Scene, draft: Draft) -> Turn:
        told = draft if draft.can_be_sent else draft.with_answer("narrative", NO_WORDS)
        report = report_of(told, scene.room.channel)
        return scene.holding(told.going_to(SENDING)).turn(wishes=(Submit(report, told.files, told.token),))

    def _not_taken(self, scene: Scene, draft: Draft, why: NotTaken) -> Turn | None:
        if draft.step != SENDING:
            return None
        if why.why == "refused":
            again = replace(draft.going_to("help"), token=scene.room.token())
            return self._asked(scene, again, scene.say(REFUSED))
        text = scene.say(FULL if why.why == "full" else AWAY)
        return scene.turn(Reply(f"{numbers_text(scene)}\n\n{text}", ((scene.button("retry", RETRY),),)))

    def _held(self, scene: Scene, draft: Draft, text: str, more: str = "") -> Turn:
        """Say shortly that something was added: the numbers stand in the message before."""
        after = scene.holding(draft)
        reply = self.ask(after)
        return after.turn(replace(reply, text=scene.say(text) + more, asks_position=False))

    def _asked(self, scene: Scene, draft: Draft, lead: str = "") -> Turn:
        after = scene.holding(draft)
        return after.turn(led_by(lead, self.ask(after)))


def _placed(scene: Scene, draft: Draft, heard: Pressed | Said) -> Draft | None:
    """Return the draft with the country that was answered, None where it is no country."""
    country = _country(scene, heard)
    if country is not None:
        return draft.with_answer("offer.destination", country)
    if isinstance(heard, Said) and 0 < len(heard.text.split()) <= A_COUNTRY_WORDS:
        # One that the list lacks: it is no report of one word.
        return draft.with_answer("place_text", one_line(heard.text)[: TEXT_LIMITS["place_text"]])
    return None


def _country(scene: Scene, heard: Pressed | Said) -> str | None:
    wanted = heard.value.removeprefix("v:") if isinstance(heard, Pressed) else heard.text.strip().casefold()
    for choice in DESTINATION_CHOICES:
        if wanted in (choice.value, choice.label.casefold(), scene.say(choice.label).casefold()):
            return choice.value
    return None


def _from_abroad(scene: Scene) -> str:
    lines = [
        f"{line.who}: {line.number or line.note}"
        for line in scene.catalogue.help_lines.values()
        if line.kind == "abroad"
    ]
    return "".join(f"\n{line}" for line in lines)

"""Where a conversation begins: what can be done here, and what somebody wrote without being asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bots.dialogue.contract import Input, Pressed, Reply, Said, SentFile, SharedPosition, Turn
from bots.dialogue.drafts import TooLong, begun, text_answer
from bots.dialogue.emergency import EmergencyDialogue, help_drafted
from bots.dialogue.help import HelpDialogue
from bots.dialogue.offer import Offer, OfferDialogue
from bots.dialogue.questions import Question, QuestionDialogue
from bots.dialogue.quiz import QuizDialogue, Round
from bots.dialogue.receipt import Receipt, ReceiptDialogue
from bots.dialogue.report import NO_MORE_FILES, TOO_LONG, ReportDialogue
from bots.dialogue.scene import Dialogue, Scene, led_by, rows
from bots.dialogue.settings import LanguageDialogue, PrivacyDialogue
from bots.dialogue.subscription import NAME as SUBSCRIBE
from bots.dialogue.subscription import STOP as UNSUBSCRIBE
from bots.dialogue.subscription import Picking, StopDialogue, SubscriptionDialogue
from bots.texts import N_

NAME = "menu"
HELLO = N_("Kentongan: lapor dan bertanya tentang ajakan kerja yang mencurigakan. Apa yang Anda perlukan?")
ABROAD = N_("Juga untuk pekerja di luar negeri dan keluarganya.")
CHOICES = (
    ("report", N_("Lapor")),
    ("danger", N_("Ada bahaya sekarang")),
    ("receipt", N_("Cek laporan saya")),
    ("offer", N_("Cek tawaran kerja")),
    ("ask", N_("Tanya")),
    ("quiz", N_("Kuis")),
    ("subscribe", N_("Langganan pengumuman")),
    ("help", N_("Cari bantuan")),
    ("language", N_("Bahasa lain")),
    ("privacy", N_("Supaya aman")),
)
"""Dialogue -> what its button says."""
MAKE_REPORT = N_("Jadikan ini laporan? Belum ada yang dikirim.")
YES_REPORT = N_("Ya, laporkan")
IS_QUESTION = N_("Ini pertanyaan")
NO_POSITION = N_("Lokasi itu tidak dicatat. Untuk mengirim lokasi, tekan Ada bahaya sekarang.")


@dataclass(frozen=True, repr=False)
class Offered:
    """What came unasked and may become a report: a text, or files."""

    text: str = ""
    files: tuple[int, ...] = ()


class MenuDialogue:
    """Offers what can be done."""

    def ask(self, scene: Scene) -> Reply:
        """Return the list, or whether what came is meant as a report."""
        held: Offered | None = scene.held
        if held is not None:
            buttons = [scene.button("yes", YES_REPORT)]
            if held.text:
                buttons.append(scene.button("question", IS_QUESTION))
            return Reply(scene.say(MAKE_REPORT), rows(buttons))
        text = scene.say(HELLO)
        if scene.room.abroad:
            text = f"{text} {scene.say(ABROAD)}"
        told = scene.room.subscribes or scene.room.hub_bot
        choices = [(name, label) for name, label in CHOICES if name != "subscribe" or told]
        return Reply(text, rows([scene.button(f"go:{name}", label) for name, label in choices], 2))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of a text, a file or a position that nobody asked for."""
        held: Offered | None = scene.held
        if isinstance(heard, SharedPosition):
            after = scene.holding(None)
            return after.turn(led_by(scene.say(NO_POSITION), self.ask(after)))
        if isinstance(heard, SentFile):
            return self._offered(scene, held or Offered(), handle=heard.handle)
        if isinstance(heard, Said):
            return self._offered(scene, held or Offered(), text=heard.text)
        if held is None or not isinstance(heard, Pressed):
            return None
        if heard.value == "yes":
            return self._report(scene, held)
        if heard.value == "question" and held.text:
            return QuestionDialogue().asked(scene.to("ask", Question()), held.text)
        return None

    def _offered(self, scene: Scene, held: Offered, text: str = "", handle: int | None = None) -> Turn | None:
        lead = ""
        if text:
            try:
                together = text_answer("narrative", f"{held.text}\n{text}")
            except TooLong as long:
                return scene.turn(Reply(scene.say(TOO_LONG, length=long.length, most=long.most)))
            if not together:
                return None
            held = replace(held, text=together)
        if handle is not None:
            draft = begun(scene.room)
            more = replace(draft, files=held.files).with_file(handle)
            lead = scene.say(NO_MORE_FILES) if more is None else ""
            held = replace(held, files=held.files if more is None else more.files)
        after = scene.holding(held)
        return after.turn(led_by(lead, self.ask(after)))

    def _report(self, scene: Scene, held: Offered) -> Turn:
        draft = replace(begun(scene.room), files=held.files)
        if held.text:
            draft = draft.with_answer("narrative", held.text)
        after = scene.to("report", draft)
        return after.turn(ReportDialogue().ask(after))


DIALOGUES: dict[str, Dialogue] = {
    NAME: MenuDialogue(),
    "report": ReportDialogue(),
    "danger": EmergencyDialogue(),
    "receipt": ReceiptDialogue(),
    "offer": OfferDialogue(),
    "ask": QuestionDialogue(),
    "quiz": QuizDialogue(),
    "help": HelpDialogue(),
    "language": LanguageDialogue(),
    "privacy": PrivacyDialogue(),
    SUBSCRIBE: SubscriptionDialogue(),
    UNSUBSCRIBE: StopDialogue(),
}
BEGINNINGS: dict[str, Callable[[Scene], object]] = {
    NAME: lambda scene: None,
    "report": lambda scene: begun(scene.room),
    "danger": help_drafted,
    "receipt": lambda scene: Receipt(),
    "offer": lambda scene: Offer(),
    "ask": lambda scene: Question(),
    "quiz": lambda scene: Round(),
    "help": lambda scene: None,
    "language": lambda scene: None,
    "privacy": lambda scene: None,
    SUBSCRIBE: lambda scene: Picking(),
    UNSUBSCRIBE: lambda scene: Picking(),
}
"""Dialogue -> what it holds when it begins."""


def begun_with(scene: Scene, name: str) -> Turn:
    """Return the first turn of a dialogue: its question, or a wish of which the question follows."""
    after, dialogue = opened(scene, name), DIALOGUES[name]
    if isinstance(dialogue, SubscriptionDialogue):
        return dialogue.begins(after)
    return after.turn(dialogue.ask(after))


def opened(scene: Scene, name: str) -> Scene:
    """Return the scene at the beginning of a dialogue."""
    return scene.to(name, BEGINNINGS[name](scene))

"""A question answered from the signed material, with its source; what is not known can be passed on."""

from __future__ import annotations

from dataclasses import dataclass

from bots.dialogue.contract import Answered, Ask, Done, Input, NotTaken, PassOn, Pressed, Reply, Said, Turn
from bots.dialogue.report import AWAY, RETRY, TOO_LONG
from bots.dialogue.scene import Scene, led_by, one_line
from bots.texts import N_

NAME = "ask"
MOST_CHARACTERS = 300
ASK = N_(
    "Tulis pertanyaan Anda tentang kerja di luar negeri, surat-surat, hak, atau bantuan. "
    "Jangan tulis nama orang."
)
SOURCE = N_("Sumber:")
NOT_KNOWN = N_("Saya tidak tahu. Bahan kami belum punya jawabannya.")
PASS_ON_ASK = N_("Teruskan pertanyaan ini ke petugas? Tanpa nama dan tanpa nomor Anda.")
PASS_ON = N_("Ya, teruskan")
PASSED_ON = N_(
    "Diteruskan ke petugas, tanpa nama. Jawabannya nanti masuk ke bahan di sini, bukan ke Anda langsung."
)
NOT_PASSED = N_("Pertanyaan tidak bisa diteruskan dari sini. Kalau ini soal bahaya, buat laporan.")
LOOKING = N_("Sebentar, sedang dicari.")
READY, ASKED, UNKNOWN, PASSING = "ready", "asked", "unknown", "passing"


@dataclass(frozen=True, repr=False)
class Question:
    """What was asked, and how far it is."""

    step: str = READY
    text: str = ""
    token: str = ""


class QuestionDialogue:
    """Hears a question and shows the passage that answers it."""

    def ask(self, scene: Scene) -> Reply:
        """Return the open question."""
        held: Question = scene.held
        if held.step == UNKNOWN:
            return Reply(
                f"{scene.say(NOT_KNOWN)}\n{scene.say(PASS_ON_ASK)}", ((scene.button("pass", PASS_ON),),)
            )
        if held.step in (ASKED, PASSING):
            return Reply(scene.say(LOOKING), ((scene.button("retry", RETRY),),))
        return Reply(scene.say(ASK))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of a question or of its answer."""
        held: Question = scene.held
        if isinstance(heard, Said):
            return self.asked(scene, heard.text)
        if isinstance(heard, Answered) and held.step == ASKED:
            return self._answered(scene, held, heard)
        if isinstance(heard, Done) and held.step == PASSING:
            return self._asks(scene, Question(), scene.say(PASSED_ON))
        if isinstance(heard, NotTaken) and held.step in (ASKED, PASSING):
            if heard.why == "away":
                return scene.turn(Reply(scene.say(AWAY), ((scene.button("retry", RETRY),),)))
            return self._asks(scene, Question(), scene.say(NOT_PASSED))
        if heard == Pressed("pass") and held.step == UNKNOWN:
            return self._wish(scene, Question(PASSING, held.text, held.token))
        if heard == Pressed("retry") and held.step in (ASKED, PASSING):
            return self._wish(scene, held)
        return None

    def asked(self, scene: Scene, text: str) -> Turn:
        """Return the wish that a question be answered."""
        question = one_line(text)
        if not question:
            return self._asks(scene, Question())
        if len(question) > MOST_CHARACTERS:
            long = scene.say(TOO_LONG, length=len(question), most=MOST_CHARACTERS)
            return self._asks(scene, Question(), long)
        return self._wish(scene, Question(ASKED, question, scene.room.token()))

    def _wish(self, scene: Scene, held: Question) -> Turn:
        language = scene.state.language
        if held.step == PASSING:
            return scene.holding(held).turn(wishes=(PassOn(held.text, language, held.token),))
        return scene.holding(held).turn(wishes=(Ask(held.text, language),))

    def _answered(self, scene: Scene, held: Question, answer: Answered) -> Turn:
        if answer.title is None:
            return self._asks(scene, Question(UNKNOWN, held.text, held.token))
        cited = f"{answer.source}, {answer.dated}" if answer.dated else answer.source
        lines = [answer.title, answer.text]
        if cited:
            lines.append(f"{scene.say(SOURCE)} {cited}")
        return self._asks(scene, Question(), "\n".join(lines))

    def _asks(self, scene: Scene, held: Question, lead: str = "") -> Turn:
        after = scene.holding(held)
        return after.turn(led_by(lead, self.ask(after)))

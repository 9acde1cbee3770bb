"""Quizzes for oneself: one question after the other, right or wrong and why. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from bots.dialogue.contract import Button, Input, Pressed, Reply, Said, Turn
from bots.dialogue.scene import Scene, led_by, rows
from bots.texts import N_
from content.quiz import LETTERS, Quiz

NAME = "quiz"
WHICH = N_("Kuis untuk diri sendiri")
NOTHING_KEPT = N_("Hasil ini hanya untuk Anda. Tidak ada yang disimpan.")
PROGRESS = N_("%(n)s dari %(of)s")
RIGHT = N_("Benar.")
WRONG = N_("Belum tepat")
CORRECT = N_("Yang benar:")
RESULT = N_("Jawaban Anda yang benar: %(n)s dari %(of)s")


@dataclass(frozen=True, repr=False)
class Round:
    """Which quiz, which question is open, and how many answers were right."""

    quiz: str = ""
    place: int = 0
    right: int = 0


class QuizDialogue:
    """Asks the questions of a quiz."""

    def ask(self, scene: Scene) -> Reply:
        """Return the open question, or which quizzes there are."""
        held: Round = scene.held
        if not held.quiz:
            catalogue = scene.catalogue
            buttons = [Button(f"quiz:{key}", catalogue.quiz(key).title) for key in catalogue.quiz_keys]
            return Reply(f"{scene.say(WHICH)}\n{scene.say(NOTHING_KEPT)}", rows(buttons))
        quiz = scene.catalogue.quiz(held.quiz)
        if held.place >= len(quiz.questions):
            return Reply(scene.say(RESULT, n=held.right, of=len(quiz.questions)))
        question = quiz.questions[held.place]
        place = scene.say(PROGRESS, n=held.place + 1, of=len(quiz.questions))
        lines = [f"({place}) {question.text}"]
        lines += [f"{letter}. {text}" for letter, text in zip(LETTERS, question.choices, strict=True)]
        return Reply("\n".join(lines), (tuple(Button(f"a:{letter}", letter) for letter in LETTERS),))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of a choice."""
        held: Round = scene.held
        if isinstance(heard, Said):
            heard = Pressed(f"a:{heard.text.strip().casefold()}")
        if not isinstance(heard, Pressed):
            return None
        word, _, rest = heard.value.partition(":")
        if not held.quiz:
            if word != "quiz" or rest not in scene.catalogue.quiz_keys:
                return None
            after = scene.holding(Round(rest))
            return after.turn(self.ask(after))
        quiz = scene.catalogue.quiz(held.quiz)
        if word != "a" or rest not in LETTERS or held.place >= len(quiz.questions):
            return None
        return self._answered(scene, held, quiz, rest)

    def _answered(self, scene: Scene, held: Round, quiz: Quiz, letter: str) -> Turn:
        question = quiz.questions[held.place]
        is_right = letter == question.answer
        if is_right:
            lead = f"{scene.say(RIGHT)} {question.why}"
        else:
            answer = question.choices[LETTERS.index(question.answer)]
            lead = f"{scene.say(WRONG)}. {scene.say(CORRECT)} {answer}\n{question.why}"
        after = scene.holding(Round(held.quiz, held.place + 1, held.right + is_right))
        return after.turn(led_by(lead, self.ask(after)))

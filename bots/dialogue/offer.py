"""Check an offer: one question after the other, then what is red, yellow or green and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.dialogue.contract import Button, Input, Pressed, Reply, Turn
from bots.dialogue.drafts import Draft, begun
from bots.dialogue.report import ReportDialogue
from bots.dialogue.scene import Scene, rows
from bots.texts import N_
from content.offer_check import OfferQuestion, Verdict, asked_questions, check_offer
from content.offer_report import MAY_BE_NOW, report_fields
from content.report_choices import NOT_SAID

NAME = "offer"
PROGRESS = N_("%(n)s dari %(of)s")
NOTHING_KEPT = N_("Jawaban tidak disimpan.")
REPORT = N_("Lapor ke petugas")
AGAIN = N_("Cek tawaran lain")
SKIPPED = "-"
MARKS: Mapping[Verdict, str] = {
    Verdict.RED: N_("Merah: bahaya"),
    Verdict.YELLOW: N_("Kuning: belum jelas"),
    Verdict.GREEN: N_("Hijau: sesuai"),
}
PREFILLED = N_("Sebagian laporan sudah terisi dari jawaban Anda. Periksa dulu. Belum ada yang dikirim.")


@dataclass(frozen=True, repr=False)
class Offer:
    """Question -> key of a choice, or `SKIPPED`."""

    answers: Mapping[str, str] = field(default_factory=dict)


def _open(scene: Scene) -> OfferQuestion | None:
    held: Offer = scene.held
    asked = asked_questions(scene.catalogue.offer_rules, held.answers)
    return next((question for question in asked if question.key not in held.answers), None)


class OfferDialogue:
    """Asks the questions of the rule pack."""

    def ask(self, scene: Scene) -> Reply:
        """Return the open question, or the result."""
        held: Offer = scene.held
        question = _open(scene)
        if question is None:
            return self._result(scene, held)
        asked = asked_questions(scene.catalogue.offer_rules, held.answers)
        place = scene.say(PROGRESS, n=asked.index(question) + 1, of=len(asked))
        lines = [f"({place}) {question.title}"]
        if question.hint:
            lines.append(question.hint)
        if not held.answers:
            lines.append(scene.say(NOTHING_KEPT))
        choices = [(choice.key, choice.label) for choice in question.choices]
        if question.choice("unknown") is None:
            choices.append((SKIPPED, scene.say(NOT_SAID)))
        buttons = [Button(f"a:{key}", label) for key, label in choices]
        return Reply("\n".join(lines), rows(buttons))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of a choice."""
        if not isinstance(heard, Pressed):
            return None
        held: Offer = scene.held
        question = _open(scene)
        word, _, key = heard.value.partition(":")
        if question is not None and word == "a" and (key == SKIPPED or question.choice(key) is not None):
            after = scene.holding(Offer({**held.answers, question.key: key}))
            return after.turn(self.ask(after))
        if question is None and heard.value == "again":
            after = scene.holding(Offer())
            return after.turn(self.ask(after))
        if question is None and heard.value == "report":
            return self._report(scene, held)
        return None

    def _report(self, scene: Scene, held: Offer) -> Turn:
        after = scene.to("report", drafted(scene, held))
        reply = ReportDialogue().ask(after)
        return after.turn(Reply(scene.say(PREFILLED)), reply)

    def _result(self, scene: Scene, held: Offer) -> Reply:
        rules = scene.catalogue.offer_rules
        result = check_offer(rules, held.answers)
        lines = [f"{scene.say(MARKS[result.overall])}. {result.conclusion.title}", result.conclusion.meaning]
        lines += [result.conclusion.advice, ""]
        for point in result.points:
            if point.verdict is Verdict.GREEN:
                continue
            lines.append(f"{scene.say(MARKS[point.verdict])}: {point.topic} ({point.answer}). {point.reason}")
            if point.advice:
                lines.append(point.advice)
            lines.append("")
        lines.append(rules.notice)
        buttons = [scene.button("report", REPORT), scene.button("again", AGAIN)]
        return Reply("\n".join(lines), rows(buttons))


def drafted(scene: Scene, held: Offer) -> Draft:
    """Return a report of what the answers say for certain."""
    given = {key: value for key, value in held.answers.items() if value != SKIPPED}
    draft = begun(scene.room)
    signs: list[str] = []
    for path, value in report_fields(given):
        if path == "indicators":
            signs.append(value)
        else:
            draft = draft.with_answer(path, value)
    if signs:
        draft = draft.with_answer("indicators", signs)
    question, choice = MAY_BE_NOW
    return draft.going_to("urgency" if given.get(question) == choice else "narrative")

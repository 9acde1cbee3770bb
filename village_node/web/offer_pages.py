"""The pages of "Cek tawaran": one question each, the result, a slip to keep, and the way into a report.

Nothing is stored or sent: answers travel in hidden fields of POSTs, and only a report that is written
afterwards leaves this box.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from content.catalogue import Catalogue
from content.offer_check import OfferQuestion, OfferRules, Point, Verdict, asked_questions, check_offer
from content.offer_report import first_page, report_fields
from village_node.web import offer_steps
from village_node.web.agency_pages import agency_page
from village_node.web.material import Material
from village_node.web.offer_steps import SKIPPED, Answers, answers_in, hidden_fields
from village_node.web.shown_content import written_on
from village_node.web.spoken import Clip
from village_node.web.spoken_content import conclusion_words, point_words, question_words

FILE = "offer_check"
LICENCE = "licence"
"""The question at which the list of agencies is offered."""


@dataclass(frozen=True)
class ShownPoint:
    """One point of the result, and its sound."""

    point: Point
    clip: Clip | None


def create_offer_pages(material: Material) -> Blueprint:
    """Build the pages."""
    pages = Blueprint("offer", __name__)

    @pages.get("/cek")
    def begin() -> Response:
        catalogue = material.catalogue()
        return _question_page(material, catalogue, {}, catalogue.offer_rules.questions[0])

    @pages.post("/cek")
    def go_on() -> Response:
        catalogue = material.catalogue()
        rules = catalogue.offer_rules
        answers = answers_in(rules, request.form)
        asked, _, name = request.form.get("go", "").partition(":")
        here = request.form.get("step", "")
        if asked == "agencies":
            return agency_page(material, hidden_fields(answers))
        if asked == "slip":
            return _slip_page(material, catalogue, answers)
        if asked == "result":
            return _result_page(material, catalogue, answers)
        question = _next(rules, answers, here, asked, name)
        if question is None:
            return _result_page(material, catalogue, answers)
        return _question_page(material, catalogue, answers, question, mends=asked == "ask")

    return pages


def _next(rules: OfferRules, answers: Answers, here: str, asked: str, name: str) -> OfferQuestion | None:
    """Return the question that was asked for ("ask" to mend it, "show" to see it), or that follows.

    None is the result.
    """
    if asked in ("ask", "show"):
        wanted = offer_steps.question_called(rules, answers, name)
        return wanted or offer_steps.first_open(rules, answers)
    if asked == "back":
        return offer_steps.before(rules, answers, here)
    if here not in answers:
        # Sent without an answer, as by the Enter key: the same question again.
        unanswered = offer_steps.question_called(rules, answers, here)
        return unanswered or offer_steps.first_open(rules, answers)
    if request.form.get("mends"):
        return offer_steps.first_open(rules, answers)
    return offer_steps.after(rules, answers, here)


def _question_page(
    material: Material,
    catalogue: Catalogue,
    answers: Answers,
    question: OfferQuestion,
    *,
    mends: bool = False,
) -> Response:
    """Draw a question. `mends` says that it was opened from the result, to which its answer leads back."""
    rules = catalogue.offer_rules

    def words(other: Catalogue) -> str:
        return question_words(other, _same(other, question.key))

    return material.page(
        "offer_question.html",
        catalogue,
        FILE,
        clip=material.clip(f"ask-{question.key}", FILE, words),
        question=question,
        field=offer_steps.FIELD + question.key,
        chosen=answers.get(question.key, ""),
        skipped=SKIPPED,
        adds_unknown=offer_steps.needs_unknown(question),
        progress=offer_steps.progress(rules, answers, question),
        kept=hidden_fields(answers),
        is_first=question is rules.questions[0],
        is_done=offer_steps.first_open(rules, answers) is None,
        looks_up=question.key == LICENCE,
        mends=mends,
        path="/cek",
        again=[*hidden_fields(answers), ("go", f"{'ask' if mends else 'show'}:{question.key}")],
    )


def _same(catalogue: Catalogue, key: str) -> OfferQuestion:
    return {question.key: question for question in catalogue.offer_rules.questions}[key]


def _result_page(material: Material, catalogue: Catalogue, answers: Answers) -> Response:
    rules = catalogue.offer_rules
    result = check_offer(rules, answers)

    def overall_words(other: Catalogue) -> str:
        pack = other.offer_rules
        return conclusion_words(pack.conclusions[result.overall], pack.notice)

    asked = {question.key: question for question in asked_questions(rules, answers)}
    of_report = {key: text for key, text in answers.items() if key in asked}
    return material.page(
        "offer_result.html",
        catalogue,
        FILE,
        clip=material.clip(f"offer-{result.overall.name.lower()}", FILE, overall_words),
        result=result,
        points=[ShownPoint(point, _clip_of(material, answers, point)) for point in result.points],
        unanswered=[asked[key] for key in result.unanswered],
        asked=list(asked.values()),
        notice=rules.notice,
        rules_day=written_on(catalogue),
        kept=hidden_fields(answers),
        report=report_fields(of_report),
        report_page=first_page(of_report),
        again=[*hidden_fields(answers), ("go", "result")],
        warns=result.overall > Verdict.GREEN,
    )


def _clip_of(material: Material, answers: Answers, point: Point) -> Clip | None:
    name = f"rule-{point.rule}" if point.rule else f"point-{point.question}-{answers[point.question]}"

    def words(other: Catalogue) -> str:
        result = check_offer(other.offer_rules, answers)
        same = {p.question: p for p in result.points}[point.question]
        return point_words(same.topic, same.reason, same.advice)

    return material.clip(name, FILE, words)


def _slip_page(material: Material, catalogue: Catalogue, answers: Answers) -> Response:
    rules = catalogue.offer_rules
    result = check_offer(rules, answers)
    return material.page(
        "offer_slip.html",
        catalogue,
        FILE,
        result=result,
        points=[point for point in result.points if point.verdict > Verdict.GREEN],
        notice=rules.notice,
        rules_day=written_on(catalogue),
        today=material.services.today(),
        kept=hidden_fields(answers),
    )

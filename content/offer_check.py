"""Check an offer: questions, a verdict for each choice, rules for exceptions. Answers in, points out. Pure.

Nothing is weighed: the overall verdict is the worst of the points. What depends on two answers at once is a
rule in the data, so that a reviewer can read it. Green needs every question answered.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content.errors import ContentRefused
from content.reading import Table, named_once


class Verdict(enum.IntEnum):
    """How a point looks; the greatest is the worst."""

    GREEN = 0
    YELLOW = 1
    RED = 2


VERDICTS = {verdict.name.lower(): verdict for verdict in Verdict}


@dataclass(frozen=True)
class Condition:
    """Holds where the question was answered with one of the choices."""

    question: str
    any_of: tuple[str, ...]

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Return whether the answers fulfil it."""
        return answers.get(self.question) in self.any_of


@dataclass(frozen=True)
class OfferChoice:
    """One answer: how it looks, why in a villager's words, and what to do."""

    key: str
    label: str
    verdict: Verdict
    reason: str
    advice: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class OfferQuestion:
    """One question; asked only where every condition of `when` holds."""

    key: str
    topic: str
    title: str
    hint: str
    icon: str
    when: tuple[Condition, ...]
    choices: tuple[OfferChoice, ...]

    def choice(self, key: str) -> OfferChoice | None:
        """Return a choice, or None for a key that the question does not have."""
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True)
class OfferRule:
    """An exception: where every condition of `when` holds, the point of `changes` becomes another."""

    key: str
    when: tuple[Condition, ...]
    changes: str
    becomes: Verdict
    reason: str
    advice: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Conclusion:
    """What is said of the whole: a title, what it means, what to do now."""

    title: str
    meaning: str
    advice: str


@dataclass(frozen=True)
class OfferRules:
    """The rule pack."""

    questions: tuple[OfferQuestion, ...]
    rules: tuple[OfferRule, ...]
    conclusions: Mapping[Verdict, Conclusion]
    notice: str
    """What stands below every result: it is advice of a dated list, not a court."""


@dataclass(frozen=True)
class Point:
    """One point of the result. `rule` names the exception that applied, empty where none did."""

    question: str
    topic: str
    icon: str
    answer: str
    verdict: Verdict
    reason: str
    advice: str
    facts: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True)
class OfferResult:
    """All points, the worst first, the questions still open, and the overall verdict."""

    points: tuple[Point, ...]
    unanswered: tuple[str, ...]
    overall: Verdict
    conclusion: Conclusion


def asked_questions(rules: OfferRules, answers: Mapping[str, str]) -> tuple[OfferQuestion, ...]:
    """Return the questions that these answers lead to, in order, answered ones too."""
    return tuple(
        question
        for question in rules.questions
        if all(condition.holds(answers) for condition in question.when)
    )


def next_question(rules: OfferRules, answers: Mapping[str, str]) -> OfferQuestion | None:
    """Return the first question still to be asked, or None at the end."""
    for question in asked_questions(rules, answers):
        if question.choice(answers.get(question.key, "")) is None:
            return question
    return None


def check_offer(rules: OfferRules, answers: Mapping[str, str]) -> OfferResult:
    """Return points and overall verdict; answers that are not in the pack count as not given."""
    asked = asked_questions(rules, answers)
    given = {
        question.key: answers[question.key]
        for question in asked
        if question.key in answers and question.choice(answers[question.key])
    }
    points = {
        question.key: _point(question, given[question.key]) for question in asked if question.key in given
    }
    for rule in rules.rules:
        if rule.changes in points and all(condition.holds(given) for condition in rule.when):
            points[rule.changes] = _changed(points[rule.changes], rule)
    unanswered = tuple(question.key for question in asked if question.key not in given)
    overall = max((point.verdict for point in points.values()), default=Verdict.YELLOW)
    if unanswered:
        overall = max(overall, Verdict.YELLOW)
    ordered = tuple(sorted(points.values(), key=lambda point: -point.verdict))
    return OfferResult(ordered, unanswered, overall, rules.conclusions[overall])


def _point(question: OfferQuestion, answer: str) -> Point:
    choice = question.choice(answer)
    if choice is None:
        raise ValueError("the answer is not among the choices")
    return Point(
        question.key,
        question.topic,
        question.icon,
        choice.label,
        choice.verdict,
        choice.reason,
        choice.advice,
        choice.facts,
    )


def _changed(point: Point, rule: OfferRule) -> Point:
    facts = tuple(dict.fromkeys((*rule.facts, *point.facts)))
    return Point(
        point.question,
        point.topic,
        point.icon,
        point.answer,
        rule.becomes,
        rule.reason,
        rule.advice or point.advice,
        facts,
        rule.key,
    )


def read_offer_rules(table: Table) -> OfferRules:
    """Return the rule pack; raise `ContentRefused` where a condition names what does not exist."""
    questions = tuple(_question(entry) for entry in table.tables("questions", 5, 40))
    rules = tuple(_rule(entry) for entry in table.tables("rules", 0, 80))
    overall = table.table("conclusions")
    conclusions = {}
    for name, verdict in VERDICTS.items():
        words = overall.table(name)
        conclusions[verdict] = Conclusion(words.text("title"), words.text("meaning"), words.text("advice"))
        words.end()
    overall.end()
    pack = OfferRules(questions, rules, conclusions, table.text("notice"))
    table.end()
    named_once(table.where, (question.key for question in questions))
    named_once(table.where, (rule.key for rule in rules))
    _refuse_loose_ends(table.where, pack)
    return pack


def _refuse_loose_ends(where: str, pack: OfferRules) -> None:
    earlier: dict[str, OfferQuestion] = {}
    for question in pack.questions:
        _refuse_unknown(f"{where}: questions {question.key}", question.when, earlier)
        earlier[question.key] = question
    for rule in pack.rules:
        _refuse_unknown(f"{where}: rules {rule.key}", rule.when, earlier)
        if rule.changes not in earlier:
            raise ContentRefused(f"{where}: rules {rule.key}: changes must name a question")


def _refuse_unknown(where: str, conditions: Iterable[Condition], known: Mapping[str, OfferQuestion]) -> None:
    for condition in conditions:
        question = known.get(condition.question)
        if question is None:
            raise ContentRefused(f"{where}: when must name questions that stand before it")
        if any(question.choice(key) is None for key in condition.any_of):
            raise ContentRefused(f"{where}: any_of must name choices of {condition.question}")


def _conditions(table: Table, least: int) -> tuple[Condition, ...]:
    found = []
    for entry in table.tables("when", least, 6):
        condition = Condition(entry.key("question"), entry.keys("any_of"))
        if not condition.any_of:
            raise entry.refuse("any_of", "a list of at least one choice")
        entry.end()
        found.append(condition)
    return tuple(found)


def _question(table: Table) -> OfferQuestion:
    choices = []
    for entry in table.tables("choices", 2, 8):
        choices.append(
            OfferChoice(
                key=entry.key("key"),
                label=entry.text("label"),
                verdict=VERDICTS[entry.choice("verdict", VERDICTS)],
                reason=entry.text("reason"),
                advice=entry.text("advice", ""),
                facts=entry.keys("facts"),
            )
        )
        entry.end()
    question = OfferQuestion(
        key=table.key("key"),
        topic=table.text("topic"),
        title=table.text("title"),
        hint=table.text("hint", ""),
        icon=table.key("icon"),
        when=_conditions(table, 0),
        choices=tuple(choices),
    )
    table.end()
    named_once(table.where, (choice.key for choice in choices))
    return question


def _rule(table: Table) -> OfferRule:
    rule = OfferRule(
        key=table.key("key"),
        when=_conditions(table, 1),
        changes=table.key("changes"),
        becomes=VERDICTS[table.choice("becomes", VERDICTS)],
        reason=table.text("reason"),
        advice=table.text("advice", ""),
        facts=table.keys("facts"),
    )
    table.end()
    return rule

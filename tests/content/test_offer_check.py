"""Check an offer: the worst point decides, exceptions are rules, and nothing is claimed that is not so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from content.check import EVERY_PAYMENT
from content.errors import ContentRefused
from content.files import shipped_files
from content.offer_check import OfferRules, Verdict, asked_questions, check_offer, next_question

Replace = Callable[[str, str, str], dict[str, bytes]]
PATH = "languages/id/offer_check.toml"
RULES = Catalogue(dict(shipped_files())).offer_rules

LAWFUL = {
    "destination": "asia",
    "age": "adult",
    "job": "clear",
    "licence": "listed",
    "passport": "own",
    "visa": "work",
    "documents": "complete",
    "family": "known",
    "contract": "written",
    "fee": "personal",
    "advance": "no",
    "departure": "later",
    "route": "official",
}


def verdict_of(question: str, answers: dict[str, str]) -> Verdict:
    return {point.question: point.verdict for point in check_offer(RULES, answers).points}[question]


def test_a_lawful_departure_with_paid_personal_costs_is_green() -> None:
    result = check_offer(RULES, LAWFUL)
    assert result.overall is Verdict.GREEN
    assert result.unanswered == ()
    assert {point.verdict for point in result.points} == {Verdict.GREEN}


@pytest.mark.parametrize(
    ("question", "answer"),
    [(q.key, c.key) for q in RULES.questions for c in q.choices if c.verdict is not Verdict.GREEN],
)
def test_one_worse_point_decides_the_whole(question: str, answer: str) -> None:
    result = check_offer(RULES, {**LAWFUL, question: answer})
    assert result.overall == max(point.verdict for point in result.points)
    assert result.overall > Verdict.GREEN
    assert result.points[0].verdict == result.overall, "the worst stands first"


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        ("child_inside", {"destination": "indonesia", "age": "child"}),
        ("passport_without_licence", {"passport": "short_time", "licence": "person"}),
        ("soon_without_visa", {"visa": "not_yet", "departure": "weeks"}),
        ("soon_without_contract", {"contract": "later", "departure": "days"}),
        ("soon_but_complete", {"departure": "days"}),
        ("money_to_a_person", {"fee": "no_receipt", "licence": "person"}),
        ("fee_without_contract", {"fee": "placement", "contract": "spoken"}),
        ("easy_job_as_tourist", {"job": "too_good", "visa": "other"}),
        ("scam_centre", {"job": "online", "destination": "no_agreement"}),
        ("detour_without_visa", {"route": "detour", "visa": "unknown"}),
    ],
)
def test_each_exception_applies_and_says_so(rule: str, answers: dict[str, str]) -> None:
    given_rule = {r.key: r for r in RULES.rules}[rule]
    points = {point.question: point for point in check_offer(RULES, {**LAWFUL, **answers}).points}
    changed = points[given_rule.changes]
    assert (changed.rule, changed.verdict, changed.reason) == (rule, given_rule.becomes, given_rule.reason)


def test_every_exception_is_tried_above() -> None:
    assert len(RULES.rules) == 10


def test_leaving_in_three_days_is_red_unless_all_papers_are_there() -> None:
    assert verdict_of("departure", {**LAWFUL, "departure": "days"}) is Verdict.YELLOW
    assert verdict_of("departure", {**LAWFUL, "departure": "days", "visa": "not_yet"}) is Verdict.RED


def test_questions_about_papers_for_abroad_are_not_asked_at_home() -> None:
    home = {question.key for question in asked_questions(RULES, {"destination": "indonesia"})}
    assert home.isdisjoint({"passport", "visa", "licence", "documents"})
    assert {"age", "job", "contract", "fee", "advance", "departure"} <= home
    left_over = check_offer(RULES, {**LAWFUL, "destination": "indonesia", "visa": "other"})
    assert "visa" not in {point.question for point in left_over.points}


def test_the_wizard_asks_one_question_after_the_other_to_the_end() -> None:
    answers: dict[str, str] = {}
    order = []
    while question := next_question(RULES, answers):
        order.append(question.key)
        answers[question.key] = LAWFUL[question.key]
    assert order == list(LAWFUL)


def test_green_needs_every_question_answered() -> None:
    for question in LAWFUL:
        answers = {key: value for key, value in LAWFUL.items() if key != question}
        assert check_offer(RULES, answers).overall is not Verdict.GREEN
    assert check_offer(RULES, {}).overall is Verdict.YELLOW


ANSWERS = st.dictionaries(
    st.sampled_from([q.key for q in RULES.questions] + ["lain"]),
    st.sampled_from(sorted({c.key for q in RULES.questions for c in q.choices} | {"", "lain"})),
)


@given(ANSWERS)
@settings(max_examples=60)
def test_any_answers_give_the_worst_point_and_a_reason_for_each(answers: dict[str, str]) -> None:
    result = check_offer(RULES, answers)
    worst = max((point.verdict for point in result.points), default=Verdict.YELLOW)
    assert result.overall == (max(worst, Verdict.YELLOW) if result.unanswered else worst)
    assert all(point.reason and point.facts for point in result.points)
    asked = {question.key for question in asked_questions(RULES, answers)}
    assert {point.question for point in result.points} | set(result.unanswered) == asked


def texts_of(rules: OfferRules) -> list[str]:
    found = [rules.notice]
    for question in rules.questions:
        found += [
            text for choice in question.choices for text in (choice.label, choice.reason, choice.advice)
        ]
    return [*found, *(text for rule in rules.rules for text in (rule.reason, rule.advice))]


def test_no_text_says_that_every_payment_is_a_crime() -> None:
    assert not [text for text in texts_of(RULES) if EVERY_PAYMENT.search(text.casefold())]
    assert verdict_of("fee", {**LAWFUL, "fee": "placement"}) is Verdict.YELLOW


def test_a_firm_that_was_not_found_is_not_called_illegal() -> None:
    question = {q.key: q for q in RULES.questions}["licence"]
    choice = question.choice("not_found")
    assert choice is not None
    assert choice.verdict is Verdict.YELLOW
    assert "bukan berarti ilegal" in choice.reason


def test_every_point_rests_on_a_source_with_its_date() -> None:
    catalogue = Catalogue(dict(shipped_files()))
    for question in RULES.questions:
        for choice in question.choices:
            assert choice.facts
            assert all(catalogue.facts[key].dated or catalogue.facts[key].old for key in choice.facts)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('any_of = ["indonesia"]', 'any_of = ["bulan"]', "any_of must name choices of destination"),
        (
            '{ question = "age", any_of = ["child"] }',
            '{ question = "umur", any_of = ["child"] }',
            "when must",
        ),
        ('changes = "age"', 'changes = "umur"', "changes must name a question"),
        ('verdict = "red"', 'verdict = "black"', "verdict must be one of green, yellow, red"),
        ('key = "adult"', 'key = "child"', "child stands twice"),
        ("[conclusions.yellow]", "[conclusions.orange]", "yellow must be a table"),
        ('becomes = "red"', "", "becomes must be one of"),
    ],
)
def test_a_rule_pack_with_a_loose_end_is_refused(replace: Replace, old: str, new: str, said: str) -> None:
    with pytest.raises(ContentRefused, match=said):
        _ = Catalogue(replace(PATH, old, new)).offer_rules


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_answer_stands_under_a_topic_of_its_own(language: str) -> None:
    """A slip says the topic and the answer, not the question: "Biaya: Ya" would tell nobody anything."""
    topics = [question.topic for question in Catalogue(language=language).offer_rules.questions]
    assert len(set(topics)) == len(topics)

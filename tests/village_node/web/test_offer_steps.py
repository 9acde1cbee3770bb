"""What follows what in the check of an offer, over the shipped pack."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from content.catalogue import Catalogue
from content.offer_check import OfferRules
from village_node.web import offer_steps
from village_node.web.offer_steps import SKIPPED, answers_in


@pytest.fixture(scope="module")
def rules() -> OfferRules:
    return Catalogue().offer_rules


def test_only_answers_that_the_pack_knows_are_taken_and_the_last_usable_one_counts(rules: OfferRules) -> None:
    sent = MultiDict(
        [("a.age", "child"), ("a.age", "x"), ("a.visa", "?"), ("a.nothing", "yes"), ("age", "adult")]
    )
    assert answers_in(rules, sent) == {"age": "child"}
    assert answers_in(rules, MultiDict([("a.age", "child"), ("a.age", SKIPPED)])) == {"age": SKIPPED}


def test_the_wizard_goes_through_every_question_and_ends(rules: OfferRules) -> None:
    answers: dict[str, str] = {}
    question = rules.questions[0]
    seen = [question.key]
    while True:
        answers[question.key] = question.choices[-1].key
        following = offer_steps.after(rules, answers, question.key)
        if following is None:
            break
        assert offer_steps.before(rules, answers, following.key) is question
        question = following
        seen.append(question.key)
    assert seen == [question.key for question in rules.questions]
    assert offer_steps.first_open(rules, answers) is None


def test_work_in_indonesia_asks_no_passport_and_the_answer_about_it_stays(rules: OfferRules) -> None:
    sent = MultiDict([("a.destination", "indonesia"), ("a.passport", "taken")])
    answers = answers_in(rules, sent)
    assert answers["passport"] == "taken"
    assert offer_steps.question_called(rules, answers, "passport") is None
    answers["destination"] = "asia"
    assert offer_steps.question_called(rules, answers, "passport") is not None


def test_not_knowing_is_an_answer_and_is_not_asked_again(rules: OfferRules) -> None:
    answers = {"destination": "asia", "age": SKIPPED}
    following = offer_steps.first_open(rules, answers)
    assert following is not None
    assert following.key == "job"
    assert all(offer_steps.is_answer(question, SKIPPED) for question in rules.questions)


def test_i_do_not_know_is_added_only_where_the_pack_has_no_such_choice(rules: OfferRules) -> None:
    added = {question.key for question in rules.questions if offer_steps.needs_unknown(question)}
    assert "age" in added
    assert "visa" not in added


def test_a_question_that_is_not_asked_leads_to_the_first_open_one_and_back_to_the_first(
    rules: OfferRules,
) -> None:
    answers = {"destination": "indonesia"}
    following = offer_steps.after(rules, answers, "passport")
    assert following is not None
    assert following.key == "age"
    assert offer_steps.before(rules, answers, "passport").key == "destination"
    assert offer_steps.before(rules, answers, "").key == "route"


def test_progress_counts_the_questions_that_these_answers_lead_to(rules: OfferRules) -> None:
    age = rules.questions[1]
    inside = offer_steps.progress(rules, {"destination": "indonesia"}, age)
    abroad = offer_steps.progress(rules, {"destination": "asia"}, age)
    assert (inside.place, abroad.place) == (2, 2)
    assert inside.of < abroad.of == len(rules.questions)

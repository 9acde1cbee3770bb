"""What a check says for certain in a report: data, held against the pack and the contract."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from content.catalogue import Catalogue
from content.offer_report import IMPLIED, KIND, MAY_BE_NOW, first_page, report_fields
from sync.records import check_report
from village_node.web.forms import report_data
from village_node.web.questions import QUESTIONS


def test_every_line_names_a_choice_of_the_shipped_pack_and_a_field_of_the_form() -> None:
    pack = {question.key: question for question in Catalogue().offer_rules.questions}
    for question, choice in [*(answer for line in IMPLIED for answer in line.answers), MAY_BE_NOW]:
        assert pack[question].choice(choice) is not None, (question, choice)
    assert {line.field for line in IMPLIED} | {KIND[0]} <= set(QUESTIONS)


def test_all_that_can_be_filled_in_is_a_report_that_is_taken() -> None:
    for line in IMPLIED:
        typed = MultiDict([*report_fields(dict(line.answers)), ("narrative", "Ada tawaran.")])
        report = check_report(report_data(typed)).to_json()
        assert report["kind"] == "recruiter"
        part, _, name = line.field.rpartition(".")
        value = report[part][name] if part else report[name]  # type: ignore[index]
        assert value in (line.value, [line.value])


def test_a_dangerous_offer_fills_in_what_its_answers_state() -> None:
    answers = {
        "destination": "no_agreement",
        "age": "child",
        "visa": "other",
        "job": "marriage",
        "advance": "bound",
    }
    assert set(report_fields(answers)) == {
        ("kind", "recruiter"),
        ("offer.job", "marriage"),
        *(("indicators", code) for code in ("marriage_offer", "child", "wrong_visa", "cash_to_family")),
    }


def test_what_an_answer_only_suggests_is_not_filled_in() -> None:
    # Asked for is not kept, three days may be more than 48 hours, a receipt is no crime, Asia is no country.
    unsure = {
        "destination": "asia",
        "passport": "taken",
        "fee": "personal",
        "departure": "days",
        "licence": "not_found",
        "contract": "later",
        "route": "detour",
    }
    assert report_fields(unsure) == [KIND]


def test_the_same_sign_from_two_answers_is_filled_in_once() -> None:
    fields = report_fields({"age": "changed", "passport": "wrong"})
    assert fields.count(("indicators", "fake_documents")) == 1


def test_no_payment_alone_makes_a_sign_but_money_without_a_receipt() -> None:
    fees = next(question for question in Catalogue().offer_rules.questions if question.key == "fee")
    implied = {choice.key: report_fields({"fee": choice.key})[1:] for choice in fees.choices}
    assert {key for key, fields in implied.items() if fields} == {"no_receipt"}


def test_a_departure_in_days_opens_the_report_at_its_urgency_and_others_at_the_list() -> None:
    assert first_page({"departure": "days"}) == "step:urgency"
    assert first_page({"departure": "later"}) == first_page({}) == "list"

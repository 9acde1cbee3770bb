from __future__ import annotations

from hub.services import AdditionView, AnswerRow, ReportView
from hub.web.conversation import conversation
from sync.records import check_report


def addition(name: str, at: float, question: int | None = None) -> AdditionView:
    return AdditionView(name, name, False, question, at, at + 9000, "radio")


def view(answers: tuple[AnswerRow, ...], additions: tuple[AdditionView, ...]) -> ReportView:
    report = check_report({"kind": "other", "narrative": "-"})
    return ReportView("id", "v", report, "radio", 1, 1, (1, 1), None, None, answers, 0, additions)


def order(shown: ReportView) -> list[str]:
    said = conversation(shown, lambda _: ())
    return [one.answer.text if one.answer else one.addition.text if one.addition else "" for one in said]


def test_answers_and_additions_stand_in_one_row_by_the_time_they_were_written() -> None:
    answers = (AnswerRow("b", False, 20, "sari", True), AnswerRow("d", False, 40, "sari", True))
    assert order(view(answers, (addition("a", 10), addition("c", 30)))) == ["a", "b", "c", "d"]


def test_a_reply_never_stands_before_its_question() -> None:
    question = AnswerRow("kapan?", True, 50, "sari", True)
    assert order(view((question,), (addition("besok", 10, 50), addition("x", 20)))) == [
        "x",
        "kapan?",
        "besok",
    ]
    [*_, reply] = conversation(view((question,), (addition("besok", 10, 50),)), lambda _: ())
    assert reply.answers_question == "kapan?"


def test_what_answers_no_question_of_this_hub_is_shown_all_the_same() -> None:
    assert order(view((), (addition("besok", 10, 99),))) == ["besok"]

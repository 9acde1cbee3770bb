from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from sync.errors import FieldProblem
from village_node.web.forms import FilledForm, answers_of, errors_by_field, report_data
from village_node.web.questions import QUESTIONS
from village_node.web.steps import STEPS


def test_a_report_from_the_site_says_so() -> None:
    assert report_data(MultiDict()) == {"channel": "web"}


def test_what_cannot_be_understood_is_handed_to_the_check_as_typed() -> None:
    typed = MultiDict({"offer.wage_idr": "banyak", "people.men": "dua", "observed_on": "besok"})
    assert report_data(typed) == {
        "channel": "web",
        "offer": {"wage_idr": "banyak"},
        "people": {"men": "dua"},
        "observed_on": "besok",
    }


def test_an_indicator_sent_twice_counts_once() -> None:
    typed = MultiDict([("indicators", "child"), ("indicators", "threats"), ("indicators", "child")])
    assert report_data(typed)["indicators"] == ["child", "threats"]


def test_a_problem_inside_a_list_belongs_to_its_question() -> None:
    problems = (FieldProblem("indicators[2]", "x", "y"), FieldProblem("indicators.3", "x", "y"))
    assert list(errors_by_field(problems, MultiDict())) == ["indicators"]


def test_a_problem_without_a_question_is_still_said() -> None:
    errors = errors_by_field((FieldProblem("position", "whole numbers", "bilangan bulat"),), MultiDict())
    [line] = FilledForm("token", MultiDict(), errors).summary()
    assert line.text == "bilangan bulat"


def test_errors_are_told_in_the_order_of_the_questions() -> None:
    problems = tuple(FieldProblem(name, "x", "y") for name in ("language", "people.men", "kind"))
    form = FilledForm("token", MultiDict(), errors_by_field(problems, MultiDict()))
    assert [line.anchor for line in form.summary()] == ["kind", "people-men", "language"]


def test_a_text_that_is_too_long_is_told_by_how_much() -> None:
    typed = MultiDict({"narrative": "a\r\n" * 2001})
    errors = errors_by_field((FieldProblem("narrative", "x", "y"),), typed)
    assert errors["narrative"] == "Terlalu panjang: 4.002 huruf. Paling banyak 4.000 huruf."


def test_of_an_answer_that_was_sent_twice_the_later_counts() -> None:
    sent = MultiDict(
        [("kind", "victim"), ("kind", "missing"), ("indicators", "child"), ("indicators", "threats")]
    )
    typed = answers_of(sent)
    assert typed.getlist("kind") == ["missing"]
    assert typed.getlist("indicators") == ["child", "threats"]


def test_hidden_answers_are_all_that_the_page_does_not_ask() -> None:
    typed = MultiDict({"kind": "victim", "narrative": "cerita", "recruiter.name": "Contoh", "people.men": ""})
    form = FilledForm("token", typed)
    assert form.kept(None) == [("kind", "victim"), ("narrative", "cerita"), ("recruiter.name", "Contoh")]
    assert form.kept(STEPS["name"]) == [("kind", "victim"), ("narrative", "cerita")]
    # A page of large buttons keeps its own answer: going back must not lose it.
    assert ("kind", "victim") in form.kept(STEPS["kind"])


def test_the_list_page_repeats_what_was_picked_and_nothing_that_was_typed() -> None:
    typed = MultiDict(
        [
            *(
                ("kind", "recruiter"),
                ("indicators", "child"),
                ("indicators", "secrecy"),
                ("offer.job", "online"),
            ),
            *(("narrative", "cerita"), ("recruiter.name", "Contoh"), ("official_involved", "yes")),
            *(("reporter.relation", "self"), ("offer.route", "Batam"), ("urgency", "")),
        ]
    )
    told = dict(FilledForm("token", typed).told())
    assert told == {
        "Tentang apa laporan ini?": ["Perekrut atau ajakan kerja yang mencurigakan"],
        "Apa saja yang Anda lihat atau dengar?": [
            "Ada anak di bawah 18 tahun yang direkrut",
            "Disuruh merahasiakan dari keluarga atau kantor desa",
        ],
        "Jenis kerja": ["Kerja komputer atau online"],
    }


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("Banjar", "bjn"), ("bahasa Minang ", "min"), ("Sasak", "sas"), ("bjn", "bjn"), ("Kodi", "Kodi")],
)
def test_another_language_is_told_by_its_name(typed: str, tag: str) -> None:
    assert report_data(MultiDict({"language.other": typed}))["language"] == tag
    assert "kode" not in QUESTIONS["language"].other

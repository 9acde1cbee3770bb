"""Check an offer, a quiz, a question, help and settings in a chat."""

from __future__ import annotations

from talking import Person, material

from bots.dialogue.contract import Answered, Ask, Done, Forget, NotTaken, PassOn
from bots.dialogue.help import GROUPS
from bots.dialogue.offer import drafted
from bots.dialogue.scene import Scene
from content.help_lines import KINDS
from content.offer_check import Verdict, asked_questions


def test_an_offer_is_judged_and_may_become_a_report() -> None:
    rules = material("id").offer_rules
    person = Person()
    person.says("/tawaran")
    answers: dict[str, str] = {}
    while "report" not in person.offered():
        question = next(q for q in asked_questions(rules, answers) if q.key not in answers)
        worst = max(question.choices, key=lambda choice: choice.verdict)
        answers[question.key] = worst.key
        person.presses(f"a:{worst.key}")
        assert len(answers) < 50
    assert rules.conclusions[Verdict.RED].title in person.heard
    assert rules.notice in person.heard
    person.presses("report")
    assert person.state.dialogue == "report"
    person.says("Dia menelepon saya.", "kirim", "kirim")
    report = person.submitted()
    assert report["kind"] == "recruiter"
    assert "indicators" in report


def test_not_knowing_is_an_answer_and_says_nothing_in_a_report() -> None:
    person = Person()
    person.says("/tawaran")
    while "report" not in person.offered():
        unknown = [value for value in person.offered() if value in ("a:-", "a:unknown")]
        person.presses(unknown[0])
    held = person.state.held
    person.presses("report")
    draft = drafted(Scene(person.state, person.room), held)
    assert dict(draft.answers) == {"kind": "recruiter"}


def test_a_quiz_says_right_or_wrong_and_why_and_counts() -> None:
    key = material("id").quiz_keys[0]
    quiz = material("id").quiz(key)
    person = Person()
    person.says("/kuis")
    person.presses(f"quiz:{key}")
    for n, question in enumerate(quiz.questions):
        letter = question.answer if n else next(c for c in "abc" if c != question.answer)
        person.presses(f"a:{letter}")
        assert question.why in person.heard
        assert ("Belum tepat" in person.heard) == (n == 0)
    assert f"{len(quiz.questions) - 1} dari {len(quiz.questions)}" in person.heard


def test_a_question_is_answered_with_source_and_date() -> None:
    person = Person()
    person.says("/tanya", "Berapa biaya paspor?")
    (wish,) = person.wishes
    assert isinstance(wish, Ask)
    person.tells(Answered("Biaya", "Isi bagian.", "imigrasi.go.id", "21 Oktober 2024"))
    assert "Isi bagian." in person.heard
    assert "Sumber: imigrasi.go.id, 21 Oktober 2024" in person.heard


def test_an_unknown_answer_is_passed_on_when_wanted() -> None:
    person = Person()
    person.says("/tanya", "Berapa?")
    person.tells(Answered(None))
    assert "tidak tahu" in person.heard
    person.presses("pass")
    (wish,) = person.wishes
    assert isinstance(wish, PassOn)
    person.tells(Done())
    assert "Diteruskan" in person.heard
    person.says("Apa?")
    person.tells(NotTaken("refused"))
    assert "tidak bisa diteruskan" in person.heard


def test_free_text_at_the_menu_may_be_a_question() -> None:
    person = Person()
    person.says("Berapa biaya paspor?")
    person.presses("question")
    (wish,) = person.wishes
    assert isinstance(wish, Ask)
    assert wish.question == "Berapa biaya paspor?"


def test_every_kind_of_help_is_reached() -> None:
    assert sorted(kind for _, kinds in GROUPS for kind in kinds) == sorted(KINDS)
    person = Person()
    person.says("/bantuan")
    groups = [value for value in person.offered() if value.startswith("group:")]
    for value in groups:
        person.presses(value)
        assert "Sumber:" in person.heard


def test_deletion_is_wished_and_forgets_here_at_once() -> None:
    person = Person()
    person.says("/lapor")
    person.presses("v:victim")
    person.says("/hapus")
    assert "Telegram bisa melihat" in person.heard
    person.presses("forget")
    assert person.wishes == (Forget(),)
    assert person.state.held is None
    assert person.state.before == ()

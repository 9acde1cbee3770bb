"""What pages of the material say aloud, under names that stay, so that a recording may take a clip's place.

The words come from the material itself, not from a page, and a clip is only played for the words it was made
of: after an update of the material no ear is told what the eye no longer reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from content.answering.material import Passage
from content.catalogue import Catalogue
from content.help_lines import HelpLine
from content.lessons import Lesson
from content.offer_check import Conclusion, OfferQuestion
from content.passages import AuthoredPassage
from content.quiz import LETTERS, QuizQuestion
from content.report_choices import NOT_SAID
from village_node.spoken_text import sentences
from village_node.web.languages import translate_into
from village_node.web.offer_steps import needs_unknown
from village_node.web.shown_content import language_of
from village_node.web.spoken import said_numbers


def question_words(catalogue: Catalogue, question: OfferQuestion) -> str:
    """Return a question of the check with all that can be tapped."""
    labels = [choice.label for choice in question.choices]
    if needs_unknown(question):
        labels.append(translate_into(language_of(catalogue, "offer_check"), NOT_SAID))
    return sentences((question.title, question.hint, *labels))


def point_words(topic: str, reason: str, advice: str) -> str:
    """Return one point of a result."""
    return sentences((topic, reason, advice))


def conclusion_words(conclusion: Conclusion, notice: str) -> str:
    """Return what is said of the whole."""
    return sentences((conclusion.title, conclusion.meaning, conclusion.advice, notice))


def help_words(lines: Iterable[HelpLine]) -> str:
    """Return all places of help."""
    return sentences(part for line in lines for part in (f"{line.who}: {line.number}".strip(": "), line.note))


def lesson_words(lesson: Lesson) -> str:
    """Return a whole lesson without the hints, which are for the facilitator."""
    screens = [text for screen in lesson.screens for text in (screen.title, *screen.lines)]
    story = lesson.story
    return sentences(
        (lesson.title, *screens, story.title, *story.lines, story.question, lesson.title, *lesson.remember)
    )


def quiz_question_words(question: QuizQuestion) -> str:
    """Return a question and its three choices."""
    choices = zip(LETTERS, question.choices, strict=True)
    return sentences((question.text, *(f"{letter.upper()}: {choice}" for letter, choice in choices)))


def passage_words(passage: AuthoredPassage | Passage) -> str:
    """Return a passage that answers a question."""
    return sentences((passage.title, *passage.lines))


def _answers(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for passage in catalogue.passages():
        yield f"answer-{passage.key}", passage_words(passage)


def _offer(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    pack = catalogue.offer_rules
    topics = {question.key: question.topic for question in pack.questions}
    for question in pack.questions:
        yield f"ask-{question.key}", question_words(catalogue, question)
        for choice in question.choices:
            yield (
                f"point-{question.key}-{choice.key}",
                point_words(question.topic, choice.reason, choice.advice),
            )
    for rule in pack.rules:
        yield f"rule-{rule.key}", point_words(topics[rule.changes], rule.reason, rule.advice)
    for verdict, conclusion in pack.conclusions.items():
        yield f"offer-{verdict.name.lower()}", conclusion_words(conclusion, pack.notice)


def _agencies(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for state, text in catalogue.agency_words.states.items():
        yield f"agency-{state}", sentences((text,))


def _help(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    yield "help", help_words(catalogue.help_lines.values())


def _list(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    yield "learn", sentences(catalogue.lesson(key).title for key in catalogue.lesson_keys)


def _parts(catalogue: Catalogue) -> Iterator[tuple[str, Callable[[Catalogue], Iterable[tuple[str, str]]]]]:
    yield "offer_check", _offer
    yield "agency_words", _agencies
    yield "help", _help
    yield "passages", _answers
    yield "order", _list
    for key in catalogue.lesson_keys:
        yield f"lessons/{key}", _lesson(key)
    for key in catalogue.quiz_keys:
        yield f"quizzes/{key}", _quiz(key)


def _lesson(key: str) -> Callable[[Catalogue], Iterable[tuple[str, str]]]:
    return lambda catalogue: [(f"lesson-{key}", lesson_words(catalogue.lesson(key)))]


def _quiz(key: str) -> Callable[[Catalogue], Iterable[tuple[str, str]]]:
    def texts(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
        for question in catalogue.quiz(key).questions:
            yield f"quiz-{key}-{question.key}", quiz_question_words(question)
            yield f"why-{key}-{question.key}", sentences((question.why,))

    return texts


def material_texts(catalogue: Catalogue) -> dict[str, str]:
    """Return the words of every clip by name: only what wholly is in the catalogue's language."""
    texts: dict[str, str] = {}
    for name, part in _parts(catalogue):
        if language_of(catalogue, name) != catalogue.language:
            continue
        found = dict(part(catalogue))
        if not catalogue.missing.get(name):
            texts |= found
    return {name: said_numbers(text) for name, text in texts.items()}

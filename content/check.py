"""Whether material is whole: every text there, every fact sourced, dated and marked, and easy to read.

`problems` gives one line for each thing to correct, with the file and the key, and `warnings` one for each
source that has grown old: time alone never makes material wrong. Nothing here reads a clock: how old a fact
is depends on `today`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from content.catalogue import BASE_LANGUAGE, Catalogue, languages_of
from content.errors import ContentRefused
from content.facts import Fact, is_hedged
from content.icons import icon_names
from content.quiz import LETTERS
from content.readability import reading_level

LEAST_LESSONS = 8
LEAST_QUIZZES = 4
LEAST_POSTERS = 2
HIGHEST_GRADE = 6.0
"""School year: texts for patients should be at the sixth or below (AMA, Health literacy manual, 2007)."""
MOST_WORDS_A_SENTENCE = 10.0
LONGEST_SENTENCE = 20
"""Words. Below the 25 at which the style guide of gov.uk splits a sentence, for less practised readers."""
MOST_OF_ONE_LETTER = 4
"""A quiz whose answer is mostly one letter is passed without reading."""

EVERY_PAYMENT = re.compile(
    r"(?<!tidak )(?<!bukan )\b(semua|setiap|segala)\s+(bayaran|pembayaran|biaya|pungutan|uang)\b[^.?!]*"
    r"\b(kejahatan|ilegal|melanggar|pidana|haram)"
)
"""The claim that must not be made: the law on fees is contested, and some personal costs may be charged."""
NOT_ILLEGAL = "bukan berarti ilegal"
"""What must stand where a firm was not found."""

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Piece:
    """Texts that are read together, and the facts that they rest on."""

    where: str
    texts: tuple[str, ...]
    facts: tuple[str, ...]
    icons: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


def problems(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return what is wrong with the material, a line each; empty when it may be signed."""
    try:
        catalogue = Catalogue(files)
    except ContentRefused as error:
        return (str(error),)
    found: list[str] = []
    _try(found, lambda: catalogue.about)
    pieces = list(_pieces(catalogue, found))
    found += _fact_problems(catalogue, pieces, found)
    found += _help_problems(catalogue, found)
    _try(found, lambda: catalogue.missions)
    found += _icon_problems(catalogue, pieces)
    known = set(_try(found, lambda: catalogue.lesson_keys) or ())
    found += [f"{p.where}: no lesson {key}" for p in pieces for key in p.lessons if key not in known]
    found += [f"{p.where}: says that every payment is a crime" for p in pieces if _says_too_much(p.texts)]
    found += _reading_problems(pieces)
    found += _count_problems(catalogue)
    found += _stray_files(catalogue)
    found += _typed_numbers(catalogue, found)
    for code in languages_of(files):
        if code != BASE_LANGUAGE:
            found += _language_problems(files, code)
    return tuple(dict.fromkeys(found))


def warnings(files: Mapping[str, bytes], today: datetime.date) -> tuple[str, ...]:
    """Return which sources are over a year old and do not say why they still stand, and what to do.

    Empty for material that cannot be read: see `problems`.
    """
    try:
        catalogue = Catalogue(files)
        facts, lines = catalogue.facts.values(), catalogue.help_lines.values()
    except ContentRefused:
        return ()
    return (
        *(
            f"facts, {fact.key}: its source is over a year old: read it again and set dated, "
            "or say in old why it still stands"
            for fact in facts
            if fact.is_old(today) and fact.dated and not fact.old
        ),
        *(
            f"help, {line.key}: its source is over a year old: ring it and write rung_on, or say so in old"
            for line in lines
            if line.is_old(today) and line.dated and not line.old
        ),
    )


def untranslated(files: Mapping[str, bytes], language: str) -> dict[str, int]:
    """Return how many texts of each file still are Indonesian; `ContentRefused` for an unknown language."""
    catalogue = Catalogue(files, language)
    load_everything(catalogue)
    return {name: len(missing) for name, missing in sorted(catalogue.missing.items()) if missing}


def load_everything(catalogue: Catalogue) -> None:
    """Read every text of the material once; raise `ContentRefused` at the first that cannot be used.

    What a store calls before an update takes the place of the version that works.
    """
    _ = (catalogue.about, catalogue.facts, catalogue.help_lines, catalogue.missions, catalogue.offer_rules)
    _ = (catalogue.agency_words, catalogue.agencies)
    for key in catalogue.lesson_keys:
        catalogue.lesson(key)
    for key in catalogue.quiz_keys:
        catalogue.quiz(key)
    catalogue.posters()
    catalogue.cards()
    catalogue.radio_texts()
    catalogue.passages()
    catalogue.search_words()
    for name in icon_names(catalogue.files):
        catalogue.icon(name)


def _try(found: list[str], read: Callable[[], _Found]) -> _Found | None:
    try:
        return read()
    except ContentRefused as error:
        found.append(str(error))
        return None


def _pieces(catalogue: Catalogue, found: list[str]) -> Iterator[Piece]:
    yield from _lesson_pieces(catalogue, found)
    yield from _quiz_pieces(catalogue, found)
    yield from _print_pieces(catalogue, found)
    yield from _offer_pieces(catalogue, found)
    for passage in _try(found, catalogue.passages) or ():
        told = (passage.title, *passage.lines)
        lessons = (passage.lesson,) if passage.lesson else ()
        yield Piece(f"passages, {passage.key}", told, passage.facts, (), lessons)
    _try(found, catalogue.search_words)
    for text in _try(found, catalogue.radio_texts) or ():
        yield Piece(f"radio {text.key}", (text.text,), text.facts)
    words = _try(found, lambda: catalogue.agency_words)
    if words is not None:
        texts = (*words.states.values(), words.stale, words.sample, words.as_of)
        yield Piece("agency_words", texts, ("izin_p3mi",))
        if NOT_ILLEGAL not in words.states["not_found"]:
            found.append(f'agency_words: not_found must say "{NOT_ILLEGAL}"')
    _try(found, lambda: catalogue.agencies)


def _lesson_pieces(catalogue: Catalogue, found: list[str]) -> Iterator[Piece]:
    for key in _try(found, lambda: catalogue.lesson_keys) or ():
        # mypy infers no type for a lambda whose default binds the loop variable.
        lesson = _try(found, lambda key=key: catalogue.lesson(key))  # type: ignore[misc]  # mypy on a bound default
        if lesson is None:
            continue
        for number, screen in enumerate(lesson.screens, 1):
            yield Piece(f"lesson {key}, screen {number}", screen.lines, screen.facts, (screen.icon,))
        told = (lesson.aim, *lesson.story.lines, lesson.story.question, *lesson.remember)
        yield Piece(f"lesson {key}, story", told, lesson.facts[:1], (lesson.icon,))
        if not all("rekaan" in name for name in lesson.story.people):
            found.append(f'lesson {key}: each of people must be marked "tokoh rekaan"')


def _quiz_pieces(catalogue: Catalogue, found: list[str]) -> Iterator[Piece]:
    for key in _try(found, lambda: catalogue.quiz_keys) or ():
        # mypy infers no type for a lambda whose default binds the loop variable.
        quiz = _try(found, lambda key=key: catalogue.quiz(key))  # type: ignore[misc]  # mypy on a bound default
        if quiz is None:
            continue
        for question in quiz.questions:
            texts = (question.text, *question.choices, question.why)
            yield Piece(f"quiz {key}, {question.key}", texts, question.facts, (), (question.lesson,))
        answers = [question.answer for question in quiz.questions]
        if max(answers.count(letter) for letter in LETTERS) > MOST_OF_ONE_LETTER:
            found.append(f"quiz {key}: more than {MOST_OF_ONE_LETTER} answers are the same letter")


def _print_pieces(catalogue: Catalogue, found: list[str]) -> Iterator[Piece]:
    for poster in _try(found, catalogue.posters) or ():
        lines = tuple(line for block in poster.blocks for line in block.lines)
        icons = (poster.icon, *(block.icon for block in poster.blocks))
        yield Piece(f"poster {poster.key}", (poster.title, *lines, poster.closing), poster.facts, icons)
    for card in _try(found, catalogue.cards) or ():
        told = tuple(text for panel in card.panels for text in (panel.caption, *panel.speech))
        icons = tuple(panel.icon for panel in card.panels)
        yield Piece(f"card {card.key}", (card.title, *told, card.closing), card.facts, icons, (card.lesson,))


def _offer_pieces(catalogue: Catalogue, found: list[str]) -> Iterator[Piece]:
    rules = _try(found, lambda: catalogue.offer_rules)
    if rules is None:
        return
    for question in rules.questions:
        for choice in question.choices:
            where = f"offer_check, {question.key}, {choice.key}"
            texts = tuple(filter(None, (choice.reason, choice.advice)))
            yield Piece(where, texts, choice.facts, (question.icon,))
    for rule in rules.rules:
        texts = tuple(filter(None, (rule.reason, rule.advice)))
        yield Piece(f"offer_check, rule {rule.key}", texts, rule.facts)
    ends = [text for end in rules.conclusions.values() for text in (end.title, end.meaning, end.advice)]
    yield Piece("offer_check, conclusions", (rules.notice, *ends), ("rancangan_uu",))


def _fact_problems(catalogue: Catalogue, pieces: Iterable[Piece], found: list[str]) -> Iterator[str]:
    facts: dict[str, Fact] = _try(found, lambda: catalogue.facts) or {}
    for fact in facts.values():
        if not fact.dated and not fact.old:
            yield f"facts, {fact.key}: its source is undated: say in old why it still stands"
        if not fact.verified and not is_hedged((fact.text,)):
            yield f"facts, {fact.key}: not verified, so its text must say that it is not sure"
    for piece in pieces:
        if not piece.facts:
            yield f"{piece.where}: names no fact that it rests on"
        unknown = [key for key in piece.facts if key not in facts]
        yield from (f"{piece.where}: no fact {key}" for key in unknown)
        unsure = [key for key in piece.facts if key in facts and not facts[key].verified]
        if unsure and not is_hedged(piece.texts):
            yield f"{piece.where}: rests on {unsure[0]}, which is not verified, but sounds certain"
    used = {key for piece in pieces for key in piece.facts}
    yield from (f"facts, {key}: nothing rests on it" for key in facts if key not in used)


def _help_problems(catalogue: Catalogue, found: list[str]) -> Iterator[str]:
    for line in (_try(found, lambda: catalogue.help_lines) or {}).values():
        if not line.dated and line.rung_on is None and not line.old:
            yield f"help, {line.key}: its source is undated: ring it and write rung_on, or say so in old"
        if not line.verified and (line.number or line.whatsapp):
            yield f"help, {line.key}: a number that was seen in no source must not stand here"
        if not line.verified and not is_hedged((line.note,)):
            yield f"help, {line.key}: not verified, so its note must say that it is not sure"


def _icon_problems(catalogue: Catalogue, pieces: Iterable[Piece]) -> Iterator[str]:
    names = set(icon_names(catalogue.files))
    yield from (f"{p.where}: no icon {name}" for p in pieces for name in p.icons if name not in names)
    errors: list[str] = []
    for name in sorted(names):
        # mypy infers no type for a lambda whose default binds the loop variable.
        _try(errors, lambda name=name: catalogue.icon(name))  # type: ignore[misc]  # mypy on a bound default
    yield from errors


def _says_too_much(texts: Iterable[str]) -> bool:
    return any(EVERY_PAYMENT.search(text.casefold()) for text in texts)


def _reading_problems(pieces: Iterable[Piece]) -> Iterator[str]:
    together: dict[str, list[str]] = {}
    for piece in pieces:
        together.setdefault(piece.where.split(",")[0], []).extend(piece.texts)
    for where, texts in together.items():
        level = reading_level(texts)
        if level.longest_sentence > LONGEST_SENTENCE:
            yield f"{where}: a sentence of {level.longest_sentence} words; allowed are {LONGEST_SENTENCE}"
        if level.words_a_sentence > MOST_WORDS_A_SENTENCE:
            mean = level.words_a_sentence
            yield f"{where}: {mean:.1f} words a sentence; allowed are {MOST_WORDS_A_SENTENCE:g}"
        if level.grade > HIGHEST_GRADE:
            yield f"{where}: reads like school year {level.grade:.1f}; allowed is {HIGHEST_GRADE:g}"


def _count_problems(catalogue: Catalogue) -> Iterator[str]:
    errors: list[str] = []
    counts = (
        ("lessons", len(_try(errors, lambda: catalogue.lesson_keys) or ()), LEAST_LESSONS),
        ("quizzes", len(_try(errors, lambda: catalogue.quiz_keys) or ()), LEAST_QUIZZES),
        ("posters", len(_try(errors, catalogue.posters) or ()), LEAST_POSTERS),
    )
    yield from (
        f"{count} {what}; at least {least} are needed" for what, count, least in counts if count < least
    )


def _stray_files(catalogue: Catalogue) -> Iterator[str]:
    base = f"languages/{BASE_LANGUAGE}/"
    errors: list[str] = []
    for folder, keys in (
        ("lessons", (_try(errors, lambda: catalogue.lesson_keys) or ())),
        ("quizzes", (_try(errors, lambda: catalogue.quiz_keys) or ())),
    ):
        there = {path.split("/")[-1][:-5] for path in catalogue.files if path.startswith(f"{base}{folder}/")}
        yield from (f"{base}{folder}/{name}.toml: not in order.toml" for name in sorted(there - set(keys)))


def _typed_numbers(catalogue: Catalogue, found: list[str]) -> Iterator[str]:
    """Find numbers that were typed where `{key}` belongs: they would stay when the help file changes."""
    lines = _try(found, lambda: catalogue.help_lines) or {}
    numbers = {n: line.key for line in lines.values() for n in (line.number, line.whatsapp) if n}
    for path, data in catalogue.files.items():
        # Numbers abroad are nobody's {key}, and "110" is a part of some.
        if path.endswith(("/help.toml", "/missions.toml")):
            continue
        if not path.endswith(".toml") or not path.startswith("languages/"):
            continue
        text = data.decode("utf-8", "replace")
        for number, key in numbers.items():
            if re.search(rf"(?<![\w.-]){re.escape(number)}(?![\w-])", text):
                yield f"{path}: holds the number {number}: write {{{key}}}"


def _language_problems(files: Mapping[str, bytes], code: str) -> Iterator[str]:
    errors: list[str] = []
    catalogue = _try(errors, lambda: Catalogue(files, code))
    if catalogue is not None:
        _try(errors, lambda: load_everything(catalogue))
        there = {path for path in files if path.startswith(f"languages/{code}/")}
        ours = {path.replace(f"languages/{code}/", f"languages/{BASE_LANGUAGE}/", 1) for path in there}
        errors += [f"{path}: there is no such file, but in {code}" for path in sorted(ours - set(files))]
    yield from errors

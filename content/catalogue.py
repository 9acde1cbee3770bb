"""All material in one language, each file read when it is first asked for.

    catalogue = Catalogue(shipped_files())            # or Catalogue(unpack(...).files, "en")
    catalogue.lesson("perekrut").screens[0].lines

Indonesian is whole; another language is laid over it, and what it lacks stays Indonesian.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from content.errors import ContentRefused
from content.facts import Fact, read_facts
from content.files import shipped_files
from content.help_lines import HelpLine, numbers_by_key, read_help_lines
from content.icons import read_icon
from content.lessons import Lesson, read_lesson
from content.missions import NO_MISSIONS, Missions, read_missions
from content.offer_check import OfferRules, read_offer_rules
from content.passages import AuthoredPassage, SearchWords, read_passages, read_search_words
from content.prints import Card, Poster, read_cards, read_posters
from content.quiz import Quiz, read_quiz
from content.radio_texts import RadioText, read_radio_texts
from content.reading import Table, parse_toml
from content.translations import lay_over

if TYPE_CHECKING:
    from content.agencies import AgencySnapshot
    from content.agency_answer import AgencyWords

BASE_LANGUAGE = "id"


@dataclass(frozen=True)
class Language:
    """A language, by its own name. `reviewed_by` is empty until a native speaker has read the texts."""

    code: str
    name: str
    reviewed_by: str
    written_on: str

    @property
    def awaits_review(self) -> bool:
        """Whether pages must say that no native speaker has read the texts yet."""
        return not self.reviewed_by


class Catalogue:
    """Material in one language. What cannot be used raises `ContentRefused` when it is asked for."""

    def __init__(self, files: Mapping[str, bytes] | None = None, language: str = BASE_LANGUAGE) -> None:
        self.files = shipped_files() if files is None else files
        self.language = language
        self.missing: dict[str, tuple[str, ...]] = {}
        """File -> texts that are still Indonesian, for the files read so far."""
        if f"languages/{language}/language.toml" not in self.files:
            known = ", ".join(languages_of(self.files))
            raise ContentRefused(f"no material in that language; there is {known}")

    def _table(self, name: str, words: Mapping[str, str] | None = None) -> Table:
        path = f"languages/{BASE_LANGUAGE}/{name}.toml"
        other_path = f"languages/{self.language}/{name}.toml"
        if path not in self.files:
            raise ContentRefused(f"{path} is missing")
        data = parse_toml(path, self.files[path])
        if self.language == BASE_LANGUAGE:
            return Table(path, data, words)
        other = parse_toml(other_path, self.files[other_path]) if other_path in self.files else {}
        translated = lay_over(other_path, data, other)
        self.missing[name] = translated.missing
        return Table(f"{path} with {other_path}", translated.data, words)

    @functools.cached_property
    def about(self) -> Language:
        """Which language this is and who reviewed it."""
        path = f"languages/{self.language}/language.toml"
        table = Table(path, parse_toml(path, self.files[path]))
        found = Language(
            self.language, table.text("name"), table.text("reviewed_by", ""), table.dated("written_on")
        )
        table.end()
        return found

    @functools.cached_property
    def _order(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        path = f"languages/{BASE_LANGUAGE}/order.toml"
        if path not in self.files:
            raise ContentRefused(f"{path} is missing")
        table = Table(path, parse_toml(path, self.files[path]))
        found = table.keys("lessons"), table.keys("quizzes")
        table.end()
        return found

    @property
    def lesson_keys(self) -> tuple[str, ...]:
        """Keys of all lessons, in the order in which they are taught; no lesson is read for it."""
        return self._order[0]

    @property
    def quiz_keys(self) -> tuple[str, ...]:
        """Keys of all quizzes, in order."""
        return self._order[1]

    @functools.cached_property
    def facts(self) -> dict[str, Fact]:
        """The register of facts by key."""
        return read_facts(self._table("facts"))

    @functools.cached_property
    def help_lines(self) -> dict[str, HelpLine]:
        """All places of help by key, in the order in which they are shown."""
        return read_help_lines(self._table("help"))

    @functools.cached_property
    def missions(self) -> Missions:
        """Missions of Indonesia abroad: names and numbers, the same in each language."""
        path = f"languages/{BASE_LANGUAGE}/missions.toml"
        if path not in self.files:
            return NO_MISSIONS
        return read_missions(Table(path, parse_toml(path, self.files[path])))

    @functools.cached_property
    def _numbers(self) -> dict[str, str]:
        return numbers_by_key(self.help_lines)

    @functools.cached_property
    def emergency_lines(self) -> tuple[HelpLine, ...]:
        """What stands on every page of the village site."""
        return tuple(line for line in self.help_lines.values() if line.emergency)

    def lesson(self, key: str) -> Lesson:
        """Return one lesson; it is not kept, so that a box holds only what it shows."""
        lesson = read_lesson(
            self._table(f"lessons/{self._known(key, self.lesson_keys, 'lesson')}", self._numbers)
        )
        _named_as(lesson.key, key)
        return lesson

    def quiz(self, key: str) -> Quiz:
        """Return one quiz; it is not kept."""
        quiz = read_quiz(self._table(f"quizzes/{self._known(key, self.quiz_keys, 'quiz')}", self._numbers))
        _named_as(quiz.key, key)
        return quiz

    @staticmethod
    def _known(key: str, keys: tuple[str, ...], kind: str) -> str:
        if key not in keys:
            raise ContentRefused(f"no such {kind}; there is {', '.join(keys)}")
        return key

    def posters(self) -> tuple[Poster, ...]:
        """Return all posters."""
        return read_posters(self._table("posters", self._numbers))

    def cards(self) -> tuple[Card, ...]:
        """Return all comics-style cards."""
        return read_cards(self._table("cards", self._numbers))

    def radio_texts(self) -> tuple[RadioText, ...]:
        """Return all warnings that fit into one packet."""
        return read_radio_texts(self._table("radio", self._numbers))

    def passages(self) -> tuple[AuthoredPassage, ...]:
        """Return the passages that answer questions; none in packs that are older than them."""
        if f"languages/{BASE_LANGUAGE}/passages.toml" not in self.files:
            return ()
        return read_passages(self._table("passages", self._numbers))

    def search_words(self) -> SearchWords:
        """Return synonyms and words that tell nothing, of this language alone; none without such a file."""
        path = f"languages/{self.language}/search_words.toml"
        if path not in self.files:
            return SearchWords({}, frozenset(), ())
        return read_search_words(Table(path, parse_toml(path, self.files[path])))

    @functools.cached_property
    def offer_rules(self) -> OfferRules:
        """The rule pack of "Cek tawaran"."""
        return read_offer_rules(self._table("offer_check", self._numbers))

    @functools.cached_property
    def agency_words(self) -> AgencyWords:
        """What is said of a firm that was looked up."""
        from content.agency_answer import read_agency_words  # half a megabyte, for one page

        return read_agency_words(self._table("agency_words", self._numbers))

    @functools.cached_property
    def agencies(self) -> AgencySnapshot:
        """The snapshot of licensed agencies."""
        from content.agencies import read_snapshot

        return read_snapshot(self.files)

    def icon(self, name: str) -> str:
        """Return a picture as SVG text, safe to put into a page."""
        return read_icon(self.files, name)


def _named_as(key: str, file: str) -> None:
    if key != file:
        raise ContentRefused(f"{file}.toml: key must be {file}, as the file is called")


def languages_of(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the codes of the languages that there are, Indonesian first."""
    codes = {path.split("/")[1] for path in files if path.startswith("languages/")}
    codes = {code for code in codes if f"languages/{code}/language.toml" in files}
    return tuple(sorted(codes, key=lambda code: (code != BASE_LANGUAGE, code)))

"""The catalogue: read when asked, in a language, and each error names its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from content.catalogue import Catalogue, languages_of
from content.errors import ContentRefused

Replace = Callable[[str, str, str], dict[str, bytes]]


class Counting(Mapping[str, bytes]):
    """Files that remember which of them were read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.read: list[str] = []

    def __getitem__(self, path: str) -> bytes:
        self.read.append(path)
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: object) -> bool:
        return path in self._files


def test_only_what_is_asked_for_is_read(shipped: dict[str, bytes]) -> None:
    files = Counting(shipped)
    catalogue = Catalogue(files)
    assert files.read == []
    assert len(catalogue.emergency_lines) == 3
    assert len(catalogue.help_lines) > 3
    assert files.read == ["languages/id/help.toml"]
    assert len(catalogue.lesson_keys) == 9
    catalogue.lesson("kontrak")
    assert files.read[1:] == ["languages/id/order.toml", "languages/id/lessons/kontrak.toml"]


def test_indonesian_comes_first(shipped: dict[str, bytes]) -> None:
    assert languages_of(shipped) == ("id", "en")


def test_another_language_keeps_verdicts_and_numbers_and_changes_words(shipped: dict[str, bytes]) -> None:
    indonesian, english = Catalogue(shipped), Catalogue(shipped, "en")
    assert english.offer_rules.conclusions != indonesian.offer_rules.conclusions
    assert [[c.verdict for c in q.choices] for q in english.offer_rules.questions] == [
        [c.verdict for c in q.choices] for q in indonesian.offer_rules.questions
    ]
    assert [line.number for line in english.help_lines.values()] == [
        line.number for line in indonesian.help_lines.values()
    ]
    assert english.help_lines["polisi"].who == "Police"


def test_what_is_not_translated_is_indonesian_and_counted(shipped: dict[str, bytes]) -> None:
    english = Catalogue(shipped, "en")
    assert english.lesson("biaya") == Catalogue(shipped).lesson("biaya")
    assert "title" in english.missing["lessons/biaya"]
    _ = english.offer_rules
    assert english.missing["offer_check"] == ()


def test_no_language_claims_a_review_that_nobody_made(shipped: dict[str, bytes]) -> None:
    assert all(Catalogue(shipped, code).about.awaits_review for code in languages_of(shipped))


def test_a_review_takes_the_mark_away(replace: Replace) -> None:
    changed = replace("languages/en/language.toml", 'name = "English"', 'name = "English"\nreviewed_by = "X"')
    assert not Catalogue(changed, "en").about.awaits_review


@pytest.mark.parametrize("key", ["tidak_ada", "../help", "Biaya"])
def test_a_lesson_or_quiz_that_is_not_there_is_refused(shipped: dict[str, bytes], key: str) -> None:
    for read in (Catalogue(shipped).lesson, Catalogue(shipped).quiz):
        with pytest.raises(ContentRefused, match="no such"):
            read(key)


def test_an_unknown_language_is_refused(shipped: dict[str, bytes]) -> None:
    with pytest.raises(ContentRefused, match="there is id, en"):
        Catalogue(shipped, "xx")


def test_a_missing_file_is_named(files: dict[str, bytes]) -> None:
    for name in ("order", "facts", "radio"):
        del files[f"languages/id/{name}.toml"]
    catalogue = Catalogue(files)
    for name, read in (
        ("order", lambda: catalogue.lesson_keys),
        ("facts", lambda: catalogue.facts),
        ("radio", catalogue.radio_texts),
    ):
        with pytest.raises(ContentRefused, match=f"languages/id/{name}.toml is missing"):
            read()


def test_a_page_gets_its_icon(shipped: dict[str, bytes]) -> None:
    assert Catalogue(shipped).icon("boat").startswith("<svg ")

"""Lessons to read or hear for oneself: the list, and a page a lesson."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flask import Blueprint, Response, abort

from content.catalogue import Catalogue
from content.facts import Fact
from village_node.spoken_text import sentences
from village_node.web.material import Material
from village_node.web.spoken_content import lesson_words


@dataclass(frozen=True)
class Titles:
    """What the list needs of lessons and quizzes: (key, title, picture) and (key, title)."""

    lessons: tuple[tuple[str, str, str], ...]
    quizzes: tuple[tuple[str, str], ...]


_TITLES: WeakKeyDictionary[Catalogue, Titles] = WeakKeyDictionary()


def titles_of(catalogue: Catalogue) -> Titles:
    """Return the titles, read once for as long as the catalogue is in use; lessons are not kept."""
    if catalogue not in _TITLES:
        lessons = (catalogue.lesson(key) for key in catalogue.lesson_keys)
        _TITLES[catalogue] = Titles(
            tuple((lesson.key, lesson.title, lesson.icon) for lesson in lessons),
            tuple((key, catalogue.quiz(key).title) for key in catalogue.quiz_keys),
        )
    return _TITLES[catalogue]


def create_learn_pages(material: Material) -> Blueprint:
    """Build the pages."""
    pages = Blueprint("learn", __name__)

    @pages.get("/belajar")
    def lessons() -> Response:
        catalogue = material.catalogue()
        titles = titles_of(catalogue)
        return material.page(
            "learn.html",
            catalogue,
            f"lessons/{catalogue.lesson_keys[0]}",
            clip=material.clip(
                "learn", "order", lambda other: sentences(title for _, title, _ in titles_of(other).lessons)
            ),
            titles=titles,
            again=None,
        )

    @pages.get("/belajar/<key>")
    def lesson(key: str) -> Response:
        catalogue = material.catalogue()
        if key not in catalogue.lesson_keys:
            abort(404)
        file = f"lessons/{key}"
        shown = catalogue.lesson(key)
        keys = catalogue.lesson_keys
        later = keys[(keys.index(key) + 1) % len(keys)]
        return material.page(
            "lesson.html",
            catalogue,
            file,
            clip=material.clip(f"lesson-{key}", file, lambda other: lesson_words(other.lesson(key))),
            lesson=shown,
            again=None,
            sources=_sources(catalogue, shown.facts),
            later=next(one for one in titles_of(catalogue).lessons if one[0] == later),
        )

    return pages


def _sources(catalogue: Catalogue, keys: tuple[str, ...]) -> list[Fact]:
    return [catalogue.facts[key] for key in keys if key in catalogue.facts]

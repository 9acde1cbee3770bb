"""Which story takes which pictures of the guides, and in which languages its pages can be shown."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guide_album import Album

BOTH = ("id", "en")
_TAKEN = re.compile(r'\b(?:take|keep)\(\s*"([a-z0-9-]+)"')


@dataclass(frozen=True)
class Story:
    """A walk through pages, told once in each of its languages. Its module is loaded when it is told."""

    module: str
    name: str
    languages: tuple[str, ...] = BOTH
    parts: tuple[str, ...] = ()
    """Other functions of the module in which it takes pictures."""

    @property
    def walk(self) -> Callable[[Any, Album, str], None]:
        """The story itself: told with a stage, an album and a language."""
        told: Callable[[Any, Album, str], None] = getattr(importlib.import_module(self.module), self.name)
        return told

    def is_shown_in(self, guide: str, told: str) -> bool:
        """Return whether a guide in a language shows the pictures of a telling."""
        return told == (guide if guide in self.languages else self.languages[0])


VILLAGE_STORIES = (
    Story("guide_village_stories", "villager", parts=("report", "look_up")),
    Story(
        "guide_village_stories",
        "facilitator",
        ("id",),  # the facilitator's site speaks Indonesian alone
        ("news", "session", "by_hand", "walk_in"),
    ),
    Story("guide_box_stories", "technician", ("id",)),  # a terminal speaks one language
)
HUB_STORIES = (
    Story("guide_hub_stories", "officer"),
    Story("guide_hub_stories", "keeper_of_boxes"),
    Story("guide_hub_stories", "sheet", ("id",)),
)


def names_of(stories: Iterable[Story]) -> set[str]:
    """Return the names of the pictures that stories take, read from their source."""
    found: set[str] = set()
    for story in stories:
        functions = _functions(story.module)
        for name in (story.name, *story.parts):
            found |= set(_TAKEN.findall(functions[name]))
    return found


def names_in_modules(stories: Iterable[Story]) -> set[str]:
    """Return the names of all pictures that any function of the stories' modules takes."""
    modules = {story.module for story in stories}
    return {
        name for module in modules for text in _functions(module).values() for name in _TAKEN.findall(text)
    }


@cache
def _functions(module: str) -> dict[str, str]:
    text = (Path(__file__).parent / f"{module}.py").read_text("utf-8")
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(text, node) or "" for node in nodes}

"""Which story takes which pictures of the guides, and in which languages its pages can be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import guide_hub_stories
import guide_village_stories
from guide_album import Album, names_taken_by

BOTH = ("id", "en")


@dataclass(frozen=True)
class Story:
    """A walk through pages, told once in each of its languages."""

    walk: Callable[[Any, Album, str], None]
    languages: tuple[str, ...] = BOTH
    parts: tuple[Callable[..., Any], ...] = ()
    """Other functions in which it takes pictures."""

    def is_shown_in(self, guide: str, told: str) -> bool:
        """Return whether a guide in a language shows the pictures of a telling."""
        return told == (guide if guide in self.languages else self.languages[0])


_village, _hub = guide_village_stories, guide_hub_stories
VILLAGE_STORIES = (
    Story(_village.villager, parts=(_village.report, _village.look_up)),
    Story(
        _village.facilitator,
        ("id",),  # the facilitator's site speaks Indonesian alone
        (_village.news, _village.session, _village.by_hand, _village.walk_in),
    ),
)
HUB_STORIES = (Story(_hub.officer), Story(_hub.sheet, ("id",)))


def names_of(stories: Iterable[Story]) -> set[str]:
    """Return the names of the pictures that stories take."""
    return names_taken_by(walk for story in stories for walk in (story.walk, *story.parts))

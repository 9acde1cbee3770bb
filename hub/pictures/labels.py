"""Keeps circles and words of a map from hiding each other. Deterministic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.languages import translate
from hub.pictures.drawing import Point, Words

_ROUNDS: Final = 60
_LETTER_SHARE: Final = 0.62
"""How wide a letter is beside its size, a little too much rather than too little."""


def pushed_apart(middles: Sequence[Point], radii: Sequence[float], *, gap: float = 2.0) -> list[Point]:
    """Return middles moved as little as it takes that no circle covers another; large ones move less."""
    at = [list(point) for point in middles]
    for _ in range(_ROUNDS):
        moved = False
        for one in range(len(at)):
            for other in range(one + 1, len(at)):
                dx, dy = at[other][0] - at[one][0], at[other][1] - at[one][1]
                away = math.hypot(dx, dy)
                lacking = radii[one] + radii[other] + gap - away
                if lacking <= 0.01:
                    continue
                moved = True
                # Two in one place part along the line between east and west.
                ex, ey = (dx / away, dy / away) if away > 1e-6 else (1.0, 0.0)
                share = radii[other] ** 2 / (radii[one] ** 2 + radii[other] ** 2)
                at[one][0] -= ex * lacking * share
                at[one][1] -= ey * lacking * share
                at[other][0] += ex * lacking * (1 - share)
                at[other][1] += ey * lacking * (1 - share)
        if not moved:
            break
    return [(x, y) for x, y in at]


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the picture that is taken: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Room) -> bool:
        """Return whether two have a part in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def room_of_circle(middle: Point, radius: float) -> Room:
    """Return the square around a circle."""
    x, y = middle
    return Room(x - radius, y - radius, x + radius, y + radius)


def room_of_words(words: Words) -> Room:
    """Return about the room that a line takes."""
    wide = _LETTER_SHARE * words.size * len(translate(words.text))
    left = words.x - {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
    return Room(left, words.y - words.size, left + wide, words.y + 3)


def where_it_fits(places: Sequence[Words], taken: Sequence[Room], within: Room) -> Words | None:
    """Return the first of several places for a line that meets nothing and stays inside, or None."""
    for words in places:
        room = room_of_words(words)
        inside = (
            room.left >= within.left
            and room.right <= within.right
            and room.top >= within.top
            and room.bottom <= within.bottom
        )
        if inside and not any(room.meets(other) for other in taken):
            return words
    return None

"""Why a picture or a sound is not taken. The pages have a sentence for each."""

from __future__ import annotations

import enum


class Refusal(enum.StrEnum):
    """What is wrong with a file."""

    NO_PICTURE = "no-picture"
    """Nothing that can be read as a picture."""
    HEIC = "heic"
    """A picture in the form of an iPhone, which the box does not read."""
    TOO_MANY_PIXELS = "too-many-pixels"
    NO_SOUND = "no-sound"
    """Nothing that can be read as a sound of a kind that is taken."""
    VIDEO = "video"
    """A film where a sound was asked for."""
    BROKEN = "broken"
    """Cut short or damaged."""
    TOO_LARGE = "too-large"
    """Too many bytes, before or after cleaning."""
    BUSY = "busy"
    """Too many files at once, or the box took too long."""


class MediaRefused(Exception):
    """A file that is not taken; the text is the name of the reason and nothing of the file."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.value)

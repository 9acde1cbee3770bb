"""What pages and commands ask of machine reading, and what its engines give.

A machine's text is for officers of the hub alone. It is never sent to a village, never answers a villager,
and nothing is decided by it: the assistant on the boxes stays a search of signed passages (decision 133).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.services import SignedIn

TRANSLATION, SPEECH, SUMMARY = "translation", "speech", "summary"
KINDS: Final = (TRANSLATION, SPEECH, SUMMARY)
NARRATIVE: Final = "narrative"
"""What a reading is of; else "sound " and the number of an attachment."""
CORRECTION_MAX_CHARACTERS: Final = 20_000
WAITS, DONE, FAILED = "waits", "done", "failed"


class NoModel(Exception):
    """No model that fits is there, or what runs it is not installed. Its text says what to do."""


class ReadingFailed(Exception):
    """The engine ended without a text: too long, out of memory or time, or the model is broken."""


class ReadingRefused(Exception):
    """What an officer asked cannot be done; its text says why."""


@dataclass(frozen=True)
class Piece:
    """A piece of a machine's text. What is not `known` is marked where it is shown."""

    text: str
    known: bool = True


@dataclass(frozen=True)
class Reading:
    """What a machine made: pieces that give the text when put together.

    `confidence` is from 0 to 1, `from_language` and `to_language` are tags, `model` and `dated` say what
    made it.
    """

    pieces: tuple[Piece, ...]
    confidence: float
    from_language: str
    to_language: str
    model: str
    dated: str

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)


class Translator(Protocol):
    """Translates out of one language into another."""

    def __call__(self, text: str) -> Reading:
        """Return the translation, words of the text that it does not know marked."""
        ...


class SpeechReader(Protocol):
    """Writes down what is said in a sound."""

    def __call__(self, samples: bytes) -> Reading:
        """Return the words of 16-bit samples (little-endian, one channel, 16,000 a second), unsure ones
        marked."""
        ...


class Summarizer(Protocol):
    """Shortens a text for an officer. It may invent: each word that the text does not have is marked."""

    def __call__(self, text: str) -> Reading:
        """Return the short text."""
        ...


@dataclass(frozen=True)
class KeptReading:
    """A reading that an officer asked for, as it is kept under the report's key.

    `of` is NARRATIVE or "sound 0". `state` is WAITS, DONE or FAILED. Times are Unix seconds.
    """

    number: int
    kind: str
    of: str
    state: str
    asked_by: str
    asked_at: float
    reading: Reading | None
    correction: str
    corrected_by: str
    corrected_at: float | None


@dataclass(frozen=True)
class Offer:
    """Something that an officer may ask for now: a kind, of what, and into which words it is put."""

    kind: str
    of: str


@dataclass(frozen=True)
class ReportReadings:
    """What the page of a report shows: the lexicon's reading where it is sure enough, and what was asked for.

    `guessed` is the language of the narrative or None; `too_little` says that the lexicon knew too few words.
    """

    guessed: str | None
    guess_sure: float
    lexicon: Reading | None
    too_little: bool
    kept: Sequence[KeptReading]
    offers: Sequence[Offer]
    absent: Sequence[str]
    """Kinds for which there is no model."""
    not_installed: Sequence[str] = ()
    """Kinds for which there is a model, and nothing here that runs it."""


class MachineServices(Protocol):
    """Machine reading for the page of a report."""

    def of_report(
        self, report: str, narrative: str, language: str | None, *, who: SignedIn
    ) -> ReportReadings:
        """Return what the page of a report that `who` may see shows."""
        ...

    def ask(self, report: str, kind: str, of: str, *, who: SignedIn) -> None:
        """Put a reading into the queue; raise UnknownReport or ReadingRefused."""
        ...

    def start(self) -> None:
        """Begin with what waits, after the transaction that put it there."""
        ...

    def correct(self, report: str, number: int, text: str, *, who: SignedIn) -> None:
        """Keep what an officer made of a reading, with their name; raise UnknownReport or ReadingRefused."""
        ...

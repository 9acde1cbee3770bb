"""Passages out of the signed material: an id that stays, the text, the sources with their dates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.catalogue import Catalogue
from content.facts import Fact
from content.help_lines import HelpLine


@dataclass(frozen=True)
class Source:
    """Where a passage has it from. `dated` as the register writes it, "" where it is not known."""

    cited: str
    dated: str
    verified: bool
    old: str
    """The mark of an old or undated source, for the reader; empty where there is none."""


@dataclass(frozen=True)
class Passage:
    """One thing that can be answered with. `asks` are for finding only."""

    key: str
    """"passage:KEY", "lesson:KEY:SCREEN" or "help:KEY"."""
    title: str
    lines: tuple[str, ...]
    asks: tuple[str, ...]
    sources: tuple[Source, ...]
    see_also: tuple[str, ...]
    """Keys of lessons to read on."""

    @property
    def text(self) -> str:
        """The lines as one text."""
        return " ".join(self.lines)


def passages_of(catalogue: Catalogue) -> tuple[Passage, ...]:
    """Return all passages: those written to answer first, then screens of lessons, then places of help."""
    facts = catalogue.facts
    return (
        *(
            Passage(
                f"passage:{one.key}",
                one.title,
                one.lines,
                one.asks,
                _sources(facts, one.facts),
                (one.lesson,) if one.lesson else (),
            )
            for one in catalogue.passages()
        ),
        *_screens(catalogue),
        *map(_help, catalogue.help_lines.values()),
    )


def _screens(catalogue: Catalogue) -> Iterator[Passage]:
    for key in catalogue.lesson_keys:
        lesson = catalogue.lesson(key)
        for number, screen in enumerate(lesson.screens, 1):
            yield Passage(
                f"lesson:{key}:{number}",
                f"{lesson.title}: {screen.title}",
                screen.lines,
                (),
                _sources(catalogue.facts, screen.facts),
                (key,),
            )


def _help(line: HelpLine) -> Passage:
    numbers = [line.number, line.whatsapp and f"WhatsApp {line.whatsapp}"]
    said = [": ".join(filter(None, (line.who, ", ".join(filter(None, numbers)))))]
    lines = tuple(filter(None, (*said, line.hours and line.hours.capitalize(), line.note)))
    source = Source(line.cited, line.dated, line.verified, line.old)
    return Passage(f"help:{line.key}", line.who, lines, (), (source,), ())


def _sources(facts: dict[str, Fact], keys: Iterable[str]) -> tuple[Source, ...]:
    found = (facts[key] for key in keys)
    return tuple(dict.fromkeys(Source(fact.cited, fact.dated, fact.verified, fact.old) for fact in found))

"""What all fields models share: the loop over a report's fields, and texts that need no text model.

A model is a number on the wire and never changes. It says in which order fields are asked for, how often
each stands, and how its value is written; `tests/vectors/reports.json` holds what was shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from sync.wire.codings import Choice, Coding
from sync.wire.copies import Copy, NumberCopy
from sync.wire.intervals import IntervalReader, IntervalWriter

Flat = dict[str, object]
"""A report's fields by dotted path; sections stand too, with whatever value."""

SECTIONS = ("recruiter", "offer", "people", "reporter")
"""Fields that hold nothing but their members."""


class Way(NamedTuple):
    """A way to write a text without the text model: its weight, when it can be taken, its coding."""

    weight: int
    find: Callable[[str, str], Any]  # (text, narrative) -> what the coding writes, or None
    coding: Coding[Any]


class Words:
    """A text field: in the first of its ways that can be taken, else among the texts for the text model."""

    def __init__(self, text_weight: int, *ways: Way) -> None:
        self._ways = ways
        weights = {index: way.weight for index, way in enumerate(ways)}
        self._way = Choice({**weights, len(ways): text_weight})

    def put(self, out: IntervalWriter, text: str, narrative: str) -> bool:
        """Write the text; return False when only the text model can take it."""
        for index, way in enumerate(self._ways):
            form = way.find(text, narrative)
            if form is not None:
                self._way.put(out, index)
                way.coding.put(out, form)
                return True
        self._way.put(out, len(self._ways))
        return False

    def take(self, source: IntervalReader) -> str | Copy | NumberCopy | None:
        """Read the text, or what to copy from the narrative, or None for the next of the texts."""
        index = self._way.take(source)
        if index == len(self._ways):
            return None
        form: str | Copy | NumberCopy = self._ways[index].coding.take(source)
        return form


class FieldsModel(Protocol):
    """One fields model."""

    number: int
    channel: Choice[str | None]
    words: Mapping[str, Words]

    def paths(self, flat: Flat) -> Iterator[str]:
        """Yield the paths whose presence is written, in order.

        Asks `flat` as it goes, for a reader fills it meanwhile.
        """

    def presence(self, path: str, flat: Flat) -> Choice[bool]:
        """Return the coding of whether a field stands, given the fields before it."""

    def coding(self, path: str, flat: Flat) -> Coding[Any]:
        """Return the coding of a field that is no text, given the fields before it."""


def write_fields(model: FieldsModel, flat: Flat, out: IntervalWriter) -> list[str]:
    """Write the fields as choices; return the paths of the texts left for the text model."""
    narrative = str(flat["narrative"])
    texts = ["narrative"]
    channel = flat.get("channel")
    model.channel.put(out, None if channel is None else str(channel))
    model.coding("kind", flat).put(out, flat["kind"])
    for path in model.paths(flat):
        model.presence(path, flat).put(out, path in flat)
        if path not in flat or path in SECTIONS:
            continue
        if path in model.words:
            if not model.words[path].put(out, str(flat[path]), narrative):
                texts.append(path)
        else:
            model.coding(path, flat).put(out, flat[path])
    return texts


def read_fields(model: FieldsModel, source: IntervalReader) -> tuple[Flat, list[str]]:
    """Return the fields read and the paths of the texts that are still to come."""
    flat: Flat = {}
    missing = ["narrative"]
    channel = model.channel.take(source)
    if channel is not None:
        flat["channel"] = channel
    flat["kind"] = model.coding("kind", flat).take(source)
    for path in model.paths(flat):
        if not model.presence(path, flat).take(source):
            continue
        if path in model.words:
            flat[path] = model.words[path].take(source)
            if flat[path] is None:
                missing.append(path)
        elif path in SECTIONS:
            flat[path] = {}
        else:
            flat[path] = model.coding(path, flat).take(source)
    return flat, missing

"""Warnings that fit into one radio packet, ready for the hub to send and for a board to show."""

from __future__ import annotations

from dataclasses import dataclass

from content.reading import Table, named_once

MAX_RADIO_BYTES = 140
"""UTF-8 bytes: leaves room in a packet of 231 for header, tag and a signature of 64."""


@dataclass(frozen=True)
class RadioText:
    """One warning in one or two sentences."""

    key: str
    text: str
    facts: tuple[str, ...]


def read_radio_texts(table: Table) -> tuple[RadioText, ...]:
    """Return all texts; one over `MAX_RADIO_BYTES` is refused."""
    found = []
    for entry in table.tables("texts", 1, 100):
        text = RadioText(entry.key("key"), entry.text("text"), entry.keys("facts"))
        if len(text.text.encode("utf-8")) > MAX_RADIO_BYTES:
            raise entry.refuse("text", f"at most {MAX_RADIO_BYTES} bytes long")
        entry.end()
        found.append(text)
    table.end()
    named_once(table.where, (text.key for text in found))
    return tuple(found)

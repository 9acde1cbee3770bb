"""Posters and comics-style cards as structured text; another part makes the PDF of them."""

from __future__ import annotations

from dataclasses import dataclass

from content.reading import Table, named_once

PLACES = ("none", "top", "bottom", "left", "right")
"""Where on the sheet the QR code of the village's site, or the name of its Wi-Fi, goes."""


@dataclass(frozen=True)
class Block:
    """A picture and a few lines beside it."""

    icon: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Poster:
    """One sheet: a title, blocks, a last line, and where QR and Wi-Fi name go."""

    key: str
    title: str
    icon: str
    blocks: tuple[Block, ...]
    closing: str
    qr: str
    wifi: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """One picture of a comic: what is seen, what the people say, and a caption."""

    icon: str
    caption: str
    speech: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A comics-style card with two to six panels."""

    key: str
    title: str
    lesson: str
    panels: tuple[Panel, ...]
    closing: str
    qr: str
    wifi: str
    facts: tuple[str, ...]


def read_posters(table: Table) -> tuple[Poster, ...]:
    """Return all posters."""
    posters = tuple(_poster(entry) for entry in table.tables("posters", 1, 50))
    table.end()
    named_once(table.where, (poster.key for poster in posters))
    return posters


def read_cards(table: Table) -> tuple[Card, ...]:
    """Return all cards."""
    cards = tuple(_card(entry) for entry in table.tables("cards", 1, 100))
    table.end()
    named_once(table.where, (card.key for card in cards))
    return cards


def _poster(table: Table) -> Poster:
    blocks = []
    for entry in table.tables("blocks", 2, 8):
        blocks.append(Block(entry.key("icon"), entry.texts("lines", 1, 3)))
        entry.end()
    poster = Poster(
        key=table.key("key"),
        title=table.text("title"),
        icon=table.key("icon"),
        blocks=tuple(blocks),
        closing=table.text("closing"),
        qr=table.choice("qr", PLACES),
        wifi=table.choice("wifi", PLACES),
        facts=table.keys("facts"),
    )
    table.end()
    return poster


def _card(table: Table) -> Card:
    panels = []
    for entry in table.tables("panels", 2, 6):
        panels.append(Panel(entry.key("icon"), entry.text("caption"), entry.texts("speech", 0, 3)))
        entry.end()
    card = Card(
        key=table.key("key"),
        title=table.text("title"),
        lesson=table.key("lesson"),
        panels=tuple(panels),
        closing=table.text("closing"),
        qr=table.choice("qr", PLACES),
        wifi=table.choice("wifi", PLACES),
        facts=table.keys("facts"),
    )
    table.end()
    return card

"""A reply as messages of Telegram: plain text in pieces that fit, and buttons under the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bots.dialogue.contract import Button, Reply

MOST_UNITS = 4096
"""UTF-16 units in one message, as Telegram counts."""
MOST_BUTTONS = 100
DELETE_CODE = "rim:hapus"
"""The value of the button under a receipt code; dialogues never see it."""


def units(text: str) -> int:
    """Return the length of a text as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, most: int = MOST_UNITS) -> list[str]:
    """Cut a text at empty lines, else at lines, words or anywhere, into pieces of at most `most` units."""
    found = []
    rest = text.strip()
    while units(rest) > most:
        cut = _cut(rest, most)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in [*found, rest] if piece]


def in_pieces(reply: Reply) -> list[Reply]:
    """Return a reply as replies of one message each: what was sent of it is not sent again."""
    found = [Reply(text) for text in pieces(reply.text)]
    if found:
        found[-1] = replace(reply, text=found[-1].text, asks_position=False)
    if reply.asks_position:
        found.append(Reply("", asks_position=True))
    return found


def _cut(text: str, most: int) -> int:
    end, used = 0, 0
    for character in text:
        used += 2 if ord(character) > 0xFFFF else 1
        if used > most:
            break
        end += 1
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, end // 2, end)
        if at > 0:
            return at
    return end


def keyboard(reply: Reply, delete_label: str) -> InlineKeyboardMarkup | None:
    """Return the buttons under a reply, with one to delete it where it shows a receipt code."""
    rows: list[Sequence[Button]] = list(reply.buttons)
    if reply.holds_code:
        rows.append((Button(DELETE_CODE, delete_label),))
    if not rows:
        return None
    made = [[InlineKeyboardButton(b.label, callback_data=b.value) for b in row] for row in rows]
    return InlineKeyboardMarkup(_bounded(made))


def _bounded(rows: list[list[InlineKeyboardButton]]) -> list[list[InlineKeyboardButton]]:
    kept, count = [], 0
    for row in rows:
        count += len(row)
        if count > MOST_BUTTONS:
            break
        kept.append(row)
    return kept


def position_keyboard(label: str) -> ReplyKeyboardMarkup:
    """Return the one button by which Telegram asks the person whether to share where they are."""
    button = KeyboardButton(label, request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def pressed_text(text: str, label: str) -> str:
    """Return a message after one of its buttons was pressed: what was chosen stands below it."""
    chosen = f"\n\n» {label}" if label else ""
    return text + chosen if units(text + chosen) <= MOST_UNITS else text

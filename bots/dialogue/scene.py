"""What every dialogue is given, and how choices become buttons and answers become choices again."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bots.dialogue.contract import Button, Input, Reply, Room, State, Turn, Wish
from bots.texts import say
from content.catalogue import Catalogue
from content.report_choices import Choice

MOST_TEXT = 8_000
"""The longest text that is heard; what is longer is refused by the limits of what it would be."""
MOST_IN_A_LIST = 10
"""Buttons of one page of a long list."""
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, repr=False)
class Scene:
    """Where a conversation stands and what may be read."""

    state: State
    room: Room

    @property
    def held(self) -> Any:
        """What the dialogue that goes on holds."""
        return self.state.held

    @property
    def catalogue(self) -> Catalogue:
        """The material in the language of the conversation."""
        return self.room.catalogue(self.state.language)

    def say(self, text: str, **values: object) -> str:
        """Return a text in the language of the conversation."""
        return say(self.state.language, text, **values)

    def button(self, value: str, label: str, **values: object) -> Button:
        """Return a button with a label to be translated."""
        return Button(value, self.say(label, **values))

    def to(self, dialogue: str, held: Any = None) -> Scene:
        """Return the scene in which another dialogue goes on."""
        return Scene(replace(self.state, dialogue=dialogue, held=held), self.room)

    def holding(self, held: Any) -> Scene:
        """Return the scene in which the same dialogue holds something else."""
        return Scene(replace(self.state, held=held), self.room)

    def turn(self, *replies: Reply, wishes: tuple[Wish, ...] = ()) -> Turn:
        """Return this scene as what came of an input."""
        return Turn(self.state, replies, wishes)


class Dialogue(Protocol):
    """One dialogue: it asks, and it hears an answer."""

    def ask(self, scene: Scene) -> Reply:
        """Return the question that is open."""
        ...

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of an input; None for one that means nothing here."""
        ...


def rows(buttons: Sequence[Button], across: int = 1) -> Rows:
    """Return buttons in rows."""
    return tuple(tuple(buttons[n : n + across]) for n in range(0, len(buttons), across))


def choice_buttons(scene: Scene, choices: Sequence[Choice], across: int = 1) -> Rows:
    """Return the choices of a question as buttons; "not said" has an empty value."""
    return rows([scene.button(f"v:{choice.value}", choice.label) for choice in choices], across)


def led_by(lead: str, reply: Reply) -> Reply:
    """Return a reply with another text before its own."""
    return replace(reply, text=f"{lead}\n\n{reply.text}") if lead else reply


def clean(text: str) -> str:
    """Return a text as a report may hold it: whole characters, composed, without control signs but lines."""
    whole = text.replace("\r\n", "\n").encode("utf-8", "ignore").decode("utf-8")
    composed = unicodedata.normalize("NFC", whole)
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def one_line(text: str) -> str:
    """Return a text in one line."""
    return " ".join(clean(text).split())

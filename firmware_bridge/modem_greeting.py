"""Says hello to a modem and asks it things: the part of a session that knows nothing of messages.

Whatever the modem was doing before, and whatever it still says, is let pass first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.at_dialogue import ESCAPE, Answer, AtDialogue, Command
from firmware_bridge.modem_health import ModemHealth

NO_AT = (
    "the port answers no AT commands: a modem shows several ports, try the next one; and see that no other "
    "program (ModemManager) uses it"
)


@dataclass(frozen=True)
class ModemSettings:
    """Waits of the talk with a modem. `pin` is used once; a wrong one must not lock the card."""

    pin: str | None = None
    round_s: float = 30.0
    settle_s: float = 0.3
    answer_s: float = 8.0
    listing_s: float = 30.0
    sending_s: float = 90.0
    boot_s: float = 3.0
    hellos: int = 6


class GreetedModem(ABC):
    """A modem that is greeted, then set up by `_set_up_steps`; steps are asked one after the other."""

    def __init__(self, settings: ModemSettings, health: ModemHealth, now: float) -> None:
        self.failure: str | None = None
        self.is_live = False
        self._settings = settings
        self._health = health
        self._talk = AtDialogue()
        self.outgoing = self._talk.outgoing
        self._now = now
        self._steps: deque[Callable[[], None]] = deque()
        self._wake_at = float("inf")
        self._on_wake: Callable[[], None] = self._say_hello
        self._hellos = 0
        self._is_greeting = True

    @abstractmethod
    def _set_up_steps(self) -> list[Callable[[], None]]:
        """Return what to ask once the modem listens; the session that greets says it."""

    def _begin(self) -> None:
        """Start from nothing: whatever the modem was doing, and whatever it still says, is let pass."""
        self._is_not_ready()
        self._is_greeting = True
        self._hellos = 0
        self._talk.timed_out = 0
        self._talk.drop_all()
        self._steps.clear()
        self._talk.outgoing += ESCAPE + b"\r"
        self._wake_in(self._settings.settle_s, self._say_hello)

    def _say_hello(self) -> None:
        if self._hellos >= self._settings.hellos:
            self.failure = NO_AT
            return
        self._hellos += 1
        self._talk.forget_input()
        self._ask("AT", self._said_hello, timeout_s=2.0)

    def _said_hello(self, answer: Answer) -> None:
        # Late answers to an earlier talk may still come: none of ours is asked before it is quiet.
        again = self._say_hello if answer.error is not None else self._set_up
        self._wake_in(self._settings.settle_s, again)

    def _set_up(self) -> None:
        if self._now - self._talk.last_heard_s < self._settings.settle_s:
            self._wake_in(self._settings.settle_s, self._set_up)
            return
        self._is_greeting = False
        self._health.refused_settings.clear()
        self._steps.extend(self._set_up_steps())

    def _ask(
        self,
        line: str,
        then: Callable[[Answer], None],
        prefix: str | None = None,
        timeout_s: float | None = None,
    ) -> None:
        self._talk.ask(Command(line, then, prefix, timeout_s or self._settings.answer_s), self._now)

    def _wake_in(self, seconds: float, then: Callable[[], None]) -> None:
        self._wake_at = self._now + seconds
        self._on_wake = then

    def _note_error(self, answer: Answer) -> None:
        if answer.error is not None:
            self._health.last_error = answer.error

    @staticmethod
    def _ignore(answer: Answer) -> None:
        return None

    def _may_refuse(self, name: str) -> Callable[[Answer], None]:
        def took(answer: Answer) -> None:
            if answer.error is not None:
                self._health.refused_settings.append(name)

        return took

    def _is_not_ready(self) -> None:
        self.is_live = False
        self._health.is_ready = False
        self._steps.clear()

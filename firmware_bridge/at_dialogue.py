"""The talk of commands and answers with a modem, without I/O: bytes and the time in, bytes and events out.

One command is under way at a time. Its answer is lines, then OK or an error; anything unasked that a modem
says in between is told apart by how it begins. After 3GPP TS 27.007 and V.250.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.at_errors import NO_ANSWER, AtError, read_error

LONGEST_LINE = 1024
MOST_LINES = 2000
"""Lines kept of one answer: a store of a thousand messages."""

ESCAPE = b"\x1b"
END_OF_MESSAGE = b"\x1a"

RESTARTED = ("RDY", "^SYSSTART", "NORMAL POWER DOWN", "PB DONE", "START")
"""What a modem says when it comes up anew, or goes down."""

CHATTER = ("RING", "Call Ready", "SMS Ready", "NO CARRIER", "BUSY", "UNDER-VOLTAGE WARNNING", "GPS Ready")
"""Said unasked, and of no use here."""

_MESSAGE_NEWS = re.compile(r'\+(CMTI|CDSI): *"([A-Z]{2})", *([0-9]{1,4})')


@dataclass(frozen=True, repr=False)
class Answer:
    """How a command ended: its lines, and the error, or None after OK."""

    lines: tuple[str, ...] = ()
    error: AtError | None = None
    may_have_acted: bool = False
    """The message had been handed over when the talk broke off: it may have been sent."""


@dataclass(repr=False)
class Command:
    """A command line; `prefix` is how lines of its answer begin, None when any text may be one.

    `payload` is sent after the prompt. `secret` lines are never repeated.
    """

    line: str
    then: Callable[[Answer], None]
    prefix: str | None = None
    timeout_s: float = 5.0
    payload: bytes | None = None
    lines: list[str] = field(default_factory=list)
    is_prompted: bool = False


@dataclass(frozen=True)
class MessageStored:
    """A message came and stands in the store named (SM, ME, ...) at `index`."""

    store: str
    index: int


@dataclass(frozen=True, repr=False)
class MessagePassed:
    """A message came and was passed on without being stored, as hex digits."""

    pdu_hex: str
    is_status_report: bool = False


@dataclass(frozen=True)
class Restarted:
    """The modem started anew or goes down."""


Event = MessageStored | MessagePassed | Restarted


class AtDialogue:
    """Commands in order, answers to those who asked, and a list of what came unasked."""

    def __init__(self) -> None:
        self.outgoing = bytearray()
        self.events: list[Event] = []
        self.timed_out = 0
        """Commands in a row that got no answer."""
        self.last_heard_s = 0.0
        self._received = bytearray()
        self._skips_line = False
        self._waiting: deque[Command] = deque()
        self._current: Command | None = None
        self._deadline_s = float("inf")
        self._expects_pdu: str | None = None

    @property
    def is_idle(self) -> bool:
        """Nothing is under way and nothing waits."""
        return self._current is None and not self._waiting

    def ask(self, command: Command, now: float) -> None:
        """Send a command as soon as those before it are answered."""
        self._waiting.append(command)
        self._go_on(now)

    def drop_all(self) -> None:
        """End every command without an answer: the modem is gone, or has started anew."""
        commands = ([self._current] if self._current else []) + list(self._waiting)
        self._current = None
        self._waiting.clear()
        self._deadline_s = float("inf")
        self._expects_pdu = None
        for command in commands:
            command.then(Answer(error=NO_ANSWER, may_have_acted=command.is_prompted))

    def forget_input(self) -> None:
        """Throw away a line that is not whole."""
        self._received.clear()
        self._skips_line = False
        self._expects_pdu = None

    def next_timer_at(self) -> float:
        """Return when `handle_timers` is due."""
        return self._deadline_s

    def handle_timers(self, now: float) -> None:
        """End a command that got no answer in time."""
        if now >= self._deadline_s and self._current is not None:
            self.timed_out += 1
            if self._current.payload is not None and not self._current.is_prompted:
                self.outgoing += ESCAPE  # the prompt may still come: it must not swallow the next command
            prompted = self._current.is_prompted
            self._finish(Answer(error=NO_ANSWER, may_have_acted=prompted), now)

    def take_bytes(self, received: bytes, now: float) -> None:
        """Act on what has arrived, cut anywhere."""
        self.last_heard_s = now
        for byte in received:
            if byte in b"\r\n":
                self._end_line(now)
            elif byte == 0 or self._skips_line:
                continue
            elif len(self._received) >= LONGEST_LINE:
                self._skips_line = True
            else:
                self._received.append(byte)
                self._look_for_prompt()

    def _look_for_prompt(self) -> None:
        command = self._current
        if command is None or command.payload is None or command.is_prompted:
            return
        # Some send the space, some do not; echo may stand before it on the same line.
        if self._received.endswith(b">") and self._received in (b">", command.line.encode() + b">"):
            self._received.clear()
            command.is_prompted = True
            self.outgoing += command.payload + END_OF_MESSAGE

    def _end_line(self, now: float) -> None:
        line = self._received.decode("ascii", "replace").strip()
        whole = not self._skips_line
        self._received.clear()
        self._skips_line = False
        if line and whole:
            self._take_line(line, now)

    def _take_line(self, line: str, now: float) -> None:
        if self._expects_pdu is not None:
            kind, self._expects_pdu = self._expects_pdu, None
            if re.fullmatch("([0-9A-Fa-f]{2})+", line):
                self.events.append(MessagePassed(line, kind == "CDS"))
                return
        if self._is_unasked(line):
            return
        command = self._current
        if command is None or self._is_echo(command, line):
            return
        error = read_error(line)
        if line == "OK" or error is not None:
            # An answer: whatever it says, the modem is there.
            self.timed_out = 0
            acted = command.is_prompted and error is not None and error.code == "ERROR"
            self._finish(Answer(tuple(command.lines), error, acted), now)
        elif self._belongs(command, line) and len(command.lines) < MOST_LINES:
            command.lines.append(line)

    def _is_unasked(self, line: str) -> bool:
        """Take a line that no command asked for; return whether it was one."""
        if line.startswith(RESTARTED):
            self.events.append(Restarted())
            return True
        if found := _MESSAGE_NEWS.fullmatch(line):
            self.events.append(MessageStored(found[2], int(found[3])))
            return True
        if found := re.match(r"\+(CMT|CDS):", line):
            self._expects_pdu = found[1]
            return True
        asked = self._current.prefix if self._current is not None else None
        if line in CHATTER and not (line == "NO CARRIER" and self._current is not None):
            return True
        if line.startswith("^"):
            return asked is None or not asked.startswith("^")
        if line.startswith("+CREG:") and asked == "+CREG:":
            return line.count(",") in (0, 2)  # the answer has one number more in front
        return line.startswith(("+CREG:", "+CUSD:", "+CPIN:", "+CFUN:", "+CIEV:", "+CGREG:", "+CEREG:")) and (
            asked is None or not line.startswith(asked)
        )

    @staticmethod
    def _is_echo(command: Command, line: str) -> bool:
        if line == command.line:
            return True
        # Echo of the message: it follows the prompt's space, and ends with control-Z.
        bare = line.lstrip("> ").rstrip("\x1a")
        return command.payload is not None and (
            bare == "" or bare.encode("ascii", "replace") == command.payload
        )

    @staticmethod
    def _belongs(command: Command, line: str) -> bool:
        if command.prefix is None or line.startswith(command.prefix):
            return True
        listed = command.prefix in ("+CMGL:", "+CMGR:") and bool(command.lines)
        return listed and re.fullmatch("[0-9A-Fa-f]+", line) is not None

    def _finish(self, answer: Answer, now: float) -> None:
        command, self._current = self._current, None
        self._deadline_s = float("inf")
        if command is not None:
            command.then(answer)
        self._go_on(now)

    def _go_on(self, now: float) -> None:
        if self._current is None and self._waiting:
            self._current = self._waiting.popleft()
            self._deadline_s = now + self._current.timeout_s
            self.outgoing += self._current.line.encode("ascii") + b"\r"

"""A modem session and the emulated modem in memory, on a time that moves when told."""

from __future__ import annotations

from firmware_bridge.emulated_modem import EmulatedModem, EmulatedModemSettings
from firmware_bridge.modem_greeting import ModemSettings
from firmware_bridge.modem_health import ModemHealth
from firmware_bridge.modem_session import ModemSession, PinOnce
from firmware_bridge.sms_credit import CreditJudge
from firmware_bridge.sms_inbox import Incoming, SmsInbox
from firmware_bridge.sms_outbox import SendingSettings, SmsOutbox, Verdict

VILLAGER = "+6281200001234"
OTHER = "+6281300004321"
UNIX_S = 1_780_000_000


class ModemPair:
    """Both ends; `run` moves bytes and time. `chunk` cuts what the modem writes into pieces."""

    def __init__(
        self,
        emulated: EmulatedModemSettings | None = None,
        settings: ModemSettings | None = None,
        sending: SendingSettings | None = None,
        *,
        chunk: int = 4096,
    ) -> None:
        self.now = 1000.0
        self.modem = EmulatedModem(emulated or EmulatedModemSettings(), self.now)
        self.inbox = SmsInbox(bytes(32))
        self.outbox = SmsOutbox(sending or SendingSettings(), CreditJudge(), self.now)
        self.health = ModemHealth(port_problem=None)
        self.pin = PinOnce()
        self.settings = settings or ModemSettings()
        self.chunk = chunk
        self.written = bytearray()
        self.said = bytearray()
        self.connect()

    def connect(self) -> None:
        """Begin a new connection, as after the port was opened again."""
        self.session = ModemSession(self.settings, self.inbox, self.outbox, self.health, self.pin, self.now)

    def run(self, seconds: float) -> None:
        """Let so many seconds pass."""
        end_s = self.now + seconds
        while True:
            self._move_bytes()
            next_s = min(self.session.next_timer_at(), self.modem.next_event_at())
            if next_s > end_s:
                break
            self.now = max(self.now, next_s)
            self.modem.advance(self.now)
            if self.now >= self.session.next_timer_at():
                self.session.handle_timers(self.now)
        self.now = end_s

    def _move_bytes(self) -> None:
        while self.session.outgoing or self.modem.outgoing:
            out = bytes(self.session.outgoing)
            self.session.outgoing.clear()
            self.written += out
            if out:
                self.modem.take_bytes(out, self.now)
            said = bytes(self.modem.outgoing)
            self.modem.outgoing.clear()
            self.said += said
            for start in range(0, len(said), self.chunk):
                self.session.take_bytes(said[start : start + self.chunk], self.now)

    def deliver(self, text: str, sender: str = VILLAGER) -> int:
        """Have the network deliver a message."""
        return self.modem.deliver(sender, text, UNIX_S)

    def take(self) -> list[Incoming]:
        """Take the messages told so far."""
        events = list(self.inbox.events)
        self.inbox.events.clear()
        self.session.events_were_taken(len(events))
        return events

    def send(self, text: str, to: str = VILLAGER, wait_s: float = 120.0) -> list[Verdict]:
        """Put a message into the outbox; the verdict appears in the list that is returned."""
        verdicts: list[Verdict] = []
        self.outbox.put(to, text, self.now + wait_s, verdicts.append, self.now)
        return verdicts

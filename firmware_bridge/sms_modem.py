"""A GSM modem behind a serial port or TCP: sends and receives SMS, comes back by itself."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from random import Random

from firmware_bridge.modem_greeting import ModemSettings
from firmware_bridge.modem_health import ModemHealth
from firmware_bridge.modem_session import ModemSession, PinOnce
from firmware_bridge.radio_port import RadioUrl, open_port
from firmware_bridge.serial_ports import SerialSearch
from firmware_bridge.sms_credit import CreditJudge
from firmware_bridge.sms_inbox import Incoming, SmsInbox
from firmware_bridge.sms_outbox import CLOSED, NotSent, SendingSettings, SmsOutbox, Verdict
from firmware_bridge.supervisor import BackOff, Supervisor
from sync.clock import Clock, SystemClock

INCOMING_PLACES = 256
"""Messages kept for a reader that is behind. More stay on the card and are told when there is room."""

SEND_WAIT_S = 120.0


class SmsModem:
    """One modem at `tcp://HOST:PORT`, `serial:PATH`, `serial:PATTERN` or `serial:auto`. Threads may share it.

    Returns at once; `health()` tells when the modem is ready. `id_key` (32 bytes) makes the ids of messages:
    with the same key a message that still lies on the card after a restart has the same id; without one, keys
    live in memory only. Raises ValueError for a URL of another form.
    """

    def __init__(
        self,
        url: str,
        settings: ModemSettings | None = None,
        sending: SendingSettings | None = None,
        *,
        id_key: bytes | None = None,
        back_off: BackOff | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        search: SerialSearch | None = None,
    ) -> None:
        target = RadioUrl.parse(url)
        self._settings = settings or ModemSettings()
        self._clock = clock or SystemClock()
        self._inbox = SmsInbox(id_key or secrets.token_bytes(32))
        self._outbox = SmsOutbox(sending or SendingSettings(), CreditJudge(), self._clock.monotonic_s())
        self._health = ModemHealth()
        self._pin = PinOnce()
        self._session: ModemSession | None = None
        self._incoming: deque[Incoming] = deque()
        self._news = threading.Condition()
        self._moves = 0
        self._is_closed = False
        search = search or SerialSearch(device="modem")
        self._supervisor = Supervisor(
            lambda: open_port(target, search, "modem"),
            self._new_session,
            self._collect,
            clock=self._clock,
            back_off=back_off or BackOff(),
            random=random or Random(),  # noqa: S311 - waits between attempts: no secret
            name="modem",
            device="modem",
        )
        self._supervisor.start()

    def send(self, number: str, text: str, timeout_s: float = SEND_WAIT_S) -> Verdict:
        """Send a message and wait for the network's word on it; never raises, never waits longer.

        Messages beyond the rate wait their turn. `NotSent` says why, without the number.
        """
        verdicts: list[Verdict] = []

        def decided(verdict: Verdict) -> None:
            with self._news:
                verdicts.append(verdict)
                self._news.notify_all()

        if self._is_closed:
            return CLOSED
        now = self._clock.monotonic_s()
        with self._supervisor.lock:
            self._outbox.put(number, text, now + timeout_s, decided, now)
        self._supervisor.wake()
        with self._news:
            self._news.wait_for(lambda: verdicts, self._clock.real_s(timeout_s))
        if not verdicts:
            with self._supervisor.lock:
                # Nobody else looks while there is no modem; one under way just now is still decided later.
                self._outbox.expire(self._clock.monotonic_s())
        return verdicts[0] if verdicts else self._no_verdict()

    def incoming(self, timeout_s: float) -> Incoming | None:
        """Return the next message, waiting at most so many seconds. Call `forget` when it is safe."""
        with self._news:
            self._news.wait_for(lambda: self._incoming or self._is_closed, self._clock.real_s(timeout_s))
            event = self._incoming.popleft() if self._incoming else None
        self._supervisor.wake()
        return event

    def forget(self, message_id: str) -> None:
        """Delete all parts of a message from the card: it is sealed, or wanted by nobody."""
        with self._supervisor.lock:
            self._inbox.forget(message_id)
            if self._session is not None:
                self._session.look_again()
        self._supervisor.wake()

    def health(self) -> ModemHealth:
        """Return a copy of what is known of the modem; no number is in it."""
        with self._supervisor.lock:
            health = replace(self._health, refused_settings=list(self._health.refused_settings))
            gone = self._supervisor.session is None
        health.waiting_to_send = len(self._outbox)
        health.credit = self._outbox.credit.credit
        if gone:
            health.is_ready = False
            health.port_problem = self._supervisor.problem or "connecting to the modem"
        return health

    def wait_until(self, holds: Callable[[ModemHealth], bool], timeout_s: float) -> bool:
        """Wait until the health fulfils something, at most so many seconds; return whether it does."""
        deadline_s = self._clock.monotonic_s() + timeout_s
        while not self._is_closed:
            seen = self._moves
            if holds(self.health()):
                return True
            left_s = deadline_s - self._clock.monotonic_s()
            # `health` takes the session's lock, so it is never called while `_news` is held.
            with self._news:
                if not self._news.wait_for(
                    lambda: self._moves != seen or self._is_closed,  # noqa: B023 - called before the next turn
                    self._clock.real_s(left_s),
                ):
                    return False
        return False

    def close(self) -> None:
        """Let go of the port and end the thread; may be called twice."""
        self._is_closed = True
        with self._supervisor.lock:
            if self._session is not None:
                self._session.end()
            self._outbox.drop_all(CLOSED)
        with self._news:
            self._news.notify_all()
        self._supervisor.stop()

    def _no_verdict(self) -> NotSent:
        problems = self.health().problems()
        reason = problems[0] if problems else "the modem was busy for too long"
        return NotSent(reason, may_have_been_sent=True)

    def _new_session(self, now: float) -> ModemSession:
        self._health.port_problem = None
        self._session = ModemSession(self._settings, self._inbox, self._outbox, self._health, self._pin, now)
        return self._session

    def _collect(self) -> None:
        """Take over what came in; called by the supervisor's thread."""
        with self._supervisor.lock:
            if self._supervisor.session is None and self._session is not None:
                self._session.end()
                self._session = None
            room = INCOMING_PLACES - len(self._incoming)
            moved = self._inbox.events[:room]
            del self._inbox.events[:room]
            if self._session is not None:
                self._session.events_were_taken(len(moved))
        with self._news:
            self._moves += 1
            self._incoming.extend(moved)
            self._news.notify_all()

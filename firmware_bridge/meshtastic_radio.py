"""A Meshtastic device as a `Radio`: never blocks, never raises, comes back by itself."""

from __future__ import annotations

import threading
from collections import deque
from random import Random

from firmware_bridge.radio_port import RadioUrl, open_port
from firmware_bridge.radio_session import RadioSession, RadioSettings
from firmware_bridge.serial_ports import SerialSearch
from firmware_bridge.supervisor import BackOff, Supervisor
from sync.airtime import PRESETS, Preset, payload_airtime_ms
from sync.carriers.base import HeardPayload, RadioState
from sync.clock import Clock, SystemClock

INBOX_PLACES = 512
"""Payloads kept for a reader that is behind; then the oldest goes, as on the radio itself."""

DEFAULT_PRESET = PRESETS["LongFast"]
"""Assumed until the radio has told its own."""


class MeshtasticRadio:
    """A device behind `tcp://HOST:PORT`, `serial:PATH` or `serial:auto`.

    Returns at once; `state()` tells when the radio is there. A serial device that comes back under another
    name is found again by `search`, where udev runs. `clock` must run at real speed, because it
    judges this machine's ports; an emulated air may run faster all the same.

    Raises ValueError for a URL of another form.
    """

    def __init__(
        self,
        url: str,
        settings: RadioSettings | None = None,
        *,
        back_off: BackOff | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        search: SerialSearch | None = None,
    ) -> None:
        target = RadioUrl.parse(url)
        self._settings = settings or RadioSettings()
        self._clock = clock or SystemClock()
        self._inbox: deque[HeardPayload] = deque(maxlen=INBOX_PLACES)
        self._news = threading.Condition()
        self._is_closed = False
        self._session: RadioSession | None = None
        self._preset: Preset = DEFAULT_PRESET
        self._own_number: int | None = None
        self._dropped_before = 0
        self._limit = RadioSession(self._settings, 0.0).payload_limit()
        search = search or SerialSearch()
        self._supervisor = Supervisor(
            lambda: open_port(target, search),
            self._new_session,
            self._collect,
            clock=self._clock,
            back_off=back_off or BackOff(),
            # Spreads the attempts of many nodes; nothing secret.
            random=random or Random(),  # noqa: S311 - waits and packet ids: no secret
            name=f"radio {target}",
        )
        self._supervisor.start()

    def payload_limit(self) -> int:
        """Return 231 on a channel named `serial` or `gpio`, 219 on any other; by the last one seen."""
        with self._supervisor.lock:
            self._learn()
            return self._limit

    def airtime_ms(self, payload_bytes: int) -> float:
        """Return the time on air at the preset that the radio told, LongFast until it has."""
        with self._supervisor.lock:
            self._learn()
            preset = self._preset
        return payload_airtime_ms(payload_bytes, preset)

    def send(self, payload: bytes, to: int) -> bool:
        """Take a payload for the radio; False when it is gone, silent, full, or the payload too long."""
        with self._supervisor.lock:
            session = self._live_session()
            accepted = session is not None and session.offer(payload, to, self._clock.monotonic_s())
        if accepted:
            self._supervisor.wake()
        return accepted

    def receive(self, timeout_s: float) -> HeardPayload | None:
        """Return the next payload on our port, waiting at most `timeout_s` real seconds."""
        with self._news:
            self._news.wait_for(lambda: self._inbox or self._is_closed, timeout_s)
            return self._inbox.popleft() if self._inbox and not self._is_closed else None

    def state(self) -> RadioState:
        """Return whether the radio is there, and what to do if not."""
        if self._is_closed:
            return RadioState(False, self._own_number, None, "closed", None, self._dropped())
        now = self._clock.monotonic_s()
        with self._supervisor.lock:
            session = self._session if self._supervisor.session is not None else None
            if session is None or not session.is_live:
                problem = session.problem(now) if session is not None else self._supervisor.problem
                problem = problem or "connecting to the radio"
                return RadioState(False, self._own_number, None, problem, None, self._dropped())
            self._learn()
            return RadioState(
                True,
                self._own_number,
                session.sending.free_places(now),
                session.problem(now),
                session.channel_utilisation(now),
                self._dropped(),
                session.configuration.region_duty_cycle,
            )

    def close(self) -> None:
        """Let go of the port and end the thread; may be called twice."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()
        self._supervisor.stop()

    def _live_session(self) -> RadioSession | None:
        if self._is_closed or self._supervisor.session is None:
            return None
        return self._session

    def _dropped(self) -> int:
        """Return how many payloads were not sent, over all connections."""
        return self._dropped_before + (self._session.sending.dropped if self._session is not None else 0)

    def _new_session(self, now: float) -> RadioSession:
        if self._session is not None:
            self._session.sending.lose_all()
            self._dropped_before = self._dropped()
        self._session = RadioSession(self._settings, now)
        return self._session

    def _collect(self) -> None:
        """Take over what the session has heard and learnt; called by the supervisor's thread."""
        with self._supervisor.lock:
            session = self._session
            heard = []
            if session is not None:
                heard = list(session.heard)
                session.heard.clear()
                self._learn()
        if heard:
            with self._news:
                self._inbox.extend(heard)
                self._news.notify_all()

    def _learn(self) -> None:
        """Keep what a live radio says of itself, for the time when it is gone. Call with the lock held."""
        session = self._session
        if session is not None and session.is_live:
            self._own_number = session.configuration.own_number
            self._preset = session.configuration.preset or DEFAULT_PRESET
            self._limit = session.payload_limit()

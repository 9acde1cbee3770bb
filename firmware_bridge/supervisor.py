"""Keeps the port of one radio or modem open for ever: connects, watches, closes on any failure, opens again.

One thread owns the port. Everybody else only puts payloads into a queue and takes some out of another, so
nothing waits for the radio, and nothing dies with it.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import threading
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from firmware_bridge.radio_port import Port, PortProblem
from firmware_bridge.wake import Wake
from sync.clock import Clock

log = logging.getLogger(__name__)

LAST_WORDS_S = 1.0
"""How long closing may take to write what is left: a port closed too soon loses the last packet."""


class Session(Protocol):
    """What the supervisor moves bytes for; see `RadioSession`."""

    outgoing: bytearray
    failure: str | None
    is_live: bool

    def take_bytes(self, received: bytes, now: float) -> None:
        """Act on what has arrived."""
        ...

    def next_timer_at(self) -> float:
        """Return when `handle_timers` is due."""
        ...

    def handle_timers(self, now: float) -> None:
        """Do what is due."""
        ...

    def say_goodbye(self) -> None:
        """Queue the last words."""
        ...


@dataclass(frozen=True)
class BackOff:
    """Pauses between attempts, in seconds: doubled each time, each drawn from half to one and a half.

    A connection that lived for `settled_after_s` counts as a success; the next pause is the first one again.
    """

    first_s: float = 0.5
    longest_s: float = 30.0
    settled_after_s: float = 60.0

    def pause_s(self, failures: int, random: Random) -> float:
        """Return the pause after so many failures in a row."""
        doubled: float = self.first_s * float(1 << min(failures, 16))
        return min(self.longest_s, doubled) * random.uniform(0.5, 1.5)


class Supervisor:
    """The thread. `lock` guards the session: it is held for computing only, never across I/O.

    `new_session(now)` is called, with the lock held, for each new connection; `moved()` after anything may
    have changed, without it. `device` is what messages call the thing at the port.
    """

    def __init__(
        self,
        open_port: Callable[[], Port],
        new_session: Callable[[float], Session],
        moved: Callable[[], None],
        *,
        clock: Clock,
        back_off: BackOff,
        random: Random,
        name: str,
        device: str = "radio",
    ) -> None:
        self.lock = threading.Lock()
        self.session: Session | None = None
        self.problem: str | None = f"connecting to the {device}"
        self._device = device
        self._open_port = open_port
        self._new_session = new_session
        self._moved = moved
        self._clock = clock
        self._back_off = back_off
        self._random = random
        self._stop = threading.Event()
        self._wake = Wake()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Make the thread look at the session again; returns at once."""
        self._wake.call()

    def stop(self) -> None:
        """Say good-bye to the radio, close the port and end the thread; may be called twice."""
        self._stop.set()
        self.wake()
        self._thread.join(LAST_WORDS_S + 1.0)
        if not self._thread.is_alive():
            self._wake.close()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            started_s = self._clock.monotonic_s()
            problem = self._connect_and_serve()
            if self._stop.is_set():
                return
            if self._clock.monotonic_s() - started_s >= self._back_off.settled_after_s:
                failures = 0
            pause_s = self._back_off.pause_s(failures, self._random)
            failures += 1
            if problem != self.problem or failures == 1:
                log.warning("%s: %s", self._device, problem)
            self.problem = problem
            self._moved()
            self._clock.wait(self._stop, pause_s)

    def _connect_and_serve(self) -> str:
        """Serve one connection to its end; return what ended it."""
        try:
            port = self._open_port()
        except PortProblem as problem:
            return str(problem)
        try:
            with self.lock:
                self.session = self._new_session(self._clock.monotonic_s())
            self.problem = None
            return self._serve(port, self.session)
        except PortProblem as problem:
            return str(problem)
        except Exception as error:
            # A fault of ours must not end the watch: the next connection starts afresh. Only the kind of the
            # error is logged, since its text might quote a payload.
            log.error("%s: fault in the bridge: %s", self._device, type(error).__name__)
            return (
                f"fault in the bridge ({type(error).__name__}): report it; "
                f"the {self._device} is being reconnected"
            )
        finally:
            with self.lock:
                self.session = None
            port.close()

    def _serve(self, port: Port, session: Session) -> str:
        with selectors.DefaultSelector() as selector:
            selector.register(port.fileno(), selectors.EVENT_READ, port)
            selector.register(self._wake, selectors.EVENT_READ, None)
            while not self._stop.is_set():
                readable = self._wait(selector, session, port)
                received = port.read() if readable else b""
                now = self._clock.monotonic_s()
                with self.lock:
                    if received:
                        session.take_bytes(received, now)
                    if now >= session.next_timer_at():
                        session.handle_timers(now)
                    failure = session.failure
                if failure is not None:
                    return failure
                self._write(port, session)
                self._moved()
            self._part(port, session, selector)
        return "closed"

    def _wait(self, selector: selectors.BaseSelector, session: Session, port: Port) -> bool:
        """Wait for something to do; return whether the port has something to read."""
        with self.lock:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if session.outgoing else 0)
            wait_s = max(0.0, session.next_timer_at() - self._clock.monotonic_s())
        selector.modify(port.fileno(), events, port)
        readable = False
        for key, ready in selector.select(wait_s):
            if key.data is None:
                self._wake.take()
            elif ready & selectors.EVENT_READ:
                readable = True
        return readable

    def _write(self, port: Port, session: Session) -> None:
        with self.lock:
            chunk = bytes(session.outgoing)
        if chunk:
            written = port.write(chunk)
            with self.lock:
                del session.outgoing[:written]

    def _part(self, port: Port, session: Session, selector: selectors.BaseSelector) -> None:
        """Write what is left and the good-bye, for at most a second."""
        with self.lock:
            session.say_goodbye()
        selector.modify(port.fileno(), selectors.EVENT_WRITE, port)
        deadline_s = self._clock.monotonic_s() + LAST_WORDS_S
        with contextlib.suppress(PortProblem):
            while session.outgoing and self._clock.monotonic_s() < deadline_s:
                selector.select(LAST_WORDS_S / 10)
                self._write(port, session)

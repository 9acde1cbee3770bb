"""The pump between a radio and a session: nothing ends it, nothing makes it spin, it tells no content."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

import pytest

from sync.carriers.base import HeardPayload, RadioState
from sync.carriers.radio import MAX_WAIT_S, RadioPump
from sync.clock import ManualClock
from sync.link.events import OutgoingFrame

UP = RadioState(connected=True, own_number=1, queue_free=16, problem=None)
SECRET = "Pak Haji di Pringgarata"


class ScriptedRadio:
    """A radio whose calls are scripted: an exception in a script is raised."""

    def __init__(self) -> None:
        self.states: list[RadioState | Exception] = []
        self.heard: list[HeardPayload | Exception] = []
        self.sent: list[tuple[bytes, int]] = []
        self.send_errors: list[Exception] = []
        self.waits: list[float] = []
        self.closed = False
        self.turned = threading.Semaphore(0)

    def payload_limit(self) -> int:
        return 231

    def airtime_ms(self, payload_bytes: int) -> float:
        return 1000.0

    def send(self, payload: bytes, to: int) -> bool:
        if self.send_errors:
            raise self.send_errors.pop(0)
        self.sent.append((payload, to))
        return True

    def receive(self, timeout_s: float) -> HeardPayload | None:
        self.waits.append(timeout_s)
        self.turned.release()
        item = self.heard.pop(0) if self.heard else None
        if isinstance(item, Exception):
            raise item
        if item is None:
            threading.Event().wait(0.001)
        return item

    def state(self) -> RadioState:
        state = self.states.pop(0) if self.states else UP
        if isinstance(state, Exception):
            raise state
        return state

    def close(self) -> None:
        self.closed = True


class ScriptedUser:
    """A desk that sends what it is told and keeps what it hears."""

    def __init__(self) -> None:
        self.frames: list[OutgoingFrame | Exception] = []
        self.heard: list[bytes] = []
        self.asked = 0
        self.on_hear: Callable[[HeardPayload], None] = lambda heard: self.heard.append(heard.payload)

    def due_frames(self) -> Sequence[OutgoingFrame]:
        self.asked += 1
        item = self.frames.pop(0) if self.frames else None
        if isinstance(item, Exception):
            raise item
        return [] if item is None else [item]

    def next_timer_at(self) -> float:
        return 1e9 if not self.frames else 0.0

    def hear_payload(self, heard: HeardPayload) -> None:
        self.on_hear(heard)


def pump_until(radio: ScriptedRadio, user: ScriptedUser, turns: int) -> None:
    pump = RadioPump(radio, user, ManualClock())
    for _ in range(turns):
        assert radio.turned.acquire(timeout=20)
    pump.close()


def test_frames_go_out_and_payloads_come_in() -> None:
    radio, user = ScriptedRadio(), ScriptedUser()
    user.frames = [OutgoingFrame(b"a", 7), OutgoingFrame(b"b", 8)]
    radio.heard = [HeardPayload(b"x", 9)]
    pump_until(radio, user, 4)
    assert radio.sent == [(b"a", 7), (b"b", 8)]
    assert user.heard == [b"x"]
    assert radio.closed


def test_no_fault_anywhere_ends_it_and_none_is_told_in_words(caplog: pytest.LogCaptureFixture) -> None:
    radio, user = ScriptedRadio(), ScriptedUser()
    radio.states = [RuntimeError(SECRET), UP]
    radio.heard = [ValueError(SECRET), HeardPayload(SECRET.encode(), 1), HeardPayload(b"good", 1)]
    radio.send_errors = [OSError(SECRET)]
    user.frames = [KeyError(SECRET), OutgoingFrame(b"lost", 1), OutgoingFrame(b"sent", 1)]

    def hear(heard: HeardPayload) -> None:
        if heard.payload != b"good":
            raise UnicodeDecodeError("ascii", heard.payload, 0, 1, SECRET)
        user.heard.append(heard.payload)

    user.on_hear = hear
    with caplog.at_level(logging.DEBUG):
        pump_until(radio, user, 6)
    assert user.heard == [b"good"]
    assert radio.sent == [(b"sent", 1)]
    assert "Haji" not in caplog.text
    for name in ("RuntimeError in state", "KeyError in due_frames", "OSError in send", "UnicodeDecodeError"):
        assert name in caplog.text


def test_a_fault_that_stays_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    radio, user = ScriptedRadio(), ScriptedUser()
    radio.states = [RuntimeError("x")] * 4
    with caplog.at_level(logging.DEBUG):
        pump_until(radio, user, 1)
    assert len([record for record in caplog.records if "link fault" in record.message]) == 1


@pytest.mark.parametrize(
    "state",
    [
        RadioState(connected=False, own_number=None, queue_free=None, problem="unplugged"),
        RadioState(connected=True, own_number=1, queue_free=0, problem=None),
    ],
    ids=["unplugged", "queue full"],
)
def test_a_radio_that_takes_nothing_is_not_asked_a_thousand_times_a_second(state: RadioState) -> None:
    """Nor are frames taken from the session, which would count them as sent."""

    class RealSeconds(ManualClock):
        def real_s(self, seconds: float) -> float:
            return max(0.0, seconds)

    radio, user = ScriptedRadio(), ScriptedUser()
    radio.states = [state] * 5
    user.frames = [OutgoingFrame(b"waits", 1)]
    pump = RadioPump(radio, user, RealSeconds())
    for _ in range(7):
        assert radio.turned.acquire(timeout=20)
    pump.close()
    assert radio.waits[:5] == [MAX_WAIT_S] * 5
    assert radio.sent == [(b"waits", 1)]


def test_waits_are_short_enough_for_an_urgent_report() -> None:
    radio, user = ScriptedRadio(), ScriptedUser()
    pump_until(radio, user, 5)
    assert max(radio.waits) <= MAX_WAIT_S

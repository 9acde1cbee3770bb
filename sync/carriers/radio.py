"""The pump between a radio and a session: send what is due, hand over what is heard, wait for either."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from sync.carriers.base import HeardPayload, Radio
from sync.clock import Clock
from sync.link.events import OutgoingFrame

_log = logging.getLogger(__name__)
MAX_WAIT_S = 0.25
"""Longest real wait: an urgent report filed meanwhile is sent within that time."""


class RadioUser(Protocol):
    """Who uses a radio: the node's or the hub's desk."""

    def due_frames(self) -> Sequence[OutgoingFrame]:
        """Return the frames to send now."""
        ...

    def next_timer_at(self) -> float:
        """Return when there may be one next, on the monotonic clock."""
        ...

    def hear_payload(self, heard: HeardPayload) -> None:
        """Take one payload from the air."""
        ...


class RadioPump:
    """One thread. Nothing that a radio or a stranger on the air does can end it."""

    def __init__(self, radio: Radio, user: RadioUser, clock: Clock) -> None:
        self._radio = radio
        self._user = user
        self._clock = clock
        self._stop = threading.Event()
        self._fault = ""
        self._thread = threading.Thread(target=self._loop, name="radio-pump", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and let go of the radio."""
        self._stop.set()
        self._thread.join(timeout=5)
        self._radio.close()

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                self._turn()
            except Exception as error:
                # The link must outlive any fault in what it carries; the text could hold what was heard.
                place = error.__traceback__
                while place is not None and place.tb_next is not None:
                    place = place.tb_next
                where = "?" if place is None else f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}"
                fault = f"{type(error).__name__} in {where}"
                if fault != self._fault:  # five a second would fill the card
                    _log.error("link fault: %s", fault)
                self._fault = fault
                self._stop.wait(0.2)

    def _turn(self) -> None:
        state = self._radio.state()
        wait_s = MAX_WAIT_S
        if state.connected and state.queue_free != 0:
            for frame in self._user.due_frames():
                self._radio.send(frame.payload, frame.to)
            wait_s = self._user.next_timer_at() - self._clock.monotonic_s()
        # Else frames that are due must not make this thread spin: a radio that is gone is looked at again
        # after the longest wait.
        heard = self._radio.receive(min(MAX_WAIT_S, max(0.001, self._clock.real_s(wait_s))))
        if heard is not None:
            self._user.hear_payload(heard)

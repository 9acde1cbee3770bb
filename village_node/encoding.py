"""A report as bytes: in the dense text model while nobody waits long for it, else in the quick one.

The dense model is plain Python and holds the interpreter, so two at once take as long as one after the
other. They go one at a time; whoever comes meanwhile gets the quick model, which takes milliseconds, and so
does a crowd: pages wait for the interpreter too. Waits are told by the node's clock: in a demonstration whose
clock runs fifty times as fast, a board is fifty times as slow, and its hub too, so reports go quick. A
report's text reaches neither the log nor the figures: what is counted is bytes and milliseconds.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from sync.clock import Clock
from sync.records import Report
from sync.wire.followups import write_text
from sync.wire.quick_text import shipped_table
from sync.wire.report_codec import encode_report, encode_report_with
from sync.wire.text_models import DENSE, LONE_PATIENCE_MS, QUICK, TEXT_MODELS, model_for

_log = logging.getLogger(__name__)

FILE_PATIENCE_MS = 5000.0
"""How much dense work may stand in line for reports of a file: nobody looks at a screen for each of them."""
REST = 0.25
"""The share of the time that dense texts may take when reports never stop coming."""
MOST_OWED_MS = 2 * FILE_PATIENCE_MS
"""A board that stood still for a minute need not rest for four."""
CROWD_REPORTS, CROWD_S = 5, 2.0
"""So many reports within so many seconds are a crowd: pages and dense texts share one interpreter, and a
quarter of it for dense texts makes everybody wait a third longer."""
LEARNING = 0.125
"""How much one report moves the running estimate."""
PROBE_AGAIN_S = 3600.0
"""A board that was found too slow, perhaps because it was busy, is tried again after so long."""
OTHER_TEXTS_BYTES = 16
"""What names and the like add to the narrative, about."""
BYTES_OF_A_KNOWN_LETTER = 1.5
"""More than that on average is a script that the quick model does not know: it would take half a second for
the longest text and more bytes than an instant model."""
SAMPLE = "Ada orang datang ke dusun mengajak anak-anak kerja ke luar negeri, gaji besar, tanpa paspor."

T = TypeVar("T")
Encode = Callable[[Report, int], bytes]
Probe = Callable[[], None]


def _probe() -> None:
    """Write one sentence in the dense model; the first time, this loads its data."""
    TEXT_MODELS[DENSE].encode([SAMPLE])


class ReportEncoder:
    """Writes reports and picks the text model of each. Threads share it."""

    def __init__(
        self, clock: Clock, *, dense: bool = True, encode: Encode = encode_report_with, probe: Probe = _probe
    ) -> None:
        self._clock = clock
        self._dense = dense
        self._encode = encode
        self._probe = probe
        self._lock = threading.Lock()
        self._dense_turn = threading.Lock()
        self._quick_loads = threading.Lock()
        self._byte_ms: float | None = None
        """What the dense model takes for a byte on this board; None until it is loaded."""
        self._came_at: deque[float] = deque(maxlen=CROWD_REPORTS)
        """When the last reports came that somebody waits for."""
        self._awaited = 0
        """How many dense texts are in hand that somebody waits for: none or one."""
        self._owed_ms = 0.0
        """Dense work that is in hand or was done lately, and not rested from."""
        self._owed_at = self._probed_at = clock.monotonic_s()

    @property
    def state(self) -> str:
        """Return how a lone report of usual length would be written: "dense", "quick", or "loading" yet."""
        if not self._dense:
            return "quick"
        byte_ms = self._byte_ms
        if byte_ms is None:
            return "loading"
        return "dense" if byte_ms * 2 * len(SAMPLE) <= LONE_PATIENCE_MS else "quick"

    def load(self) -> None:
        """Load the dense model and time it, unless it is never to be used. Seconds on a small board.

        A fault is logged by its kind and leaves the quick model in use.
        """
        if not self._dense:
            return
        try:
            self._probe()
            self._measure()
        except Exception as error:  # reports are written larger; that is no reason for taking none
            _log.error(
                "the dense text model does not load: %s; reports are written quick", type(error).__name__
            )
            self._dense = False

    def load_in_background(self) -> None:
        """Do that in a thread of its own; until it is done reports are written quick."""
        if self._dense:
            threading.Thread(target=self.load, name="dense-text", daemon=True).start()

    def encode(self, report: Report, *, patient: bool = False) -> bytes:
        """Return the report's wire form: the picked model's or an instant one, whichever is shorter.

        `patient`: it is one of many, and nobody waits for this one alone. Raises what `encode_report` does.
        """

        def write(model: int | None) -> bytes:
            return encode_report(report) if model is None else self._encode(report, model)

        return self._written(report.narrative, write, patient)

    def write_text(self, text: str) -> tuple[int, bytes]:
        """Return the model and the bytes of the text of an addition, which somebody waits for."""
        return self._written(text, lambda model: write_text(text, model), False)

    def _written(self, text: str, write: Callable[[int | None], T], patient: bool) -> T:
        """Write in the picked model; None stands for an instant one."""
        text_bytes = len(text.encode("utf-8", "surrogatepass")) + OTHER_TEXTS_BYTES
        guess_ms = self._reserve(text_bytes, patient)
        if guess_ms is None:
            foreign = text_bytes > BYTES_OF_A_KNOWN_LETTER * len(text) + OTHER_TEXTS_BYTES
            if foreign:
                return write(None)
            with self._quick_loads:  # eight threads would each load a table: 30 MB for that moment
                shipped_table()
            return write(QUICK)
        took_ms = guess_ms
        try:
            with self._dense_turn:
                begin = self._clock.monotonic_s()
                wire = write(DENSE)
                took_ms = self._ms_since(begin)
        finally:
            self._account(text_bytes, guess_ms, took_ms, patient)
        return wire

    def _reserve(self, text_bytes: int, patient: bool) -> float | None:
        """Take a place in the line of dense work and return what it is thought to take; None: write quick."""
        with self._lock:
            if self._byte_ms is None:
                return None
            self._rest()
            guess_ms = self._byte_ms * text_bytes
            if patient:
                dense = self._owed_ms + guess_ms <= FILE_PATIENCE_MS
            else:
                alone = not self._is_crowd() and self._awaited == 0
                dense = alone and model_for(guess_ms, ahead_ms=self._owed_ms) == DENSE
                self._awaited += dense
            if dense:
                self._owed_ms += guess_ms
                return guess_ms
            too_slow = self._owed_ms == 0 and guess_ms > LONE_PATIENCE_MS
        if too_slow:
            self._probe_again()
        return None

    def _is_crowd(self) -> bool:
        """Whether this report comes with many others; it is counted as one of them."""
        now = self._clock.monotonic_s()
        self._came_at.append(now)
        return len(self._came_at) == CROWD_REPORTS and self._came_at[0] > now - CROWD_S

    def _account(self, text_bytes: int, guess_ms: float, took_ms: float, patient: bool) -> None:
        with self._lock:
            self._awaited -= not patient
            self._rest()
            self._owed_ms = min(MOST_OWED_MS, max(0.0, self._owed_ms + took_ms - guess_ms))
            if self._byte_ms is not None:
                self._byte_ms += (took_ms / text_bytes - self._byte_ms) * LEARNING

    def _rest(self) -> None:
        now = self._clock.monotonic_s()
        self._owed_ms = max(0.0, self._owed_ms - self._ms_since(self._owed_at) * REST)
        self._owed_at = now

    def _measure(self) -> None:
        """Set the estimate to the best of three: a busy moment makes a board look slow, never fast."""
        times = []
        for _ in range(3):
            with self._dense_turn:
                begin = self._clock.monotonic_s()
                self._probe()
                times.append(self._ms_since(begin))
        with self._lock:
            self._byte_ms = min(times) / len(SAMPLE)
            self._probed_at = self._clock.monotonic_s()

    def _probe_again(self) -> None:
        with self._lock:
            if self._clock.monotonic_s() - self._probed_at < PROBE_AGAIN_S:
                return
            self._probed_at = self._clock.monotonic_s()
        threading.Thread(target=self._measure, name="dense-text", daemon=True).start()

    def _ms_since(self, begin: float) -> float:
        return (self._clock.monotonic_s() - begin) * 1000

"""How this box runs as its hub set it: a newer set is on probation, and goes back when the hub is silent.

The probation is running time, summed up on the card: no date is asked, and power cuts do not begin it
anew.
Each start counts as ten minutes, whose first thing is to call the hub; so a set under which the program
cannot run ends as well. What proves a set is the hub's receipt for this box's own word that it tries it: the
word was sealed under the set, so no old answer that somebody plays again can stand for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sync.clock import Clock
from sync.errors import MalformedWire, SealBroken
from sync.identifiers import EnvelopeId
from sync.sealing.signing import open_signed
from sync.storage.writer import StorageError
from sync.wire.box_settings import BadSetting, SettingsHeld, check_values, decode_values
from sync.wire.control_records import SignedSetting, encode_up_control
from sync.wire.numbers import BoxSetting, SettingsState
from sync.wire.settings_records import SETTING_LABEL, BoxSettings, decode_setting
from village_node.config import NodeConfig
from village_node.log import NodeLog
from village_node.services import NotTaken

_log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 120.0
FIRST_LOOK_S: Final = 10.0
START_COUNTS_S: Final = 600
SETTLE_S: Final = 60.0
"""Between taking a set and starting anew with it: the hub is told meanwhile that it came."""
HOUR_S: Final = 3600
_KEPT, _TRIAL, _LAST, _RAN = "box_set_kept", "box_set_trial", "last_box_set", "box_set_ran_s"
_WORD, _TO_SAY, _ENDED = "box_set_word", "box_set_to_say", "box_set_ended"
Values = Mapping[BoxSetting, int | str]
Send = Callable[[bytes, Callable[[EnvelopeId], None]], None]


@dataclass(frozen=True)
class _Set:
    """A set as it was signed, and what it says."""

    signed: str
    record: BoxSettings
    values: Values

    def said(self, state: SettingsState, setting: int = 0) -> str:
        """Return the word about it, in hexadecimal."""
        held = SettingsHeld(state, self.record.generation, self.record.serial, setting)
        return encode_up_control(held).hex()


class RunningSettings:
    """Keeps the sets, and says which one runs. Threads may share it."""

    def __init__(
        self, log: NodeLog, clock: Clock, *, hub_signing_public: bytes, node_number: int, runs: bool
    ) -> None:
        """`runs`: this is a box that serves; a command that opens it for a moment tries nothing."""
        self._log = log
        self._clock = clock
        self._hub = hub_signing_public
        self._node_number = node_number
        self._runs = runs
        self._lock = threading.Lock()
        self._applied: _Set | None = None
        self._known: dict[str, _Set | None] = {}
        self._by_internet = False
        self._answered: object = None
        self._mark = self._changed_at = clock.monotonic_s()
        self.on_change: Callable[[], None] = lambda: None
        """Told when the program has to start anew, because another set must run."""
        self.starts_anew = False
        """Whether it was told."""

    # -- at a start -------------------------------------------------------------------------------

    def begin(self, config: NodeConfig) -> NodeConfig:
        """Return how this start runs; on probation it counts, and may be the one that goes back."""
        if not self._runs:
            return config
        trial, kept = self._trial(), self._set(_KEPT)
        if trial is not None:
            ran_s = self._log.number(_RAN) + START_COUNTS_S
            if ran_s >= trial.record.probation_hours * HOUR_S:
                self._go_back(trial)
                trial = None
            else:
                self._log.set_number(_RAN, ran_s)
        now, before = applied(config, trial or kept), applied(config, kept)
        self._applied = trial or kept
        self._by_internet = trial is None or now.hub_url == before.hub_url
        return now

    def _trial(self) -> _Set | None:
        trial = self._set(_TRIAL)
        if trial is None and self._log.text(_TRIAL) is not None:
            # Damaged on the card: what stood before it runs.
            self._log.set_texts({_TRIAL: None, _RAN: None, _WORD: None})
        return trial

    # -- from the hub -----------------------------------------------------------------------------

    def take_setting(self, record: SignedSetting) -> None:
        """Keep a set that the hub signed for this box and that is newer, to be tried; within a job of the
        store. One that is not allowed is refused, and the hub is told; anything else changes nothing."""
        found = self._read(record.signed)
        if found is None or found.node_number != self._node_number:
            return
        place = f"{found.generation:010}.{found.serial:020}"
        if place <= (self._log.text(_LAST) or ""):
            return
        new = _Set(record.signed.hex(), found, {})
        try:
            new = replace(new, values=_checked(found))
        except BadSetting as bad:
            word = new.said(SettingsState.REFUSED, bad.setting & 0xFF)
            self._log.set_texts({_LAST: place, _TO_SAY: self._to_say(word), _ENDED: "refused"})
            return
        kept = self._set(_KEPT)
        texts: dict[str, str | None] = {_LAST: place, _RAN: None, _WORD: None, _ENDED: None}
        if new.values == _values_of(kept):
            # What runs well already needs no trial; one that is on probation ends with it.
            word = new.said(SettingsState.KEPT)
            texts |= {_KEPT: new.signed, _TRIAL: None, _TO_SAY: self._to_say(word)}
        else:
            texts[_TRIAL] = new.signed
        self._log.set_texts(texts)
        self._changed_at = self._clock.monotonic_s()

    def _read(self, signed: bytes) -> BoxSettings | None:
        try:
            setting = decode_setting(open_signed(self._hub, SETTING_LABEL, signed))
        except (SealBroken, MalformedWire):
            return None
        return setting if isinstance(setting, BoxSettings) else None

    def _set(self, key: str) -> _Set | None:
        text = self._log.text(key)
        if text is None:
            return None
        if text not in self._known:
            if len(self._known) > 2:
                self._known.clear()
            self._known[text] = self._opened(text)
        return self._known[text]

    def _opened(self, text: str) -> _Set | None:
        try:
            found = self._read(bytes.fromhex(text))
            return None if found is None else _Set(text, found, _checked(found))
        except ValueError:
            return None

    def _to_say(self, word: str) -> str:
        return f"{self._log.text(_TO_SAY) or ''} {word}".strip()

    # -- while it runs ----------------------------------------------------------------------------

    def reached_by_internet(self, answered: object) -> None:
        """Take note of an exchange over the internet; `answered` is the hub's newest answer by a bundle."""
        self._by_internet |= answered is not None and answered is not self._answered
        self._answered = answered

    def run(self, closing: threading.Event, send: Send) -> None:
        """Look now and then, until `closing`."""
        self._clock.wait(closing, FIRST_LOOK_S)
        while not closing.is_set():
            try:
                self.turn(send)
            except (NotTaken, StorageError) as error:
                _log.warning("settings of the box: not kept (%s), tried again", type(error).__name__)
            self._clock.wait(closing, LOOK_EVERY_S)

    def turn(self, send: Send) -> None:
        """Tell the hub, count the time, and end a probation that is over; `send` seals a word.

        Raises NotTaken or StorageError; then it is tried again at the next turn.
        """
        with self._lock:
            self._say(send)
            trial = self._trial()
            now = self._clock.monotonic_s()
            gone_s, self._mark = now - self._mark, now
            if not self.must_start_anew:
                self._applied = trial or self._set(_KEPT)  # signed again, the same values
                if self._runs and trial is not None:
                    self._try(trial, gone_s, send)
            if self.must_start_anew and now - self._changed_at >= SETTLE_S and not self.starts_anew:
                _log.info("another set of settings: starting anew")
                self.starts_anew = True
                self.on_change()

    def _say(self, send: Send) -> None:
        while words := (self._log.text(_TO_SAY) or "").split():
            rest = " ".join(words[1:]) or None

            def keep(_: EnvelopeId, rest: str | None = rest) -> None:
                self._log.set_texts({_TO_SAY: rest})

            send(bytes.fromhex(words[0]), keep)

    def _try(self, trial: _Set, gone_s: float, send: Send) -> None:
        word = self._log.text(_WORD)
        if word is None:

            def keep(place: EnvelopeId) -> None:
                self._log.set_texts({_WORD: str(place)})

            send(bytes.fromhex(trial.said(SettingsState.ON_PROBATION)), keep)
        elif self._by_internet and not self._log.waits(word):
            said = self._to_say(trial.said(SettingsState.KEPT))
            ended = {_TRIAL: None, _RAN: None, _WORD: None, _ENDED: None}
            self._log.set_texts({_KEPT: trial.signed, _TO_SAY: said, **ended})
            self._say(send)
            return
        ran_s = self._log.number(_RAN) + int(gone_s)
        self._log.set_number(_RAN, ran_s)
        if ran_s >= trial.record.probation_hours * HOUR_S:
            self._go_back(trial)

    def _go_back(self, trial: _Set) -> None:
        said = self._to_say(trial.said(SettingsState.WENT_BACK))
        self._log.set_texts({_TRIAL: None, _RAN: None, _WORD: None, _TO_SAY: said, _ENDED: "went_back"})

    @property
    def must_start_anew(self) -> bool:
        """Whether another set must run than this start runs."""
        wanted = self._set(_TRIAL) or self._set(_KEPT)
        return self._runs and _values_of(wanted) != _values_of(self._applied)

    # -- for people -------------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """Return which set runs or will, as JSON-ready fields. `ended` says how the last probation did."""
        trial, kept = self._set(_TRIAL), self._set(_KEPT)
        shown = trial or kept
        left_s = None
        if trial is not None:
            left_s = max(0, trial.record.probation_hours * HOUR_S - self._log.number(_RAN))
        return {
            "state": "probation" if trial is not None else "own" if shown is None else "kept",
            "hours_left": None if left_s is None else -(-left_s // HOUR_S),
            "values": named(_values_of(shown)),
            "ended": self._log.text(_ENDED),
        }

    def forget(self) -> None:
        """Run as the box was set up, at the next start, until the hub sends another set; and tell the hub."""
        now = self._set(_TRIAL) or self._set(_KEPT)
        if now is not None:
            said = self._to_say(now.said(SettingsState.BY_HAND))
            ended = {_TRIAL: None, _KEPT: None, _RAN: None, _WORD: None}
            self._log.set_texts({**ended, _TO_SAY: said, _ENDED: "by_hand"})


def _values_of(chosen: _Set | None) -> Values:
    return {} if chosen is None else chosen.values


def _checked(found: BoxSettings) -> Values:
    try:
        values = decode_values(found.values)
    except MalformedWire as error:
        raise BadSetting(0) from error
    check_values(values, found.probation_hours)
    return values


def named(values: Values) -> dict[str, int | str]:
    """Return values by the names of their numbers, in small letters."""
    return {setting.name.lower(): value for setting, value in sorted(values.items())}


def applied(config: NodeConfig, chosen: _Set | None) -> NodeConfig:
    """Return a configuration with the values of a set in the place of its own."""
    values = _values_of(chosen)
    fields: dict[str, Any] = {}
    for setting, field, unit in (
        (BoxSetting.AIRTIME_PERMILLE, "duty_cycle", 0.001),
        (BoxSetting.POLL_MINUTES, "beacon_s", 60.0),
        (BoxSetting.INTERNET_MINUTES, "internet_every_s", 60.0),
        (BoxSetting.WAIT_LEAST_MINUTES, "wait_min_s", 60.0),
        (BoxSetting.WAIT_MOST_MINUTES, "wait_max_s", 60.0),
    ):
        value = values.get(setting)
        if isinstance(value, int):
            fields[field] = value * unit
    for setting, field in ((BoxSetting.GATEWAY, "gateway"), (BoxSetting.DENSE_TEXT, "dense_text")):
        if setting in values:
            fields[field] = bool(values[setting])
    if BoxSetting.HUB_URL in values:
        fields["hub_url"] = values[BoxSetting.HUB_URL]
    return replace(config, **fields)

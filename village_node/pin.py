"""The facilitator's PIN: set once with a code, checked slowly, locked for longer with each wrong try."""

from __future__ import annotations

import re
import secrets
import threading

from sync.errors import MalformedWire, SealBroken
from sync.passwords import hash_password, join_hash, password_matches
from sync.sealing.signing import open_signed
from sync.wire.control_records import SignedSetting
from sync.wire.settings_records import SETTING_LABEL, ResetPin, decode_setting
from village_node.log import NodeLog
from village_node.services import TooManyGuesses
from village_node.timekeeping import TimeKeeper

PIN_MIN_DIGITS, PIN_MAX_DIGITS = 6, 12
CODE_DIGITS = 8
FREE_TRIES = 5
"""Wrong PINs in a row before waiting: a person mistypes."""
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 900
"""Doubled with each wrong PIN up to this: a PIN of six digits then holds for years, and a facilitator whom
somebody locks out on purpose gets a turn each quarter of an hour."""
_PIN, _CODE, _SERIAL = "facilitator_pin", "facilitator_code", "facilitator_serial"
_WRONG, _WRONG_AT, _LAST_SETTING = "facilitator_wrong", "facilitator_wrong_at", "last_setting"


class PinRefused(Exception):
    """A PIN that cannot be set; the text says what is allowed, in Indonesian."""


class CodeWrong(Exception):
    """The code that allows to set a PIN is another one, was used, or none was made."""


def new_code() -> str:
    """Return a code that can be read out on the telephone."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def digits_of(typed: str) -> str:
    """Return what was typed without the spaces and hyphens that people put between digits."""
    return re.sub(r"[\s\-.]", "", typed)


def check_pin(pin: str) -> None:
    """Raise PinRefused unless a PIN may be set."""
    if re.fullmatch(rf"[0-9]{{{PIN_MIN_DIGITS},{PIN_MAX_DIGITS}}}", pin) is None:
        raise PinRefused(f"PIN terdiri dari {PIN_MIN_DIGITS} sampai {PIN_MAX_DIGITS} angka.")
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    if steps in ({0}, {1}, {9}):
        raise PinRefused("PIN ini terlalu mudah ditebak. Jangan angka yang sama semua atau berurutan.")


class Wait:
    """How long everybody waits after wrong tries. Kept on disk, so that pulling the plug wins nothing.

    No phone is told from another: the wait is that of the whole box. Where the box does not know its date
    after a start, the wait begins anew with it.
    """

    def __init__(self, log: NodeLog, times: TimeKeeper) -> None:
        self._log = log
        self._times = times
        away_s = times.age_of_wall_s(log.number(_WRONG_AT) or None)
        self._wrong_at = times.monotonic_s() - (away_s or 0)

    def take(self) -> None:
        """Count a try before it is made; raise TooManyGuesses while it has to wait."""
        wrong = self._log.number(_WRONG)
        if wrong >= FREE_TRIES:
            wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S << min(wrong - FREE_TRIES, 10))
            left_s = wait_s - (self._times.monotonic_s() - self._wrong_at)
            if left_s > 0:
                raise TooManyGuesses(int(left_s) + 1)
        self._log.set_number(_WRONG, wrong + 1)
        self._log.set_number(_WRONG_AT, self._times.trusted_wall_s() or 0)
        self._wrong_at = self._times.monotonic_s()

    def right(self) -> None:
        """The try was right: the next wrong one is the first again."""
        self._log.set_number(_WRONG, 0)


class Pin:
    """Sets, checks and unsets the PIN. Threads may share it; one try is made at a time."""

    def __init__(
        self, log: NodeLog, times: TimeKeeper, *, hub_signing_public: bytes, node_number: int
    ) -> None:
        self._log = log
        self._wait = Wait(log, times)
        self._hub = hub_signing_public
        self._node_number = node_number
        self._one_at_a_time = threading.Lock()

    @property
    def is_set(self) -> bool:
        """Whether there is a PIN; without one the site asks for a code."""
        return self._log.text(_PIN) is not None

    @property
    def has_code(self) -> bool:
        """Whether a code was made with which a PIN may be set."""
        return self._log.text(_CODE) is not None

    @property
    def serial(self) -> int:
        """Return a number that grows whenever the PIN is set or unset: what was open before ends."""
        return self._log.number(_SERIAL)

    def matches(self, typed: str) -> bool:
        """Return whether it is the PIN; raise TooManyGuesses."""
        with self._one_at_a_time:
            return self._try(_PIN, typed)

    def _try(self, key: str, typed: str) -> bool:
        self._wait.take()
        right = password_matches(digits_of(typed), self._log.text(key))
        if right:
            self._wait.right()
        return right

    def set_with_code(self, code: str, pin: str) -> None:
        """Set a PIN where there is none; the code is used up.

        Raises PinRefused, CodeWrong, TooManyGuesses.
        """
        pin = digits_of(pin)
        check_pin(pin)
        with self._one_at_a_time:
            if self.is_set or not self.has_code or not self._try(_CODE, code):
                raise CodeWrong
            self._keep(pin)

    def change(self, old: str, pin: str) -> bool:
        """Set another PIN; return False when the old one is wrong. Raises PinRefused, TooManyGuesses."""
        pin = digits_of(pin)
        check_pin(pin)
        with self._one_at_a_time:
            if not self._try(_PIN, old):
                return False
            self._keep(pin)
            return True

    def _keep(self, pin: str) -> None:
        self._log.set_texts(
            {_PIN: hash_password(pin), _CODE: None, _SERIAL: str(self._log.number(_SERIAL) + 1)}
        )

    def take_setting(self, record: SignedSetting) -> None:
        """Unset the PIN when the hub says so, once; call it within a job of the store.

        Anything else (not signed by the hub, for another node, taken before, of a later version) changes
        nothing.
        """
        try:
            setting = decode_setting(open_signed(self._hub, SETTING_LABEL, record.signed))
        except (SealBroken, MalformedWire):
            return
        if not isinstance(setting, ResetPin):
            return
        place = f"{setting.generation:010}.{setting.serial:020}"
        if setting.node_number != self._node_number or place <= (self._log.text(_LAST_SETTING) or ""):
            return
        unset_pin(self._log, join_hash(setting.code_salt, setting.code_hash), {_LAST_SETTING: place})


def unset_pin(log: NodeLog, code_hash: str, also: dict[str, str] | None = None) -> None:
    """Forget the PIN, end what is open, and let the code behind this hash set a new one."""
    serial = str(log.number(_SERIAL) + 1)
    log.set_texts({_PIN: None, _CODE: code_hash, _SERIAL: serial, _WRONG: "0", **(also or {})})


def reset_pin_here(log: NodeLog) -> str:
    """Forget the PIN and return the code that sets a new one: for whoever holds the card."""
    code = new_code()
    unset_pin(log, hash_password(code))
    return code


def make_code(log: NodeLog) -> str | None:
    """Return a fresh code where no PIN is set, or None where there is one."""
    if log.text(_PIN) is not None:
        return None
    code = new_code()
    log.set_texts({_CODE: hash_password(code)})
    return code

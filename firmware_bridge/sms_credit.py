"""Whether the SIM card has run out of credit. No standard has a word for it, so it is judged.

Two signs are taken: the operator's own text (from a short code or a name) says so; or several messages in a
row were refused in one of the ways in which operators refuse an empty card. A message that goes through, or a
text that tells of a top-up, ends the suspicion.
"""

from __future__ import annotations

import re
from enum import Enum

from firmware_bridge.at_errors import AtError, Trouble

REFUSALS_IN_A_ROW = 3
TRY_AGAIN_S = 600.0
"""While the card seems empty one message in so long is tried, so that a top-up is noticed by itself."""

EMPTY_CARD_CODES = frozenset(f"CMS ERROR {code}" for code in (8, 10, 21, 38, 50, 69, 500))
"""Barred, rejected, out of order, not subscribed, not implemented, unknown: what networks answer."""

_EMPTY = re.compile(
    r"(pulsa|saldo|kuota)\b.{0,40}\b(tidak (cukup|mencukupi)|tdk cukup|habis|kurang|kosong)"
    r"|masa (aktif|tenggang)\b.{0,40}\b(habis|berakhir|lewat|telah)"
    r"|(insufficient|not enough|no) (credit|balance)|(credit|balance) (is )?(insufficient|too low|expired)",
    re.IGNORECASE | re.DOTALL,
)
_TOPPED_UP = re.compile(
    r"(isi ulang|pengisian|pembelian) pulsa\b.{0,60}\bberhasil"
    r"|pulsa (anda )?(telah |sudah )?bertambah|top.?up",
    re.IGNORECASE | re.DOTALL,
)


class Credit(Enum):
    """What is believed of the credit."""

    UNKNOWN = "unknown: nothing was sent yet"
    ENOUGH = "the last message was taken"
    SUSPECTED = "seems used up: several messages in a row were refused"
    OUT = "used up: the operator says so"


class CreditJudge:
    """Judges by what was refused and by what the operator writes."""

    def __init__(self) -> None:
        self.credit = Credit.UNKNOWN
        self._refusals = 0
        self._next_trial_s = 0.0

    def sent(self) -> None:
        """Take note that a message was taken by the network."""
        self._refusals = 0
        self.credit = Credit.ENOUGH

    def refused(self, error: AtError, now: float) -> None:
        """Take note of a message refused for good."""
        if error.code not in EMPTY_CARD_CODES and error.trouble is not Trouble.NOT_ALLOWED:
            return
        self._refusals += 1
        if self._refusals >= REFUSALS_IN_A_ROW and self.credit is not Credit.OUT:
            self.credit = Credit.SUSPECTED
        if self.is_out:
            self._next_trial_s = now + TRY_AGAIN_S

    def heard_from_operator(self, text: str, now: float) -> None:
        """Take note of a text from a name or a short code."""
        if _TOPPED_UP.search(text):
            self._refusals = 0
            self.credit = Credit.UNKNOWN
        elif _EMPTY.search(text):
            self.credit = Credit.OUT
            self._next_trial_s = now + TRY_AGAIN_S

    @property
    def is_out(self) -> bool:
        """The card seems empty."""
        return self.credit in (Credit.SUSPECTED, Credit.OUT)

    def may_try(self, now: float) -> bool:
        """Return whether to hand a message to the modem now."""
        return not self.is_out or now >= self._next_trial_s

    def tried(self, now: float) -> None:
        """Take note that a message is tried although the card seems empty."""
        self._next_trial_s = now + TRY_AGAIN_S

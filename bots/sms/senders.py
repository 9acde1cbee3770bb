"""Who wrote: a person who may be answered, or a service; and a name for each that tells nobody the number."""

from __future__ import annotations

import hashlib
import re
import secrets
from enum import Enum

SHORT_CODE_DIGITS = 6
LEAST_DIGITS = 8
MOST_DIGITS = 15


class SenderKind(Enum):
    """Whether a sender can be written back to."""

    PERSON = "a number that can be answered"
    SERVICE = (
        "a name or a short code: an operator, a bank, an advertisement; answers cost money or go nowhere"
    )
    UNKNOWN = "no number was shown"


def kind_of(sender: str, *, is_alphanumeric: bool) -> SenderKind:
    """Return what kind of sender this is. Services and unknown senders are never answered."""
    if is_alphanumeric:
        return SenderKind.SERVICE
    digits = sender.removeprefix("+")
    if not re.fullmatch("[0-9]+", digits):
        return SenderKind.UNKNOWN
    if len(digits) <= SHORT_CODE_DIGITS:
        return SenderKind.SERVICE
    return SenderKind.PERSON if LEAST_DIGITS <= len(digits) <= MOST_DIGITS else SenderKind.UNKNOWN


class SenderKeys:
    """Makes keys of numbers. The secret lives in memory only: after a restart all keys are others."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)

    def key_of(self, sender: str) -> bytes:
        """Return 16 bytes for a number, the same for 0812..., 62812... and +62812..."""
        return hashlib.blake2b(_usual(sender).encode("utf-8"), key=self._secret, digest_size=16).digest()


def _usual(sender: str) -> str:
    digits = re.sub("[^0-9A-Za-z]", "", sender)
    if re.fullmatch("0[1-9][0-9]{6,}", digits):
        return "62" + digits[1:]
    return digits

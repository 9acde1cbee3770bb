"""Who wrote: a person who may be answered, or a service; and one form for each number."""

from __future__ import annotations

import re
from enum import Enum

SHORT_CODE_DIGITS = 6
LEAST_DIGITS = 8
MOST_DIGITS = 15

_PREMIUM = re.compile("62809|1900|449|61190")
"""Numbers that charge whoever writes: of Indonesia, North America, Britain, Australia."""


class SenderKind(Enum):
    """Whether a sender can be written back to."""

    PERSON = "a number that can be answered"
    SERVICE = (
        "a name or a short code: an operator, a bank, an advertisement; answers cost money or go nowhere"
    )
    PREMIUM = "a number that costs much to write to: what it wrote is taken, and not answered"
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
    if _PREMIUM.match(usual_number(sender)):
        return SenderKind.PREMIUM
    return SenderKind.PERSON if LEAST_DIGITS <= len(digits) <= MOST_DIGITS else SenderKind.UNKNOWN


def usual_number(sender: str) -> str:
    """Return a number in one form, the same for 0812..., 62812... and +62812..."""
    digits = re.sub("[^0-9A-Za-z]", "", sender)
    if re.fullmatch("0[1-9][0-9]{6,}", digits):
        return "62" + digits[1:]
    return digits

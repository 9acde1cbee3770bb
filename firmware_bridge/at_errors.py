"""What a modem's error answers mean, as words for people and as what a sender does about it.

Numbers are those of 3GPP TS 27.005 (+CMS ERROR), TS 24.011 annex E (below 128) and TS 27.007 (+CME ERROR).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Trouble(Enum):
    """Kinds of failure; the value says what to do."""

    NO_SIM = "no SIM card: switch the modem off, put a card in, gold side down, and switch it on"
    PIN_WANTED = "the SIM card wants its PIN: switch the PIN off in a phone, or give --pin-file"
    PUK_WANTED = "the SIM card is locked and wants its PUK: unlock it in a phone"
    SIM_BUSY = "the SIM card is busy: it is tried again"
    SIM_FAILED = "the SIM card does not work: try it in a phone, clean it or replace it"
    NO_NETWORK = "no mobile network here: move the aerial higher or outside, or use another operator's card"
    NO_CREDIT = "the SIM card seems to have no credit or to have expired: top it up"
    NOT_ALLOWED = "the operator does not let this card send SMS: ask the operator"
    BAD_NUMBER = "the operator knows no such number"
    STORE_FULL = "the store of the SIM card is full: messages on it have to be deleted"
    BUSY = "the modem or the network is busy: it is tried again"
    NO_CENTRE = "the SIM card knows no SMS centre: set its number once in a phone with this card"
    NOT_UNDERSTOOD = "the modem refused the command"
    NO_ANSWER = "the modem does not answer: unplug it and plug it in again"
    OTHER = "the network refused the message"


@dataclass(frozen=True)
class AtError:
    """A failed command: the kind, and the modem's own number where it gave one."""

    trouble: Trouble
    code: str = ""

    def __str__(self) -> str:
        """Return one line that says what to do."""
        return f"{self.trouble.value} ({self.code})" if self.code else self.trouble.value


_CMS = {
    1: Trouble.BAD_NUMBER,
    8: Trouble.NOT_ALLOWED,
    10: Trouble.NOT_ALLOWED,
    27: Trouble.BAD_NUMBER,
    28: Trouble.BAD_NUMBER,
    38: Trouble.BUSY,
    41: Trouble.BUSY,
    42: Trouble.BUSY,
    47: Trouble.BUSY,
    50: Trouble.NOT_ALLOWED,
    69: Trouble.NOT_ALLOWED,
    302: Trouble.BUSY,
    303: Trouble.NOT_UNDERSTOOD,
    304: Trouble.NOT_UNDERSTOOD,
    305: Trouble.NOT_UNDERSTOOD,
    310: Trouble.NO_SIM,
    311: Trouble.PIN_WANTED,
    312: Trouble.PIN_WANTED,
    313: Trouble.SIM_FAILED,
    314: Trouble.SIM_BUSY,
    315: Trouble.SIM_FAILED,
    316: Trouble.PUK_WANTED,
    317: Trouble.PIN_WANTED,
    318: Trouble.PUK_WANTED,
    320: Trouble.SIM_FAILED,
    321: Trouble.NOT_UNDERSTOOD,
    322: Trouble.STORE_FULL,
    330: Trouble.NO_CENTRE,
    331: Trouble.NO_NETWORK,
    332: Trouble.BUSY,
}

_CME = {
    3: Trouble.NOT_UNDERSTOOD,
    4: Trouble.NOT_UNDERSTOOD,
    10: Trouble.NO_SIM,
    11: Trouble.PIN_WANTED,
    12: Trouble.PUK_WANTED,
    13: Trouble.SIM_FAILED,
    14: Trouble.SIM_BUSY,
    15: Trouble.SIM_FAILED,
    16: Trouble.PIN_WANTED,
    17: Trouble.PIN_WANTED,
    18: Trouble.PUK_WANTED,
    20: Trouble.STORE_FULL,
    30: Trouble.NO_NETWORK,
    31: Trouble.BUSY,
    32: Trouble.NOT_ALLOWED,
}

NO_ANSWER = AtError(Trouble.NO_ANSWER)


def read_error(line: str) -> AtError | None:
    """Return the error that a final line reports, or None where the line is no error.

    A modem may write words in place of the number (+CMEE=2); they may be anything and are not repeated.
    """
    if line in ("ERROR", "COMMAND NOT SUPPORT", "NO CARRIER", "TOO MANY PARAMETERS"):
        return AtError(Trouble.NOT_UNDERSTOOD, line)
    found = re.fullmatch(r"\+(CM[SE]) ERROR: *(.*)", line)
    if found is None:
        return None
    kind, detail = found.groups()
    if not re.fullmatch("[0-9]{1,4}", detail):
        return AtError(Trouble.OTHER if kind == "CMS" else Trouble.NOT_UNDERSTOOD, f"{kind} ERROR")
    table = _CMS if kind == "CMS" else _CME
    default = Trouble.OTHER if kind == "CMS" else Trouble.NOT_UNDERSTOOD
    return AtError(table.get(int(detail), default), f"{kind} ERROR {int(detail)}")

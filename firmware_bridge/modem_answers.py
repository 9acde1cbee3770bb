"""What the lines of a modem's answers say: the card, the network, the signal, the store, messages.

Forms are those of 3GPP TS 27.005 and 27.007; whatever does not fit reads as unknown.
"""

from __future__ import annotations

import re

from firmware_bridge.at_dialogue import Answer
from firmware_bridge.at_errors import Trouble

CARD_TROUBLES = (
    Trouble.NO_SIM,
    Trouble.PIN_WANTED,
    Trouble.PUK_WANTED,
    Trouble.SIM_FAILED,
)
"""Errors after which the card has to be asked for anew."""

NETWORK_UNKNOWN = "4"
RECEIVED_STATES = ("0", "1")


def card_state(answer: Answer) -> str:
    """Return what +CPIN? said, such as READY or SIM PIN."""
    return answer.lines[0].removeprefix("+CPIN:").strip() if answer.lines else ""


def trouble_of_card(answer: Answer) -> Trouble:
    """Return what is wrong with a card that is not ready."""
    said = card_state(answer)
    if said in ("SIM PIN", "SIM PIN2"):
        return Trouble.PIN_WANTED
    if said in ("SIM PUK", "SIM PUK2"):
        return Trouble.PUK_WANTED
    if answer.error is not None and answer.error.trouble in (*CARD_TROUBLES, Trouble.SIM_BUSY):
        return answer.error.trouble
    return Trouble.NO_SIM


def network_state(answer: Answer) -> str:
    """Return the figure of +CREG?: 1 at home, 5 roaming, 2 searching, ..."""
    found = re.match(r"\+CREG: *[0-9], *([0-9])", _first(answer))
    return found[1] if found else NETWORK_UNKNOWN


def signal_dbm(answer: Answer) -> int | None:
    """Return the signal of +CSQ in dBm, or None where the modem does not know."""
    found = re.match(r"\+CSQ: *([0-9]{1,2}),", _first(answer))
    steps = int(found[1]) if found else 99
    return 2 * steps - 113 if steps <= 31 else None


def store_places(answer: Answer) -> tuple[int, int] | None:
    """Return (used, size) of the first store of +CPMS."""
    # The set form answers the figures alone; the read form has the store's name before.
    found = re.match(r'\+CPMS: *(?:"[A-Z]+", *)?([0-9]{1,4}), *([0-9]{1,4})', _first(answer))
    return (int(found[1]), int(found[2])) if found else None


def knows_centre(answer: Answer) -> bool:
    """Return whether +CSCA? names a service centre."""
    return bool(re.search("[0-9]", _first(answer).split(",")[0]))


def model_name(answer: Answer) -> str:
    """Return the modem's model, or nothing where a long number stands in it: that would be an IMEI."""
    line = _first(answer).removeprefix("+CGMM:").strip(' "')
    return "" if re.search("[0-9]{8}", line) else line[:40]


def received_messages(answer: Answer) -> dict[int, bytes] | None:
    """Return slot -> PDU of the received messages of +CMGL, or None where the modem is in text mode."""
    listing: dict[int, bytes] = {}
    slot: int | None = None
    for line in answer.lines:
        if line.startswith("+CMGL:"):
            head = [field.strip() for field in line.removeprefix("+CMGL:").split(",")]
            if len(head) < 3 or not head[0].isdigit() or not head[1].isdigit():
                return None
            slot = int(head[0]) if head[1] in RECEIVED_STATES else None
        elif slot is not None:
            if (pdu := pdu_bytes(line)) is not None:
                listing[slot] = pdu
            slot = None
    return listing


def one_message(answer: Answer) -> bytes | None:
    """Return the PDU of +CMGR, or None where the slot is empty."""
    return pdu_bytes(answer.lines[1]) if answer.error is None and len(answer.lines) > 1 else None


def pdu_bytes(digits: str) -> bytes | None:
    """Return the bytes of hex digits, or None where they are none."""
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return None


def _first(answer: Answer) -> str:
    return answer.lines[0] if answer.lines else ""

"""Names of things on the wire: epochs, lanes, envelopes, receipt codes."""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass

EPOCH_ID_BYTES = 8
RECEIPT_DIGITS = 16
BROADCAST = 0xFFFFFFFF
"""Radio address of everybody on the channel."""


class Lane(enum.IntEnum):
    """Each lane of an epoch has its own counter and chain. Numbers are on the wire: never reuse."""

    REPORT = 0
    BULK = 1


def epoch_id(enc: bytes) -> bytes:
    """Return the 8-byte name of an epoch: a hash of its public (encapsulated) key.

    A hash and not a number, because a card restored from backup would repeat a number.
    """
    return hashlib.sha256(b"kentongan/1/epoch-id" + enc).digest()[:EPOCH_ID_BYTES]


@dataclass(frozen=True, order=True)
class EnvelopeId:
    """The place of a sealed envelope in its node's log: epoch (8 bytes), lane, counter."""

    epoch: bytes
    lane: Lane
    counter: int

    def __str__(self) -> str:
        return f"{self.epoch.hex()}.{int(self.lane)}.{self.counter}"

    @classmethod
    def parse(cls, text: str) -> EnvelopeId:
        """Read what `str` wrote; raise ValueError when it is no envelope id."""
        match = re.fullmatch(r"([0-9a-f]{16})\.([01])\.([0-9]{1,7})", text)
        if match is None:
            raise ValueError("an envelope id looks like 0123456789abcdef.0.12")
        return cls(bytes.fromhex(match[1]), Lane(int(match[2])), int(match[3]))


def receipt_code_digits(text: str) -> str | None:
    """Return the 16 digits of a receipt code typed by a person, or None when it is none.

    Spaces, hyphens and dots between digits are taken as people write them.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    return digits if re.fullmatch(rf"[0-9]{{{RECEIPT_DIGITS}}}", digits) else None


def spaced_receipt_code(code: str) -> str:
    """Return the code in four groups of four, as it is shown and read aloud."""
    return " ".join(code[i : i + 4] for i in range(0, RECEIPT_DIGITS, 4))

"""What a receipt code opens: the place of its ladder and its answers (design D5)."""

from __future__ import annotations

import threading

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sync.sealing.derivation import expand, extract, open_ccm, seal_ccm
from sync.wire.control_records import FIND_BYTES

ARGON2_MEMORY_KIB = 1024
ARGON2_PASSES = 1
_ANSWER_HEADER = b"kentongan/1/answer"


def receipt_salt(psk: bytes) -> bytes:
    """Return the node's one salt (16 bytes). Node and hub both derive it, so it is never sent."""
    return expand(extract(b"kentongan/1/receipt-salt", psk), "salt", 16)


_one_at_a_time = threading.Lock()


def _slow_hash(code: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=ARGON2_PASSES, lanes=1, memory_cost=ARGON2_MEMORY_KIB)
    # Eight threads of a site in here at once took 20 MB for their moment, and were no faster.
    with _one_at_a_time:
        return kdf.derive(code.encode("ascii"))


PICTURES = 16
"""How many pictures there are to choose from; four of them stand for the ladder of a receipt."""


class ReceiptKeys:
    """The two keys of one receipt code: `find` names its row, `open` opens its answers. No repr."""

    __slots__ = ("_code", "_open", "_salt", "_slow", "find")

    def __init__(self, code: str, salt: bytes) -> None:
        self._code, self._salt = code, salt
        slow = _slow_hash(code, salt)
        self._slow = slow
        self.find = expand(slow, "find", FIND_BYTES)
        """8 bytes: 2^64 is far above the reports of a village. The hub names a report to its node by it."""
        self._open = expand(slow, "open", 16)

    @property
    def pictures(self) -> tuple[int, int, int, int]:
        """Four pictures (0 to 15) for who does not read. 16 bits: they show a ladder and open nothing.

        They come after the slow hash, so that whoever reads them from a card gains nothing on the code.
        """
        first, second = expand(self._slow, "pictures", 2)
        return first >> 4, first & 15, second >> 4, second & 15

    @property
    def duress_code(self) -> str:
        """The code to show when forced: the same but for its last four digits."""
        number = int.from_bytes(expand(self._slow, "duress", 4), "big") % 9999
        real = int(self._code[-4:])
        return f"{self._code[:-4]}{number + (number >= real):04}"

    @property
    def duress_find(self) -> bytes:
        """The `find` of the duress code."""
        return ReceiptKeys(self.duress_code, self._salt).find

    def seal_answer(self, generation: int, counter: int, plain: bytes) -> bytes:
        """Seal an answer under the code; (generation, counter) is the hub envelope's, used once."""
        return seal_ccm(self._open, _nonce(generation, counter), plain, _ANSWER_HEADER)

    def open_answer(self, generation: int, counter: int, sealed: bytes) -> bytes:
        """Open an answer; raise SealBroken."""
        return open_ccm(self._open, _nonce(generation, counter), sealed, _ANSWER_HEADER)


def _nonce(generation: int, counter: int) -> bytes:
    return b"\x01" * 5 + generation.to_bytes(4, "big") + counter.to_bytes(4, "big")

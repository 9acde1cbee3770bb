"""Open conversations of one rim: in memory only, bounded, forgotten after a silence.

Who somebody is enters as a text and is kept as a keyed hash alone; the key is drawn at the start of the
process and dies with it.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from bots.dialogue.contract import State

KEY_BYTES = 32


@dataclass(frozen=True)
class ConversationLimits:
    """How many conversations are open at most, and how long one may be silent."""

    most: int = 500
    forget_s: float = 1800.0


@dataclass
class _Open:
    state: State
    seen_s: float


class Conversations:
    """States by keyed hash. `now` in seconds of a clock that never goes back; `key` has 32 random bytes."""

    def __init__(self, key: bytes, limits: ConversationLimits | None = None) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._key = key
        self._limits = limits or ConversationLimits()
        self._open: OrderedDict[bytes, _Open] = OrderedDict()

    def __len__(self) -> int:
        """Return how many are open."""
        return len(self._open)

    def key_of(self, who: str) -> bytes:
        """Return the name under which a conversation is kept, 16 bytes."""
        return hashlib.blake2b(who.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def state_of(self, key: bytes, now: float) -> State:
        """Return where a conversation stands; a new one where there is none or it was silent for too long."""
        self.forget_silent(now)
        found = self._open.get(key)
        return State() if found is None else found.state

    def keep(self, key: bytes, state: State, now: float) -> None:
        """Keep where a conversation stands; the one that was silent for longest makes room."""
        found = self._open.get(key)
        if found is None:
            self._open[key] = _Open(state, now)
        else:
            found.state, found.seen_s = state, now
        self._open.move_to_end(key)
        while len(self._open) > self._limits.most:
            self._open.popitem(last=False)

    def forget(self, key: bytes) -> None:
        """Forget one conversation."""
        self._open.pop(key, None)

    def forget_silent(self, now: float) -> None:
        """Forget all that were silent for too long. Call it from time to time, for nobody may come."""
        for key in [k for k, one in self._open.items() if now - one.seen_s >= self._limits.forget_s]:
            del self._open[key]

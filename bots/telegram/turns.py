"""The turn of a bot that a box in the village and one at the hub serve one after the other.

Whoever polls holds a turn that the hub lends for 90 seconds. A box that cannot ask the hub stops before its
turn runs out, by its own monotonic clock counted from before it asked: the other can have it only after that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from sync.errors import CarrierError

_log = logging.getLogger(__name__)
Ask = Callable[[str], dict[str, Any]]
"""`sync.handin.HandIn.bot_turn` on a connection of its own: "hold" or "give-back". Blocks."""
RENEW_S: Final = 30.0
MARGIN_S: Final = 40.0
"""A long request to Telegram may still run so long: no poll begins when less is left."""
ASK_AGAIN_S: Final = 20.0


class LentTurn:
    """Holds the turn while it is lent, and asks again where it is not."""

    def __init__(self, ask: Ask, *, monotonic_s: Callable[[], float], wall_s: Callable[[], float]) -> None:
        self._ask = ask
        self._monotonic_s, self._wall_s = monotonic_s, wall_s
        self._until_s: float | None = None
        self._ours_at_the_hub = False
        self._asked_s: float | None = None
        self.polled_at: float | None = None
        """When any box had the turn last before this one, Unix seconds."""

    async def held(self) -> bool:
        """Whether a poll may begin now."""
        now = self._monotonic_s()
        wait_s = RENEW_S if self._is_ours(now) else ASK_AGAIN_S
        if self._asked_s is None or now - self._asked_s >= wait_s:
            self._asked_s = now
            await self._renew(now)
        return self._is_ours(self._monotonic_s())

    def _is_ours(self, now_s: float) -> bool:
        return self._until_s is not None and now_s < self._until_s - MARGIN_S

    async def _renew(self, asked_s: float) -> None:
        answer = await self._asked("hold")
        if "error" in answer:
            return  # what was lent runs out by itself
        if not answer["held"]:
            self._until_s = None  # what the hub lent before runs on there until it is given back
            return
        ago = answer["polled_ago_s"]
        if self._until_s is None and ago is not None:
            self.polled_at = self._wall_s() - float(ago)
        self._until_s = asked_s + float(answer["left_s"])
        self._ours_at_the_hub = True

    async def give_back(self) -> None:
        """Let the other box have it at once."""
        self._until_s = None
        if self._ours_at_the_hub:
            self._ours_at_the_hub = False
            await self._asked("give-back")

    async def _asked(self, wish: str) -> dict[str, Any]:
        try:
            return await asyncio.to_thread(self._ask, wish)
        except CarrierError as error:
            _log.info("the node cannot be asked for the turn: %s", type(error).__name__)
            return {"error": "the node does not run"}

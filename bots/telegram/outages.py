"""How long nobody asked Telegram: it keeps messages for 24 hours, so after longer ones people are told."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from telegram import Bot
from telegram.error import TelegramError

from bots.telegram.journal import Journal
from bots.telegram.status import Status

_log = logging.getLogger(__name__)
KEPT_S = 24 * 3600.0
"""How long Telegram keeps an update."""
MARGIN_S = 3600.0
"""The box's clock may be wrong by so much."""
TELL_S = 7 * 24 * 3600.0
"""For so long after an outage whoever writes is told of it: nobody is known to be told at once."""
WRITE_EVERY_S = 300.0
ZONE = datetime.timezone(datetime.timedelta(hours=7), "WIB")


class Outages:
    """Remembers the last successful request. Only numbers are kept."""

    def __init__(
        self,
        journal: Journal,
        status: Status,
        *,
        wall_s: Callable[[], float],
        monotonic_s: Callable[[], float],
    ) -> None:
        self._journal = journal
        self._status = status
        self._wall_s, self._monotonic_s = wall_s, monotonic_s
        self._last = journal.setting("last_poll")
        self._written_s: float | None = None
        begin, end = journal.setting("gap_begin"), journal.setting("gap_end")
        if begin is not None and end is not None:
            status.gap = begin, end

    async def polled(self, last: float | None = None) -> None:
        """A request has just been answered. `last`: when another box polled last, where that is known."""
        now = self._wall_s()
        before = max((one for one in (self._last, last) if one is not None), default=None)
        if before is not None and now - before >= KEPT_S - MARGIN_S:
            self._status.gap = before, now
            await self._keep(gap_begin=before, gap_end=now)
        self._last = self._status.last_poll = now
        monotonic_s = self._monotonic_s()
        if self._written_s is None or monotonic_s - self._written_s >= WRITE_EVERY_S:
            self._written_s = monotonic_s
            await self._keep(last_poll=now)

    async def _keep(self, **values: float) -> None:
        try:
            await self._journal.keep(**values)
        except Exception as error:
            # A full disk: people can still be answered, and the next request tries again.
            _log.error("the time of a request was not kept: %s", type(error).__name__)
            self._written_s = None

    async def ask_pending(self, bot: Bot) -> bool:
        """Ask how many updates wait at Telegram; return whether it answered."""
        try:
            info = await bot.get_webhook_info()
        except TelegramError:
            return False
        self._status.pending = info.pending_update_count
        return True

    def away_until(self) -> str | None:
        """Return before when messages may be lost, in words; None where nothing is, or long ago."""
        gap = self._status.gap
        if gap is None or not 0 <= self._wall_s() - gap[1] < TELL_S:
            return None
        lost_before = datetime.datetime.fromtimestamp(max(gap[0], gap[1] - KEPT_S + MARGIN_S), ZONE)
        return lost_before.strftime("%d-%m-%Y %H.%M WIB")

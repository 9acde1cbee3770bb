"""Somebody asked over SMS to be told of bulletins, or to be told no more: sealed for the hub at once.

The box keeps no list: the number is in the sealed packet alone, and the hub keeps who is told. To stop is
taken however many were taken that day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sync.wire.numbers import AskedIn
from sync.wire.subscriptions import Subscription, encode_subscription, usual_number
from village_node.log import NodeLog
from village_node.passing_on import DAY_S, LANGUAGES
from village_node.services import NotTaken
from village_node.taking import OneUseForms
from village_node.timekeeping import TimeKeeper

A_DAY = 60
"""Beginnings of one box in one day; each is a packet of some fifty bytes."""
_DAY, _BEGUN = "subscriptions_day", "subscriptions_begun"
Send = Callable[[bytes, Callable[[], None]], None]


class SubscriptionRefused(Exception):
    """It was not taken, and asking again changes nothing today; the text says why, without the number."""


class Subscribing:
    """Takes wishes from the socket. `send` is `Reporting.send`. Threads may share it."""

    def __init__(self, log: NodeLog, times: TimeKeeper, send: Send) -> None:
        self._log = log
        self._times = times
        self._send = send
        self._forms: OneUseForms[bool] = OneUseForms()

    def send(self, phone: str, language: str, area: str, *, wanted: bool, token: str) -> None:
        """Seal and commit a wish; the same `token` is taken once. Raises SubscriptionRefused, or NotTaken:
        then nothing was kept."""
        asked_in = LANGUAGES.get(language, AskedIn.INDONESIAN)
        wish = Subscription(usual_number(phone), wanted, asked_in, area if wanted else "")
        self._forms.take(token, lambda _: self._take(wish))

    def _take(self, wish: Subscription) -> bool:
        try:
            record = encode_subscription(wish)
        except ValueError as error:
            raise SubscriptionRefused(str(error)) from None
        self._send(record, self._count if wish.wanted else lambda: None)
        return True

    def _count(self) -> None:
        """In the transaction of the envelope, so that two at once cannot pass the limit."""
        now = self._times.stamp()
        # A box that knows no date counts each start's days, below nothing.
        today = -(now.boot * 1000 + now.mono_s // DAY_S) if now.wall_s is None else now.wall_s // DAY_S
        begun = self._log.number(_BEGUN) if self._log.number(_DAY) == today else 0
        if begun >= A_DAY:
            raise SubscriptionRefused(f"this box passes on at most {A_DAY} subscriptions a day")
        self._log.set_number(_DAY, today)
        self._log.set_number(_BEGUN, begun + 1)


def subscribe(subscribing: Subscribing, request: dict[str, Any]) -> dict[str, Any]:
    """Take a wish of the socket; return {"taken": True}, or {"error"}, with "refused" where asking again
    changes nothing."""
    names = ("phone", "language", "area", "token")
    phone, language, area, token = (str(request.get(name) or "") for name in names)
    wanted = request.get("wanted")
    if not token or not isinstance(wanted, bool):
        return {"error": 'a subscription needs "phone", "language", "area", "wanted" and a "token"'}
    try:
        subscribing.send(phone, language, area, wanted=wanted, token=token)
    except SubscriptionRefused as refused:
        return {"error": str(refused), "refused": True}
    except NotTaken:
        return {"error": "the store did not commit: nothing was kept; see kentongan node doctor"}
    return {"taken": True}

"""Sends the hub's bulletins to subscribers over its modem, one after the other, at the modem's pace.

The hub has marked each as handed out before it comes here, and hears what became of it. Numbers and texts are
in memory until then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from bots.conversations import Conversations
from bots.sms.auto_replies import LoopBreaker
from bots.sms.counts import Counts
from bots.sms.senders import usual_number
from firmware_bridge.at_errors import Trouble
from firmware_bridge.sms_outbox import BAD_NUMBER, TOO_LONG, NotSent, Verdict
from sync.errors import CarrierError

_log = logging.getLogger(__name__)
EVERY_S = 5.0
"""So often the hub is asked while nothing waits."""
AWAY_S = 30.0
WAY = "sms"
_THEIRS = (Trouble.BAD_NUMBER, Trouble.OTHER)
"""What may be wrong with who is written to; anything else is wrong here, and waits."""


class Door(Protocol):
    """What of the hub's door is used; see `sync.subscription_door.HubDoor`."""

    def take(self, way: str, most: int) -> list[dict[str, Any]]:
        """Return messages to send."""
        ...

    def outcome(self, message: int, outcome: str, wait_s: float = 0.0) -> None:
        """Say what became of one."""
        ...


def outcome_of(verdict: Verdict) -> str:
    """Return what the hub is told of the network's word on a message."""
    if not isinstance(verdict, NotSent):
        return "sent"
    if verdict.may_have_been_sent:
        return "unsure"
    if verdict in (BAD_NUMBER, TOO_LONG):
        return "refused"
    return "network" if verdict.trouble in _THEIRS else "away"


class BulletinPost:
    """Used by the thread of the rim."""

    def __init__(
        self,
        door: Door,
        send: Callable[[str, str], Verdict],
        loops: LoopBreaker,
        conversations: Conversations,
        counts: Counts,
    ) -> None:
        self._door = door
        self._send = send
        self._loops = loops
        self._conversations = conversations
        self._counts = counts
        self._again_s = 0.0

    def turn(self, now: float) -> None:
        """Send one message, if the hub has one."""
        if now < self._again_s:
            return
        try:
            messages = self._door.take(WAY, 1)
        except CarrierError:
            self._again_s = now + AWAY_S
            self._counts.add("hub_away")
            return
        if not messages:
            self._again_s = now + EVERY_S
            return
        for one in messages:
            number = f"+{one['to']}"
            self._loops.said(self._conversations.key_of(usual_number(number)), one["text"], now)
            verdict = self._send(number, one["text"])
            outcome = outcome_of(verdict)
            self._counts.add("bulletins_sent" if outcome == "sent" else "bulletins_unsent")
            if isinstance(verdict, NotSent):
                _log.warning("a bulletin was not sent: %s", verdict.reason)
            try:
                self._door.outcome(int(one["id"]), outcome)
            except CarrierError:
                self._counts.add("hub_away")  # it stands as handed out, and is sent at most once more

"""Fulfils wishes about bulletins, which alone need to know who wishes: at the hub itself, or by a village's
box that passes them on sealed. The address goes from the rim to here and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bots.desks.fulfilling import Desk
from bots.dialogue.contract import AskSubscription, Done, Input, NotTaken, Subscribe, Subscribed, Wish
from sync.errors import CarrierError
from sync.handin import HandIn
from sync.subscription_door import HubDoor
from sync.wire.attachments import Attachment


class SubscriptionDesk(Protocol):
    """Blocks; whatever goes wrong comes back as `NotTaken`."""

    def fulfil(self, wish: Subscribe | AskSubscription, address: str) -> Input:
        """Do what somebody wishes about bulletins; `address` is their number or chat."""
        ...


class AtTheHub:
    """For a bot at the hub: the hub of `folder` is asked by its door."""

    def __init__(self, folder: Path, way: str) -> None:
        self._door = HubDoor(folder)
        self._way = way

    def fulfil(self, wish: Subscribe | AskSubscription, address: str) -> Input:
        """See `SubscriptionDesk.fulfil`."""
        try:
            if isinstance(wish, AskSubscription):
                reply = self._door.state(self._way, address)
                return _refused(reply) or Subscribed(reply["area"], reply["language"] or "id")
            if wish.wanted:
                reply = self._door.begin(self._way, address, wish.area, wish.language)
            else:
                reply = self._door.stop(self._way, address)
            return _refused(reply) or Done()
        except CarrierError:
            return NotTaken("away")


class ByTheVillage:
    """For a village's modem: its box seals the wish for the hub. What is told now nobody knows there."""

    def __init__(self, node: Path) -> None:
        self._node = node

    def fulfil(self, wish: Subscribe | AskSubscription, address: str) -> Input:
        """See `SubscriptionDesk.fulfil`."""
        if isinstance(wish, AskSubscription):
            return NotTaken("refused")
        try:
            with HandIn(self._node) as box:
                reply = box.subscription(
                    address, wish.language, wish.area, wanted=wish.wanted, token=wish.token
                )
        except CarrierError:
            return NotTaken("away")
        return _refused(reply) or Done()


def _refused(reply: Mapping[str, Any]) -> NotTaken | None:
    if "error" not in reply:
        return None
    return NotTaken("refused" if reply.get("refused") else "away")


@dataclass(frozen=True, repr=False)
class AddressedDesk:
    """A desk for one person's wishes: those about bulletins go where these are taken, with the address."""

    desk: Desk
    subscriptions: SubscriptionDesk | None
    address: str

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        """Return what came of a wish."""
        if not isinstance(wish, Subscribe | AskSubscription):
            return self.desk.fulfil(wish, files)
        if self.subscriptions is None:
            return NotTaken("refused")
        return self.subscriptions.fulfil(wish, self.address)

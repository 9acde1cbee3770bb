"""Joins the subscriptions with the store that holds them."""

from __future__ import annotations

from typing import Any

from hub.subscriptions.keeping import Subscriptions
from hub.subscriptions.sending import SubscriberSending
from sync.sealing.derivation import expand


class JoinedSubscriptions:
    """Who is told, and what waits for them, over a `HubStore` that is being built: its intake takes wishes of
    villages, and its bulletins let messages wait."""

    def __init__(self, store: Any) -> None:
        key = expand(store.identity.session_secret, "hub-subscribers")
        self.kept = Subscriptions(
            store.database, store.writer, store.clock, store.contents, key=key, note=store.audit.note
        )
        self.sending = SubscriberSending(
            store.database,
            store.writer,
            store.clock,
            self.kept,
            today=store.bulletins.today,
            note=store.audit.note,
        )
        store.intake.on_wished = self.kept.heard
        agencies = store.bulletins.deliver

        def deliver(alert: int, area: str, at: float, ended: int | None) -> None:
            agencies(alert, area, at, ended)
            self.sending.queue(alert, area, at, ended)

        store.bulletins.deliver = deliver

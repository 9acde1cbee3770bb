"""Joins the parts of a further web process of a hub. The only place that does."""

from __future__ import annotations

from flask import Flask

from hub.config import HubConfig
from hub.joined_desk import JoinedDesk
from hub.link_days import LinkWatch
from hub.store_wiring import HubStore
from hub.wiring import Hub, refuse_wrong_date
from sync.clock import Clock


class JoinedHub(Hub):
    """A further web process of a hub that another process serves: pages for staff, and bundles of nodes.

    It takes no lock, draws no generation, has no radio and runs no jobs. Raises NotAHub, EnrolmentRefused.
    """

    def __init__(self, config: HubConfig, *, clock: Clock | None = None) -> None:
        self.config = config
        self.store = HubStore(config, clock)
        refuse_wrong_date(self.store)
        self.radio = None
        self.generation = self.store.outgoing.generation
        self.answering = JoinedDesk(lambda: self.store.outgoing.generation, self.store.desk)
        self._watch: LinkWatch | None = None

    def create_app(self) -> Flask:
        """Return the hub's site, which says that the radio is elsewhere, with the exchange of bundles."""
        app = super().create_app()
        app.jinja_env.globals["radio_is_elsewhere"] = True
        return app

    def start(self) -> None:
        """Keep the figures of what passes here; the site is served by the command line."""
        self._watch = LinkWatch(self.store.links, None, self.store.clock)
        self.store.arrivals.start()

    def close(self) -> None:
        """Stop everything."""
        if self._watch is not None:
            self._watch.close()
        self.store.close()

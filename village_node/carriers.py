"""What moves a running node's frames and bundles: its radio, its gateway for others, and the internet."""

from __future__ import annotations

import random
from collections.abc import Callable

from sync.carriers.base import Radio
from sync.carriers.https import HubClient
from sync.carriers.radio import RadioPump
from sync.clock import Clock
from village_node.config import NodeConfig
from village_node.gateway import Gateway
from village_node.hub_keys import HubKeys
from village_node.internet import InternetLoop
from village_node.link_days import LinkRecord
from village_node.link_desk import LinkDesk
from village_node.radio_desk import RadioDesk


class Carriers:
    """Begun by `start` of the node, or one by one; each is None until then, or where the box has none.

    `client` reaches the hub over the internet, `after` is done after each exchange that went well,
    `is_shut_out` tells whether the hub takes nothing from this box any more.
    """

    def __init__(
        self,
        config: NodeConfig,
        clock: Clock,
        desk: LinkDesk,
        keys: HubKeys,
        rng: random.Random,
        *,
        node_number: int,
        radio: Radio | None,
        record: LinkRecord | None,
        client: HubClient | None,
        after: Callable[[], None],
        is_shut_out: Callable[[], bool],
    ) -> None:
        self._config = config
        self._clock = clock
        self._desk = desk
        self._keys = keys
        self._rng = rng
        self._node_number = node_number
        self._radio = radio
        self._record = record
        self._client = client
        self._after = after
        self._is_shut_out = is_shut_out
        self.internet: InternetLoop | None = None
        self._gateway: Gateway | None = None
        self._pump: RadioPump | None = None

    def open_internet(self) -> None:
        """Build what uses the internet, without its thread: `start` begins that, a simulation turns it."""
        if self._client is None:
            return
        if self._radio is not None and self._config.gateway:
            self._gateway = Gateway(
                node_number=self._node_number, keys=self._keys.to_hub, client=self._client
            )
        self.internet = InternetLoop(
            desk=self._desk,
            client=self._client,
            gateway=self._gateway,
            clock=self._clock,
            every_s=self._config.internet_every_s,
            rng=self._rng,
            after=self._after,
        )

    def start_internet(self) -> None:
        """Begin to exchange with the hub."""
        self.open_internet()
        if self.internet is not None:
            self.internet.start()

    def start_radio(self) -> None:
        """Start moving frames between the radio and the link."""
        user = self.radio_desk()
        if self._radio is not None and user is not None:
            self._pump = RadioPump(self._radio, user, self._clock)

    def radio_desk(self) -> RadioDesk | None:
        """Return what the radio's pump talks to, None where there is no radio."""
        if self._radio is None or self._record is None:
            return None
        return RadioDesk(
            self._desk, self._gateway, self._clock, self._radio, self._record, uses_radio=self.uses_radio
        )

    def uses_radio(self) -> bool:
        """Whether the node's own envelopes go by radio: there is no internet that works."""
        has_internet = self.internet is not None and self.internet.problem is None
        return not (self._is_shut_out() or has_internet)

    def close(self) -> None:
        """Stop, and keep what the radio counted."""
        if self.internet is not None:
            self.internet.close()
        if self._pump is not None:
            self._pump.close()
        elif self._radio is not None:
            self._radio.close()
        if self._record is not None:
            self._record.save(closing=True)

"""Makes the link of a node out of its keys, its configuration and what its log remembers."""

from __future__ import annotations

import random

from sync.airtime import CHANNEL_PAYLOAD_LIMIT, PRESETS, payload_airtime_ms
from sync.carriers.base import Radio
from sync.clock import Clock
from sync.link.node_session import NodeSession
from sync.link.settings import LinkSettings
from village_node.config import NodeConfig
from village_node.hub_keys import HubKeys
from village_node.link_desk import LinkDesk
from village_node.log import NodeLog
from village_node.timekeeping import TimeKeeper


def make_desk(
    radio: Radio | None,
    config: NodeConfig,
    log: NodeLog,
    times: TimeKeeper,
    clock: Clock,
    hub_keys: HubKeys,
    rng: random.Random,
    node_number: int,
) -> LinkDesk:
    """Return the desk between the store and the link. Without a radio sizes are those of LongFast."""
    preset = PRESETS["LongFast"]
    generation = log.number("generation")
    session = NodeSession(
        keys=hub_keys.to_hub(),
        payload_limit=radio.payload_limit if radio else lambda: CHANNEL_PAYLOAD_LIMIT,
        airtime_ms=radio.airtime_ms if radio else lambda size: payload_airtime_ms(size, preset),
        rng=rng,
        now=clock.monotonic_s(),
        settings=LinkSettings(duty_cycle=config.duty_cycle, beacon_s=config.beacon_s),
        generation=generation,
        down_seen=log.down_seen(generation),
        bound=bool(log.number("bound")),
        utilisation=lambda: None if radio is None else radio.state().channel_utilisation,
        region_share=lambda: 1.0 if radio is None else radio.state().region_duty_cycle,
    )
    session.keys_of, session.down_keys = hub_keys.of_epoch, hub_keys.from_hub
    return LinkDesk(session=session, log=log, times=times, node_number=node_number)

"""Joins a desk over the link with the store that it works on."""

from __future__ import annotations

import random
import secrets
from typing import Any

from hub.link_desk import HubDesk
from sync.airtime import CHANNEL_PAYLOAD_LIMIT, PRESETS, payload_airtime_ms
from sync.carriers.base import Radio
from sync.link.hub_session import HubSession
from sync.link.settings import LinkSettings


def join_desk(store: Any, radio: Radio | None) -> HubDesk:
    """Return a desk over a `HubStore`, in the generation that was drawn last."""
    airtime_ms = radio.airtime_ms if radio else lambda size: payload_airtime_ms(size, PRESETS["LongFast"])
    session = HubSession(
        directory=store.keyring,
        generation=store.outgoing.generation,
        payload_limit=radio.payload_limit if radio else lambda: CHANNEL_PAYLOAD_LIMIT,
        airtime_ms=airtime_ms,
        rng=random.Random(secrets.randbits(64)),  # noqa: S311 - jitter, no secrets
        now=store.clock.monotonic_s(),
        settings=LinkSettings(duty_cycle=store.config.duty_cycle),
        region_share=lambda: 1.0 if radio is None else radio.state().region_duty_cycle,
    )
    desk = HubDesk(
        session=session,
        keyring=store.keyring,
        intake=store.intake,
        outgoing=store.outgoing,
        database=store.database,
        writer=store.writer,
        clock=store.clock,
        counter=store.links.counter,
        airtime_ms=airtime_ms,
        content=store.content,
    )
    desk.on_refused = store.on_refused
    return desk

"""Opens the node's radio through the bridge."""

from __future__ import annotations

from firmware_bridge.meshtastic_radio import MeshtasticRadio
from sync.carriers.base import Radio


def open_radio(url: str) -> Radio:
    """Return the radio behind `url`; raise ValueError for a URL of another form. Never waits for it."""
    return MeshtasticRadio(url)

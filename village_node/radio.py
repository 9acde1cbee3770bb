"""Opens the node's radio through the bridge."""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.meshtastic_radio import MeshtasticRadio
from firmware_bridge.radio_session import RadioSettings
from sync.carriers.base import Radio
from sync.sealing.radio_plan import RadioPlan


def open_radio(url: str, plan: RadioPlan | None = None) -> Radio:
    """Return the radio behind `url`; raise ValueError for a URL of another form. Never waits for it.

    Its state says where it differs from the `plan`.
    """
    if plan is None:
        return MeshtasticRadio(url)
    settings = RadioSettings(channel_name=plan.channel_name, hop_limit=plan.hop_limit, plan=plan)
    return MeshtasticRadio(url, settings)


def radio_opener(plan: RadioPlan | None) -> Callable[[str], Radio]:
    """Return what opens a radio that is to be as planned."""
    return lambda url: open_radio(url, plan)

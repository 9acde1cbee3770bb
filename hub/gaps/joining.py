"""Joins the gaps with the store that holds them."""

from __future__ import annotations

from typing import Any

from hub.gaps.gaps import Gaps
from sync.sealing.derivation import expand


def join_gaps(store: Any) -> Gaps:
    """Return the gaps of a `HubStore` that is being built, and let its intake keep questions in them."""
    gaps = Gaps(
        store.database,
        store.writer,
        store.clock,
        store.contents,
        key=expand(store.identity.session_secret, "hub-gaps"),
        note=store.audit.note,
    )
    store.intake.on_asked = gaps.add
    return gaps

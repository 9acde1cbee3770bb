"""What the pages ask about reports that were passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class ForwardedView:
    """How far a report got at the hub above: when it was passed on, and the last step that is known: a name
    of the reporter's ladder, "kept" where the reporter said no to passing on, or "refused" where the node of
    this hub does not take it."""

    at: float
    step: str


class ForwardingServices(Protocol):
    """See `hub.forwarding.forwarding.Forwarding`."""

    def of(self, report_id: str) -> ForwardedView | None:
        """Return how far a report got, or None where it was not passed on."""

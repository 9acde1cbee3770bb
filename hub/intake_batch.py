"""What an intake stores together, and the row of a report in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hub.counting.entries import signs_of
from hub.retention.owners import Owned
from hub.settled import SettledSets
from sync.identifiers import EnvelopeId
from sync.records import Report as RecordedReport
from sync.records import is_urgent_on


@dataclass
class Batch:
    """What is stored together."""

    settled: SettledSets
    today: date
    epochs: set[bytes] = field(default_factory=set)
    """Those that are noted as heard."""
    envelopes: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    owned: Owned = field(default_factory=Owned)
    """To which reports the envelopes belong."""

    def has(self, place: EnvelopeId) -> bool:
        """Return whether a counter is settled."""
        return place.counter in self.settled.of(place.epoch, place.lane)


_to_json = json.JSONEncoder(ensure_ascii=False).encode


def report_row(
    place: EnvelopeId,
    node: int,
    age_minutes: int,
    report: RecordedReport,
    via: str,
    at: float,
    today: date,
    *,
    from_shut_out: bool | None = None,
) -> dict[str, Any]:
    """Return the row of a report that was opened."""
    return {
        "id": str(place),
        "epoch": place.epoch,
        "counter": place.counter,
        "node": node,
        "urgent_unread": is_urgent_on(report, today),
        "kind": report.kind,
        "destination": None if report.offer is None else report.offer.destination,
        "signs": signs_of(report.indicators),
        "body": _to_json(report.to_json()),
        "age_minutes": age_minutes,
        "via": via,
        "received_at": at,
        "from_shut_out": from_shut_out,
    }

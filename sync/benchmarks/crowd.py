"""Many nodes on one channel with one hub: what arrives, how late, and how much the hub itself sends."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.airtime import CHANNEL_PAYLOAD_LIMIT, Preset, payload_airtime_ms
from sync.benchmarks.link_ends import HUB_RADIO, HubEnd, Medium, NodeEnd, Region, drawn_keys
from sync.carriers.simulated import SimulatedAir
from sync.identifiers import EnvelopeId
from sync.link.settings import LinkSettings

WAIT_S = (300.0, 3600.0)
"""The random wait of ordinary reports, as a node has it by default."""
LONGEST_DRAIN_S = 48 * 3600.0
"""How long after the last report everything may take; what is not there then counts as not delivered."""


@dataclass(frozen=True)
class CrowdPlan:
    """What happens: each node files its reports at random times within `hours`."""

    nodes: int
    reports_per_node: int
    hours: float
    urgent: float
    loss: float
    seed: int


@dataclass(frozen=True)
class _Filing:
    at_s: float
    node: int
    plain: bytes
    urgent: bool


class _Clockwork:
    """Files reports at their times and notes when they arrive and when their node knows."""

    def __init__(self, plan: CrowdPlan, plains: Sequence[bytes], region: Region, rng: random.Random) -> None:
        self._region = region
        self._rng = rng
        filings = []
        for node in range(1, plan.nodes + 1):
            for _ in range(plan.reports_per_node):
                at_s = rng.random() * plan.hours * 3600
                filings.append(_Filing(at_s, node, rng.choice(plains), rng.random() < plan.urgent))
        self._filings = sorted(filings, key=lambda filing: -filing.at_s)
        self.filed: dict[EnvelopeId, _Filing] = {}
        self.arrived: dict[EnvelopeId, float] = {}
        self.known: dict[EnvelopeId, float] = {}
        region.on_arrival = self.arrived.setdefault
        region.on_receipt = self.known.setdefault

    def next_at(self) -> float:
        return self._filings[-1].at_s if self._filings else float("inf")

    def file_due(self) -> None:
        while self._filings and self._filings[-1].at_s <= self._region.now:
            filing = self._filings.pop()
            wait_s = 0.0 if filing.urgent else self._rng.uniform(*WAIT_S)
            node = self._region.nodes[filing.node]
            place, _ = node.file(filing.plain, urgent=filing.urgent, due_at=self._region.now + wait_s)
            self.filed[place] = filing
            self._region.wake(filing.node)

    def is_done(self) -> bool:
        return not self._filings and len(self.known) == len(self.filed)


def run_crowd(
    plan: CrowdPlan,
    plains: Sequence[bytes],
    preset: Preset,
    *,
    on_progress: Callable[[int, int], None] = lambda hour, of: None,
) -> dict[str, object]:
    """Play the plan and return its figures."""
    rng = random.Random(plan.seed)  # noqa: S311 - a simulation
    air = SimulatedAir(preset, random=rng, loss=plan.loss)
    keys = drawn_keys(rng, range(1, plan.nodes + 1))
    medium = Medium(lambda size: payload_airtime_ms(size, preset), CHANNEL_PAYLOAD_LIMIT, rng, LinkSettings())

    def heard_use(number: int) -> Callable[[], float]:
        return lambda: air.channel_utilisation(number, region.now)

    nodes = [NodeEnd(key, medium, utilisation=heard_use(key.number)) for key in keys]
    region = Region(air, HubEnd(keys, medium), nodes)
    work = _Clockwork(plan, plains, region, rng)
    end_s = plan.hours * 3600 + LONGEST_DRAIN_S
    hour = 0
    while not work.is_done() and region.now < end_s:
        work.file_due()
        region.step(min(end_s, work.next_at()))
        if region.now >= (hour + 1) * 3600:
            hour = int(region.now // 3600)
            on_progress(hour, int(plan.hours) + 2)
    return _figures(plan, region, work)


def _figures(plan: CrowdPlan, region: Region, work: _Clockwork) -> dict[str, object]:
    hub_ms = region.air.station_counters(HUB_RADIO).airtime_ms
    counters = region.air.counters
    right = sum(region.hub.opened.get(place) == filing.plain for place, filing in work.filed.items())
    return {
        "nodes": plan.nodes,
        "reports": len(work.filed),
        "delivered": right,
        "receipted": len(work.known),
        "copies_received": region.hub.copies,
        "hours": round(region.now / 3600, 2),
        "hub_sending_share": round(hub_ms / 1000 / region.now, 4),
        "channel_share": round(counters.airtime_ms / 1000 / region.now, 4),
        "frames": counters.frames_sent,
        "collided": counters.frames_collided,
        "airtime_ms_per_report": round(counters.airtime_ms / max(1, right), 1),
        "delay_s": {
            "urgent": _delays(work, urgent=True),
            "ordinary_after_its_wait": _delays(work, urgent=False),
        },
    }


def _delays(work: _Clockwork, *, urgent: bool) -> dict[str, float] | None:
    """Delay from filing to the hub; of ordinary ones the random wait is part of it."""
    delays = sorted(
        work.arrived[place] - filing.at_s
        for place, filing in work.filed.items()
        if filing.urgent is urgent and place in work.arrived
    )
    if not delays:
        return None
    return {
        "median": round(statistics.median(delays), 1),
        "p95": round(delays[min(len(delays) - 1, int(0.95 * len(delays)))], 1),
        "most": round(delays[-1], 1),
    }

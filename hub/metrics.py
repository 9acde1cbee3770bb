"""Figures of the hub for Prometheus, on a loopback address of their own.

No figure is about a report: not how many, not when one came, not from which village. A box has its number as
label, and its silence in whole days only: an exchange out of turn would show that somebody filed something
urgent. So there are no times of contact, and no counts of envelopes.
"""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import peewee
from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.fleet.boxes import moments_until, since_mark
from hub.fleet.models import FleetBox, FleetTrouble
from hub.fleet.troubles import DAY_S, KINDS, needs_person
from hub.jobs import OFF_SITE, WRITTEN
from hub.link_days import LinkDays
from hub.models import JobRun
from sync.clock import Clock
from sync.link_quality import day_number, share
from sync.storage.database import connect

_BACKUPS: Final = {"backup": WRITTEN, "off_site": OFF_SITE}


class HubMetrics(Collector):
    """Gathers the figures anew at each question."""

    def __init__(self, database: Any, links: LinkDays, clock: Clock, folder: Path) -> None:
        self._db = database
        self._links = links
        self._clock = clock
        self._folder = folder

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield all figures; ages in seconds where the name says so."""
        connect(self._db)
        yield from self._boxes()
        yield from self._hub()
        yield from self._radio()

    def _boxes(self) -> Iterator[GaugeMetricFamily]:
        fields = (
            FleetBox.node,
            FleetBox.needs_person,
            FleetBox.unclean,
            FleetBox.marked_unclean,
            FleetBox.told_at,
        )
        rows = list(FleetBox.select(*fields).tuples().execute(self._db))
        yield GaugeMetricFamily("kentongan_boxes", "Boxes in use.", value=len(rows))
        needing = sum(1 for row in rows if row[1])
        yield GaugeMetricFamily("kentongan_boxes_needing_person", "Boxes that need a person.", value=needing)
        standing = FleetTrouble.select(FleetTrouble.kind, peewee.fn.COUNT(FleetTrouble.id)).where(
            FleetTrouble.over_at.is_null()
        )
        counts = dict(standing.group_by(FleetTrouble.kind).tuples().execute(self._db))
        troubles = GaugeMetricFamily("kentongan_box_troubles", "Boxes with a trouble.", labels=["kind"])
        for kind in filter(lambda one: needs_person((one,)), KINDS):
            troubles.add_metric([kind], int(counts.get(kind, 0)))
        yield troubles
        silent = GaugeMetricFamily("kentongan_box_silent_days", "Whole days of silence.", labels=["node"])
        unclean = GaugeMetricFamily(
            "kentongan_box_unclean_starts", "Starts after a power cut, in this week.", labels=["node"]
        )
        contacts, now = self._links.contacts(), self._clock.wall_s()
        for node, _, total, marked, told_at in rows:
            heard = moments_until(now, contacts.get(node, {}), told_at)
            if heard:
                silent.add_metric([str(node)], max(0, int((now - max(heard)) // DAY_S)))
            unclean.add_metric([str(node)], since_mark(total, marked))
        yield silent
        yield unclean

    def _hub(self) -> Iterator[GaugeMetricFamily]:
        free = shutil.disk_usage(self._folder).free
        yield GaugeMetricFamily("kentongan_hub_disk_free_bytes", "Free space of the hub.", value=free)
        ran = dict(JobRun.select(JobRun.name, JobRun.wall_s).tuples().execute(self._db))
        now = self._clock.wall_s()
        backups = GaugeMetricFamily("kentongan_hub_backup_age_seconds", "Age of copies.", labels=["copy"])
        for copy, name in _BACKUPS.items():
            if name in ran:
                backups.add_metric([copy], now - ran[name])
        yield backups
        # Not `job`: Prometheus keeps that name for what it asks, and would turn ours into `exported_job`.
        jobs = GaugeMetricFamily("kentongan_hub_job_age_seconds", "Since a job began last.", labels=["name"])
        for name in sorted(set(ran) - set(_BACKUPS.values())):
            jobs.add_metric([name], now - ran[name])
        yield jobs

    def _radio(self) -> Iterator[GaugeMetricFamily]:
        today = self._links.own_days(day_number(self._clock.wall_s()))
        sent = GaugeMetricFamily("kentongan_hub_radio_sent_share", "Share of today on the air.")
        used = GaugeMetricFamily("kentongan_hub_radio_channel_used", "Share of the channel in use today.")
        for counts in today.values():
            on_air = share(counts.airtime_ms / 1000, counts.seconds)
            if on_air is not None:
                sent.add_metric([], on_air)
            if counts.channel_used.mean is not None:
                used.add_metric([], counts.channel_used.mean)
        yield sent
        yield used


def metrics_app(metrics: HubMetrics) -> Callable[..., Any]:
    """Return the WSGI app that answers Prometheus."""
    registry = CollectorRegistry()
    registry.register(metrics)
    app: Callable[..., Any] = make_wsgi_app(registry)
    return app


def check_loopback(listen: tuple[str, int]) -> None:
    """Raise ValueError for an address that other machines reach."""
    host = listen[0]
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise ValueError("the metrics are for this machine only: --metrics 127.0.0.1:9108")

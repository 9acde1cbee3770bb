"""`hub serve` and `hub worker`."""

from __future__ import annotations

import threading
from typing import Any

from firmware_bridge.meshtastic_radio import MeshtasticRadio
from hub.config import HubConfig
from hub.joined_wiring import JoinedHub
from hub.store_wiring import HubStore
from hub.wiring import SANE_WALL_S, Hub
from sync.command_line import note, print_json
from sync.process_limits import forbid_core_dumps
from sync.scheduling import JobRunner
from sync.service_notices import ServiceNotices
from sync.serving import FEW_THREADS, WsgiServer
from sync.upload_bodies import UploadChannel
from sync.wire.bundle_codec import MAX_BUNDLE_BYTES

MOST_ANSWER_BYTES = 256 * 1024 * 1024
"""Far above the largest export: above a megabyte waitress alone puts what is not sent yet into a file."""


def site_options() -> dict[str, int]:
    """Return waitress's options for a hub's site. Bundles may lie in temporary files, they are sealed; an
    answer may not: it holds what people told."""
    return {"max_request_body_size": 2 * MAX_BUNDLE_BYTES, "outbuf_overflow": MOST_ANSWER_BYTES}


def serve_hub(config: HubConfig, stop: threading.Event) -> None:
    """Serve until `stop` is set. Raises the errors of starting, each with what to do."""
    forbid_core_dumps()
    hub = JoinedHub(config) if config.joins else Hub(config, open_radio=MeshtasticRadio)
    site: WsgiServer | None = None
    metrics: WsgiServer | None = None
    notices = ServiceNotices()
    try:
        if config.metrics is not None:
            metrics = _metrics(hub.store, config.metrics)
        site = WsgiServer(
            hub.create_app(),
            config.listen,
            site_options(),
            # Photos from phones come plain: they stay in memory, two forms at once.
            channel=UploadChannel,
        )
        hub.start()
        site.start()
        ready: dict[str, Any] = {"url": site.url, "generation": hub.generation}
        if metrics is not None:
            metrics.start()
            ready["metrics"] = metrics.url
        print_json(ready)
        note(f"kentongan: the hub is open at {site.url}")
        notices.begin([lambda: hub.store.writer.read(lambda: None), site.answers])
        stop.wait()
    finally:
        notices.end()
        if site is not None:
            site.close()
        if metrics is not None:
            metrics.close()
        hub.close()


def _metrics(store: HubStore, listen: tuple[str, int]) -> WsgiServer:
    from hub.metrics import HubMetrics, check_loopback, metrics_app

    check_loopback(listen)
    figures = HubMetrics(store.database, store.links, store.clock, store.config.folder)
    return WsgiServer(metrics_app(figures), listen, threads=FEW_THREADS)


def run_worker(config: HubConfig, stop: threading.Event) -> None:
    """Run the regular work until `stop` is set."""
    store = HubStore(config)
    jobs = [
        *store.jobs.all(),
        *store.audit.jobs(),
        *store.retention.jobs(),
        *store.week_counts.jobs(),
        *store.early.watch.jobs(),
        *store.weekly.jobs(),
        *store.duty.jobs(),
        *store.succession.jobs(),
        *store.duty_hours.jobs(),
        *store.forwarding.jobs(),
        *store.receivers.jobs(),
    ]
    notices = ServiceNotices()
    runner = JobRunner(jobs, store.jobs, store.clock, lambda: store.clock.wall_s() >= SANE_WALL_S)
    try:
        runner.start()
        print_json({"jobs": [job.name for job in jobs]})
        notices.begin([lambda: store.writer.read(lambda: None)])
        stop.wait()
    finally:
        notices.end()
        runner.close()
        store.close()

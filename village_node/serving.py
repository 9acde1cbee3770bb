"""`node serve`: one process with both sites, the writer, the link, the radio, the internet and the jobs."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from sync.command_line import note, print_json
from sync.process_limits import forbid_core_dumps, keep_blocks_for_reuse, keep_heap_small
from sync.service_notices import ServiceNotices
from sync.serving import FEW_THREADS, WsgiServer
from sync.storage.writer import trouble_of
from sync.upload_bodies import UploadChannel
from village_node.captive_portal import CaptivePortal
from village_node.config import NodeConfig
from village_node.folder import ENROLMENT_FILE
from village_node.radio import open_radio
from village_node.salvage import ask_for_salvage, salvage_where_asked
from village_node.stick_backups import StickBackups
from village_node.store_watch import StartAnew, StoreWatch
from village_node.web.bodies import in_memory_server_options
from village_node.web.facilitator_app import FacilitatorServices, create_facilitator_app
from village_node.web.public_app import MAX_BODY_BYTES, create_public_app
from village_node.web.village_work import VillageWork
from village_node.wiring import Node
from village_node.without_store import FAULTS, serve_without_store


def facilitator_services(node: Node, public_port: int) -> FacilitatorServices:
    """Return what the facilitator's site asks of this node."""
    work = VillageWork(
        reports=node,
        notices=node.notices,
        sound_of=node.sounds.file_of,
        departures=node.departures,
        desk=node.desk,
        material=node.material,
        village_code=node.store.identity.enrolment.village,
        village_name=node.store.identity.enrolment.village_name,
    )
    return FacilitatorServices(
        status=node.health.status,
        pin=node.pin,
        monotonic_s=node.times.monotonic_s,
        sessions=node.sessions,
        content=node.content,
        printing=node.printing,
        today=node.today,
        public_port=public_port,
        site_address=node.config.site_address,
        work=work,
    )


def _node_of(config: NodeConfig, stop: threading.Event) -> Node | None:
    """Return the node as soon as its card takes anything, None when `stop` came first."""
    while not stop.is_set():
        salvage_where_asked(config.folder)
        try:
            return Node(config, open_radio=open_radio)
        except FAULTS as error:
            if not (config.folder / ENROLMENT_FILE).exists():
                raise
            if trouble_of(error) == "damaged" and _asks_for_salvage(config.folder):
                continue
            serve_without_store(config, stop, error)
    return None


def begin_anew() -> None:
    """Put the program, as it was called, in the place of this one: it reads its settings once, at its start.

    Raises StartAnew where a service manager was told that it stops, and starts it, or the system forbids it.
    """
    if os.environ.get("NOTIFY_SOCKET"):
        raise StartAnew("other settings from the hub: systemd starts the server anew")
    try:
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - as it was called, through no shell
    except OSError as error:
        raise StartAnew("other settings from the hub: start the server anew") from error


def _asks_for_salvage(folder: Path) -> bool:
    try:
        return ask_for_salvage(folder)
    except OSError:
        return False  # the card takes nothing: that comes first


def serve_node(config: NodeConfig, stop: threading.Event) -> None:
    """Serve until `stop` is set. Raises the errors of starting, each with what to do."""
    forbid_core_dumps()
    keep_heap_small()
    node = _node_of(config, stop)
    if node is None:
        return
    node.store.material.begin()
    notices = ServiceNotices()
    sticks = StickBackups(config.folder, node.log, node.times, node.clock)
    watch = StoreWatch(config.folder, node.log, node.clock, stop.set)
    node.health.stick_problem = lambda: sticks.problem
    node.settings.on_change = stop.set
    sites: list[WsgiServer] = []
    try:
        enrolment = node.store.identity.enrolment
        app = create_public_app(
            node,
            village_name=enrolment.village_name,
            village_code=enrolment.village,
            staffed=node.hub_hours.staffed,
            questions=node.questions,
            can_save=node.health.takes_reports,
            recordings=config.folder / "suara",
            site_address=config.site_address,
            portal=CaptivePortal(config.site_address, key=secrets.token_bytes(32))
            if config.site_address
            else None,
            monotonic_s=node.clock.monotonic_s,
            quizzes=node.sessions,
            notices=node.notices.public,
            sound_of=node.sounds.file_of,
            content=node.store.material.catalogue,
        )
        options = in_memory_server_options(MAX_BODY_BYTES)
        sites.append(WsgiServer(app, config.listen, options, channel=UploadChannel))
        ready: dict[str, object] = {"url": sites[0].url}
        if config.facilitator_listen is not None:
            facilitator = create_facilitator_app(
                facilitator_services(node, urlsplit(sites[0].url).port or 80)
            )
            site = WsgiServer(
                facilitator,
                config.facilitator_listen,
                options,
                threads=FEW_THREADS,
                channel=UploadChannel,
            )
            sites.append(site)
            ready["facilitator_url"] = sites[1].url
        node.start()
        sticks.start()
        watch.start()
        for site in sites:
            site.start()
        keep_blocks_for_reuse()
        print_json(ready)
        note(f"kentongan: the village site is open at {sites[0].url}")
        node.store.material.proven()
        notices.begin([lambda: node.store.writer.read(lambda: None), *(site.answers for site in sites)])
        stop.wait()
    finally:
        notices.end()
        for site in sites:
            site.close()
        sticks.close()
        watch.close()
        node.close()
    if node.settings.starts_anew:
        begin_anew()
    if watch.must_start_anew:
        raise StartAnew(
            "the card is another one, or its store needs a new start: start the server (systemd does)"
        )

"""`node serve`: one process with both sites, the writer, the link, the radio, the internet and the jobs."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sync.clock import Clock, SystemClock
from sync.command_line import note, print_json
from sync.process_limits import forbid_core_dumps, give_back_memory, keep_blocks_for_reuse, keep_heap_small
from sync.service_notices import ServiceNotices
from sync.serving import FEW_THREADS, WsgiServer
from sync.storage.writer import StorageError, is_of_a_page
from sync.upload_bodies import UploadChannel
from village_node import folder as node_folder
from village_node.captive_portal import CaptivePortal
from village_node.config import NodeConfig
from village_node.damaged_store import DamagedLog, keep_map
from village_node.folder import DATABASE_FILE, ENROLMENT_FILE
from village_node.radio import radio_opener
from village_node.salvage import ask_for_salvage, salvage_asked, salvage_where_asked
from village_node.stick_backups import StickBackups
from village_node.store_watch import StartAnew, StoreWatch, damage_stays, takes_files
from village_node.web.bodies import in_memory_server_options
from village_node.web.facilitator_app import FacilitatorServices, create_facilitator_app
from village_node.web.public_app import MAX_BODY_BYTES, create_public_app
from village_node.web.village_work import VillageWork
from village_node.wiring import Node
from village_node.without_store import FAULTS, card_works, serve_without_store

QUICK_SALVAGE_S = 4.0
"""So long a box is silent while its store is made anew; then it serves a site that takes no reports."""
MOST_SALVAGES, SALVAGES_WITHIN_S = 2, 3600.0


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


class SalvagePace:
    """Lets a dying card have its store made anew twice in an hour, not without end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: list[float] = []

    def may_begin(self) -> bool:
        """Return whether the next may be asked for."""
        now = self._clock.monotonic_s()
        self._begun = [at for at in self._begun if now - at < SALVAGES_WITHIN_S]
        return len(self._begun) < MOST_SALVAGES

    def begins(self) -> None:
        """Count one."""
        self._begun.append(self._clock.monotonic_s())


def _node_of(config: NodeConfig, stop: threading.Event, pace: SalvagePace) -> Node | None:
    """Return the node as soon as its card takes anything, None when `stop` came first."""
    may_pass = True
    while not stop.is_set():
        _salvage_beside_a_site(config, stop, pace)
        if stop.is_set():  # the store may still be in the making
            return None
        try:
            plan = node_folder.load(config.folder).enrolment.radio
            node = Node(config, open_radio=radio_opener(plan))
            keep_map(config.folder)
            return node
        except FAULTS as error:
            if not (config.folder / ENROLMENT_FILE).exists():
                raise
            if may_pass and _damage_passes(config, error, stop):
                may_pass = False
                continue

            def asks(error: BaseException = error) -> bool:
                damaged = is_of_a_page(error) and takes_files(config.folder)
                return damaged and pace.may_begin() and _asks_for_salvage(config.folder)

            if not asks():
                serve_without_store(config, stop, error, works=lambda: card_works(config) or asks())
    return None


def _damage_passes(config: NodeConfig, error: BaseException, stop: threading.Event) -> bool:
    """Return whether the store, in which a start met a bad page, is well when it is looked at again."""
    if not is_of_a_page(error) or isinstance(error, DamagedLog) or salvage_asked(config.folder) == "refused":
        return False
    return not damage_stays(config.folder / DATABASE_FILE, SystemClock(config.speed), stop)


def _salvage_beside_a_site(config: NodeConfig, stop: threading.Event, pace: SalvagePace) -> None:
    """Make the store anew where that is asked for; what takes long does so beside a site without reports."""
    if salvage_asked(config.folder) != "wanted":
        return
    pace.begins()
    failed: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            salvage_where_asked(config.folder)
        except BaseException as error:  # whatever it is, it belongs to who waits for this thread
            failed.append(error)
        finally:
            done.set()

    # A daemon: cut off when the program ends, it is taken up by the next start.
    threading.Thread(target=work, name="salvage", daemon=True).start()
    if not done.wait(QUICK_SALVAGE_S):
        because = StorageError("the damaged store is being made anew")
        serve_without_store(config, stop, because, works=done.is_set, try_every_s=0.5)
    if failed:
        raise failed[0]


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
    pace = SalvagePace(SystemClock(config.speed))
    while (node := _node_of(config, stop, pace)) is not None:
        listen = _serve(config, node, stop, pace)
        if listen is None:
            return
        config = replace(config, listen=listen)
        del node
        give_back_memory()  # before the next one loads its text models


def _ended_by(stop: threading.Event) -> threading.Event:
    """Return an event that is set when `stop` is, and may be set without it."""
    ended = threading.Event()

    def follow() -> None:
        stop.wait()
        ended.set()

    threading.Thread(target=follow, name="stop", daemon=True).start()
    return ended


def _serve(
    config: NodeConfig, node: Node, stop: threading.Event, pace: SalvagePace
) -> tuple[str, int] | None:
    """Serve until `stop` is set. Returns the address to serve at again where the store is to be made anew: a
    new process would take longer to begin than all of the rest."""
    ended = _ended_by(stop)
    node.store.material.begin()
    notices = ServiceNotices()
    sticks = StickBackups(config.folder, node.log, node.times, node.clock)
    watch = StoreWatch(config.folder, node.log, node.clock, ended.set, may_salvage=pace.may_begin)
    node.health.stick_problem = lambda: sticks.problem
    node.settings.on_change = ended.set
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
            is_shut_out=lambda: node.revocation.stands,
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
        ended.wait()
    finally:
        goes_on = watch.must_start_anew and not stop.is_set() and salvage_asked(config.folder) == "wanted"
        (notices.pause if goes_on else notices.end)()
        for site in sites:
            site.close()
        sticks.close()
        watch.close()
        node.close()
        watch.card.close()
    if goes_on:
        return config.listen[0], urlsplit(sites[0].url).port or config.listen[1]
    if node.settings.starts_anew:
        begin_anew()
    if watch.must_start_anew:
        raise StartAnew(
            "the card is another one, or its store needs a new start: start the server (systemd does)"
        )
    return None

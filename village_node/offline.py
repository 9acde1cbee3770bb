"""Commands that work beside a running server or without one: submit, receipt, status, sync, courier."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.carriers.courier import read_bundle, write_bundle
from sync.errors import CarrierError, MalformedWire
from sync.handin import HandIn, NodeNotRunning
from sync.identifiers import Lane
from sync.process_limits import forbid_core_dumps
from sync.storage.writer import trouble_of
from village_node.box_settings import RunningSettings
from village_node.clock_source import time_keeper
from village_node.config import NodeConfig
from village_node.duress import UnderDuress
from village_node.folder import load
from village_node.handin_receipts import MAY_BE_LOST, UNKNOWN, shown
from village_node.handin_server import (
    content_import,
    content_rollback,
    content_status,
    courier_export,
    courier_import,
    submit,
)
from village_node.health import Health, free_bytes, is_read_only
from village_node.link_days import link_status
from village_node.receipts import Receipts
from village_node.revocation import Revocation
from village_node.services import ReceiptMayBeLost, TooManyGuesses, UnknownReceipt
from village_node.store_wiring import NodeStore
from village_node.timekeeping import TimeKeeper
from village_node.wiring import Node

Ask = Callable[[dict[str, Any]], dict[str, Any]]


def _connected(folder: Path) -> HandIn | None:
    load(folder)  # a folder without a node is said to be one, whoever is asked
    try:
        return HandIn(folder)
    except NodeNotRunning:
        return None


Submit = Callable[[object, object, list[dict[str, str]]], dict[str, Any]]


@contextmanager
def submitter(folder: Path, *, dense_text: bool = True) -> Iterator[Submit]:
    """Give a function that takes (report, ref, attachments as `HandIn.submit` has them): through the running
    server, or with an epoch of its own.

    `dense_text` is for the latter; a running server goes by its own setting.
    """
    forbid_core_dumps()
    connection = _connected(folder)
    if connection is not None:
        with connection:
            yield lambda report, ref, attachments: connection.submit(
                report, ref, patient=True, attachments=attachments
            )
        return
    node = Node(NodeConfig(folder, dense_text=dense_text, hub_settings=False))
    try:
        node.encoder.load()
        yield lambda report, ref, attachments: submit(
            node.reporting, report, ref, patient=True, attachments=attachments
        )
    finally:
        node.close()


@contextmanager
def _asker(folder: Path) -> Iterator[Ask]:
    connection = _connected(folder)
    if connection is not None:
        with connection:
            yield connection.ask
        return
    node = Node(NodeConfig(folder, hub_settings=False))

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        if request["op"] == "courier-export":
            return courier_export(node.desk)
        return courier_import(node.desk, request["bundle"])

    try:
        yield ask
    finally:
        node.close()


def content_request(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Do one of the socket's requests about material, through the server or without one.

    Raises CarrierError that says what to do when it was refused.
    """
    connection = _connected(folder)
    if connection is not None:
        with connection:
            reply = connection.ask(request)
    else:
        node = Node(NodeConfig(folder, hub_settings=False))
        try:
            reply = _content_reply(node, request)
        finally:
            node.close()
    if "error" in reply:
        raise CarrierError(reply["error"], permanent=True)
    return reply


def _content_reply(node: Node, request: dict[str, Any]) -> dict[str, Any]:
    if request["op"] == "content":
        return content_status(node.material)
    if request["op"] == "content-rollback":
        return content_rollback(node.material)
    return content_import(node.material, request["pack"])


def _times(store: NodeStore) -> TimeKeeper:
    return time_keeper(store.clock, -1, store.log)


def offline_status(folder: Path) -> dict[str, Any]:
    """Return the status of a node that is not running."""
    config = NodeConfig(folder)
    store = NodeStore(config)
    times = _times(store)
    today_s = times.trusted_wall_s()
    try:
        return Health(
            folder=folder,
            identity=store.identity,
            log=store.log,
            times=times,
            running=lambda: None,
            link=lambda: link_status(
                store.link_days.recent(today_s),
                today_s=today_s,
                duty_cycle=config.duty_cycle,
                meter=None,
                now=0.0,
            ),
            free_bytes=lambda: free_bytes(folder),
            material=store.material.status,
            settings=kept_settings(store).status,
            is_shut_out=lambda: Revocation(store.log, store.identity).stands,
        ).status()
    finally:
        store.close()


def kept_settings(store: NodeStore) -> RunningSettings:
    """Return what the hub set, to be looked at beside a server."""
    enrolment = store.identity.enrolment
    return RunningSettings(
        store.log,
        store.clock,
        hub_signing_public=enrolment.hub_signing_public,
        node_number=enrolment.node_number,
        runs=False,
    )


def status_without_store(folder: Path, because: Exception) -> dict[str, Any]:
    """Return what can be said of a node whose store does not open."""
    enrolment = load(folder).enrolment
    return {
        "village": enrolment.village,
        "node": enrolment.node_number,
        "running": False,
        "takes_reports": False,
        "store": "read_only" if is_read_only(folder) else trouble_of(because),
        "reports_waiting": "unknown",
    }


def offline_receipt(folder: Path, code: str) -> dict[str, Any]:
    """Return {"ladder", "answers"} of a receipt code; raise LookupError that says what to do."""
    store = NodeStore(NodeConfig(folder))
    try:
        times = _times(store)
        duress = UnderDuress(database=store.database, writer=store.writer, log=store.log, times=times)
        view = Receipts(log=store.log, times=times, salt=store.salt, duress=duress).look_up(code)
    except UnknownReceipt as error:
        lost = isinstance(error, ReceiptMayBeLost)
        raise LookupError(MAY_BE_LOST if lost else UNKNOWN) from error
    except TooManyGuesses as error:
        raise LookupError(f"too many wrong codes: wait {error.wait_s} s and try again") from error
    finally:
        store.close()
    return shown(view)


def export_courier(folder: Path, file: Path) -> dict[str, Any]:
    """Write a courier file; return how much it holds."""
    with _asker(folder) as ask:
        reply = ask({"op": "courier-export"})
    if "error" in reply:
        raise CarrierError(reply["error"])
    bundle = base64.b64decode(reply["bundle"])
    write_bundle(file, bundle)
    # None or some (design D8): how many wait is nobody's business in the village.
    return {"file": str(file), "bytes": len(bundle), "waiting": reply["waiting"]}


def import_courier(folder: Path, file: Path) -> dict[str, Any]:
    """Apply a courier file from the hub; raise MalformedWire when it is damaged (nothing changes)."""
    bundle = read_bundle(file)
    with _asker(folder) as ask:
        reply = ask({"op": "courier-import", "bundle": base64.b64encode(bundle).decode("ascii")})
    if "error" in reply:
        raise MalformedWire(reply["error"])
    return reply


def sync_once(
    folder: Path,
    via: str,
    *,
    hub_url: str | None,
    ca_file: str | None,
    radio_url: str | None,
    out: Path | None,
    in_file: Path | None,
    timeout: float,
    speed: float,
) -> dict[str, Any]:
    """Carry what waits by one carrier; return {"receipted", "waiting"}. Raises CarrierError."""
    if via == "courier":
        return _sync_courier(folder, out, in_file)
    needed = hub_url if via == "http" else radio_url
    if needed is None:
        raise CarrierError(f"--via {via} needs --{'hub' if via == 'http' else 'radio'} URL", permanent=True)
    config = NodeConfig(
        folder,
        hub_url=hub_url if via == "http" else None,
        ca_file=ca_file,
        radio_url=radio_url if via == "radio" else None,
        speed=speed,
        hub_settings=False,
    )
    from village_node.radio import radio_opener

    node = Node(config, open_radio=radio_opener(load(folder).enrolment.radio))
    try:
        before = node.log.pending_count()
        if via == "http":
            _sync_http(node)
        else:
            _sync_radio(node, timeout)
        waiting = node.log.pending_count()
        return {"receipted": max(0, before - waiting), "waiting": node.desk.shows_waiting()}
    finally:
        node.close()


def _sync_http(node: Node) -> None:
    from village_node.internet import exchange_until_settled

    if node.client is not None:
        exchange_until_settled(node.desk, node.client)


def _sync_radio(node: Node, timeout_s: float) -> None:
    import threading

    node.carriers.start_radio()
    deadline = node.clock.monotonic_s() + timeout_s
    never = threading.Event()
    while node.desk.has_work(Lane.REPORT) or node.desk.last_contact_at is None:
        if node.clock.monotonic_s() > deadline:
            problem = node.radio.state().problem if node.radio is not None else None
            raise CarrierError(problem or "the hub did not answer in time: what waits stays and is kept")
        node.clock.wait(never, 0.5)


def _sync_courier(folder: Path, out: Path | None, in_file: Path | None) -> dict[str, Any]:
    if out is None and in_file is None:
        raise CarrierError("--via courier needs --out FILE, --in FILE, or both", permanent=True)
    done: dict[str, Any] = {}
    if in_file is not None:
        done["imported"] = import_courier(folder, in_file)
    if out is not None:
        done["exported"] = export_courier(folder, out)
    return done

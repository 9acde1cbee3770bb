"""`node doctor`: look at everything that can be wrong and say what to do."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sync.errors import CarrierError, EnrolmentRefused, MalformedWire
from sync.handin import HandIn, NodeNotRunning
from sync.storage.database import integrity_problem
from village_node import folder as node_folder
from village_node.health import free_bytes
from village_node.taking import MIN_FREE_BYTES

RADIO_WAIT_S = 10.0


def _finding(check: str, problem: str | None = None, do: str | None = None) -> dict[str, Any]:
    return {"check": check, "ok": problem is None, "problem": problem, "do": do}


def examine(folder: Path, *, radio_url: str | None, hub_url: str | None) -> list[dict[str, Any]]:
    """Return one finding a check: {"check", "ok", "problem", "do"}."""
    try:
        identity = node_folder.load(folder)
    except EnrolmentRefused as error:
        return [_finding("enrolment", "the folder holds no usable node", str(error))]
    findings = [_finding("enrolment")]
    findings.extend(_files(folder))
    findings.append(_card(folder))
    findings.extend(_store(folder))
    findings.append(_content(folder, identity))
    findings.append(_shut_out(folder))
    findings.append(_release_key(identity))
    running = _running(folder)
    findings.append(clock_finding(known=running is not None and running.get("clock") == "known"))
    findings.append(_speech())
    findings.append(
        _finding("server")
        if running is not None
        else _finding(
            "server", "no server runs in this folder", "start it: kentongan node serve DIR --listen ..."
        )
    )
    if running is not None:
        findings.extend(_carriers(running))
    if radio_url is not None:
        findings.append(_radio(radio_url, identity))
    if hub_url is not None:
        findings.append(_hub(hub_url, identity))
    return findings


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    for name in (node_folder.KEY_FILE, node_folder.ENROLMENT_FILE):
        mode = stat.S_IMODE((folder / name).stat().st_mode)
        yield (
            _finding(f"mode of {name}")
            if mode & 0o077 == 0
            else _finding(
                f"mode of {name}", "others on this machine can read it", f"chmod 600 {folder / name}"
            )
        )
    free = free_bytes(folder)
    yield (
        _finding("disk")
        if free >= MIN_FREE_BYTES
        else _finding(
            "disk", f"{free // 1024} KiB free: new reports are refused", "free some space on this disk"
        )
    )


def _card(folder: Path) -> dict[str, Any]:
    from village_node.health import is_read_only
    from village_node.store_watch import takes_files

    if is_read_only(folder):
        return _finding("card", "the system has made the card read-only, as it does after errors", _RESTORE)
    if not takes_files(folder):
        return _finding("card", "the card takes no file: it is full, failing, or not this user's", _RESTORE)
    return _finding("card")


def _store(folder: Path) -> Iterator[dict[str, Any]]:
    from village_node.config import NodeConfig
    from village_node.damaged_store import DamagedLog
    from village_node.store_wiring import NodeStore

    try:
        store = NodeStore(NodeConfig(folder))
    except DamagedLog as error:
        seen, _, do = str(error).partition(": ")
        yield _finding("store", seen, do)
        return
    except Exception as error:  # whatever SQLite finds, the finding is the same
        yield _finding("store", f"the database does not open ({type(error).__name__})", _RESTORE)
        return
    try:
        problem = integrity_problem(store.database)
        yield _finding("store") if problem is None else _finding("store", "the database is damaged", _RESTORE)
        if problem is None:
            yield _backup(store)
            yield _settings(store)
    finally:
        store.close()


def _backup(store: Any) -> dict[str, Any]:
    from village_node.clock_source import time_keeper
    from village_node.stick_backups import MARKER, OLD_DAYS, backup_status

    times = time_keeper(store.clock, -1, store.log)
    made = backup_status(store.log, times)
    days = made["age_days"]
    if days is not None and days > OLD_DAYS:
        do = f"put in a stick with an empty file {MARKER}, or run kentongan node backup DIR --to STICK"
        return {**_finding("backup", f"the last backup is {days} days old", do), "age_days": days}
    return {**_finding("backup"), "made": made["made"], "age_days": days}


_SETTINGS_ENDED = {
    "went_back": "the hub was not heard under the last settings that it sent: those from before run",
    "refused": "the last settings from the hub are not known or not allowed here",
}


def _settings(store: Any) -> dict[str, Any]:
    from village_node.offline import kept_settings

    now = kept_settings(store).status()
    ended = _SETTINGS_ENDED.get(now["ended"] or "")
    found = _finding("settings", ended, None if ended is None else "the hub was told: telephone with it")
    return {**found, "state": now["state"], "hours_left": now["hours_left"]}


_CONTENT_LEFT = {
    "refused": "its material cannot be used: tell the hub, which makes a higher version",
    "broken": "it was damaged on the card: import it again; a card that damages files is near its end",
    "crashed": "the box did not come up with it: tell the hub, which makes a higher version",
}


def _content(folder: Path, identity: node_folder.Identity) -> dict[str, Any]:
    from village_node.content_store import ContentStore

    store = ContentStore(folder / node_folder.CONTENT_FOLDER, identity.enrolment.release_public)
    now = store.status()
    if now["damaged"]:
        return _finding(
            "content",
            f"material of version {now['version']} is damaged on the card",
            "kentongan node content rollback DIR, then import the pack again",
        )
    if now["gave_up"] is not None and now["because"] != "by hand":
        left = f"material of version {now['gave_up']} was given up, version {now['version']} is shown"
        return _finding("content", left, _CONTENT_LEFT[now["because"]])
    return _finding("content")


def _shut_out(folder: Path) -> dict[str, Any]:
    from village_node.config import NodeConfig
    from village_node.revocation import Revocation
    from village_node.store_wiring import NodeStore

    try:
        store = NodeStore(NodeConfig(folder))
    except Exception:  # told by the check of the store
        return _finding("hub takes this box")
    try:
        if not Revocation(store.log, store.identity).stands:
            return _finding("hub takes this box")
    finally:
        store.close()
    return _finding(
        "hub takes this box",
        "the hub shut this box out, or another took its place: it takes no reports any more",
        "ring the hub. What was not sent stays sealed here: kentongan node courier-export DIR FILE, and the "
        "hub may take it in (kentongan hub take-late); a new enrolment makes a new box (kentongan node init)",
    )


_RESTORE = (
    "carry out what can be read (courier-export), then put in a new card and take back the newest backup "
    "(kentongan node restore), or without one a new enrolment"
)


_SET_DATE = "no harm: the hub tells it; or sudo date -s '2026-12-31 23:59', then sudo kentongan-clock by-hand"
_NEW_BATTERY = f"put in a new battery (CR2032), then: {_SET_DATE}"


def _release_key(identity: node_folder.Identity) -> dict[str, Any]:
    from village_node.releases import OTHER_KEY, updater_knows

    public = identity.enrolment.release_public
    if public is None or updater_knows([public]):
        return _finding("release key")
    problem, _, do = OTHER_KEY.partition(": ")
    return _finding("release key", problem, do)


def clock_finding(*, known: bool) -> dict[str, Any]:
    """Return whether the date can be believed. `known`: the box runs and knows it, from the hub too."""
    from sync.clock import SystemClock
    from village_node.clock_source import ClockSource, clock_source
    from village_node.timekeeping import BUILD_WALL_S

    source = clock_source()
    if source is ClockSource.CHIP_STOPPED:
        finding = _finding(
            "clock", "the clock chip stood still: its battery is flat or missing", _NEW_BATTERY
        )
    elif SystemClock().wall_s() < BUILD_WALL_S:
        finding = _finding(
            "clock", "the clock shows a time before this software was made", "set the date, or let the hub"
        )
    elif not source.vouches and not known:
        finding = _finding("clock", "nobody told this box the date since it was turned on", _SET_DATE)
    else:
        finding = _finding("clock")
    return {**finding, "source": source.value}


def _speech() -> dict[str, Any]:
    from village_node.speech import can_speak, missing_packages

    missing = missing_packages()
    if not missing:
        return _finding("sound of notices")
    return _finding(
        "sound of notices",
        "long notices cannot be heard" if can_speak() else "notices can be read but not heard",
        f"sudo apt-get install {' '.join(missing)}, then wait six hours or start the server again",
    )


def _running(folder: Path) -> dict[str, Any] | None:
    try:
        with HandIn(folder, timeout_s=10) as socket:
            return socket.status()
    except (NodeNotRunning, CarrierError, OSError):
        return None


def _carriers(status: dict[str, Any]) -> Iterator[dict[str, Any]]:
    radio, internet = status.get("radio"), status.get("internet")
    if radio is not None:
        yield (
            _finding("radio")
            if radio["connected"] and radio["problem"] is None
            else _finding("radio", "the radio is not well", radio["problem"])
        )
    if internet is not None and internet["refused"]:
        do = "its reports do not arrive by internet: ring the hub, which does not know it; enrol it anew"
        yield _finding("internet", internet["problem"], do)
    elif internet is not None:
        yield (
            _finding("internet")
            if internet["reached"]
            else _finding("internet", internet["problem"], "no harm: reports wait, or go by radio or courier")
        )


def _radio(url: str, identity: node_folder.Identity) -> dict[str, Any]:
    import threading

    from sync.clock import SystemClock
    from village_node.radio import open_radio

    try:
        radio = open_radio(url, identity.enrolment.radio)
    except ValueError as error:
        return _finding("radio", str(error), "give --radio tcp://HOST:PORT or serial:/dev/ttyUSB0")
    clock, never = SystemClock(), threading.Event()
    deadline = clock.monotonic_s() + RADIO_WAIT_S
    try:
        while not radio.state().connected and clock.monotonic_s() < deadline:
            clock.wait(never, 0.1)
        state = radio.state()
    finally:
        radio.close()
    if state.connected and state.problem is None:
        return _finding("radio")
    return _finding("radio", "the radio does not answer" if not state.connected else "set-up", state.problem)


def _hub(url: str, identity: node_folder.Identity) -> dict[str, Any]:
    from sync.carriers.https import HubClient
    from sync.wire.bundle_codec import UpBundle, decode_down_bundle, encode_up_bundle

    try:
        decode_down_bundle(HubClient(url, timeout_s=15).exchange(encode_up_bundle(UpBundle(()))))
    except (CarrierError, ValueError, OSError) as error:
        return _finding("hub", str(error), "check the address and the internet; reports wait meanwhile")
    except MalformedWire:
        return _finding("hub", "something else answers there", "check the address; is this a sign-in page?")
    return _finding("hub")

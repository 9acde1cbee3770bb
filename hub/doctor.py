"""`hub doctor`: look at everything that can be wrong and say what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub import folder as hub_folder
from hub.accounts.models import User
from hub.config import HubConfig
from hub.jobs import OFF_SITE, WRITTEN
from hub.machine_reading.commands import findings as model_findings
from hub.models import Node
from hub.storage.opening import lacks_replica, store_problem
from hub.storage.postgres import shown
from hub.store_wiring import HubStore
from hub.subscriptions.examining import problems
from hub.wiring import SANE_WALL_S
from sync.errors import EnrolmentRefused
from sync.sealing.derivation import spoken_fingerprint
from sync.storage.database import connect

MIN_FREE_BYTES = 256 * 1024 * 1024
BACKUP_MAX_AGE_S = 2 * 86_400
OFF_SITE_MAX_AGE_S = 14 * 86_400


def _finding(check: str, problem: str | None = None, do: str | None = None) -> dict[str, Any]:
    return {"check": check, "ok": problem is None, "problem": problem, "do": do}


def examine(folder: Path) -> list[dict[str, Any]]:
    """Return one finding a check: {"check", "ok", "problem", "do"}."""
    try:
        store = HubStore(HubConfig(folder))
    except EnrolmentRefused as error:
        return [_finding("keys", "the folder holds no usable hub", str(error))]
    except Exception as error:  # whatever the database finds, the finding is the same
        where = _where(folder)
        first = "start it or correct its URL, else " if where.startswith("PostgreSQL") else ""
        problem = f"the {where} does not open ({type(error).__name__})"
        return [_finding("store", problem, f"{first}restore the newest backup (hub restore)")]
    try:
        return [
            _finding("keys"),
            *_files(folder),
            _disclosure(store, folder),
            *_rotation(store),
            *_store(store),
            *_audit(store),
            *_duty(store),
            *_subscriptions(store),
            *_nodes(store),
            *model_findings(folder),
        ]
    finally:
        store.close()


def _where(folder: Path) -> str:
    """Return which database the hub of a folder uses, in words without user and password."""
    return shown(HubConfig(folder).database_url or hub_folder.load(folder).database_url)


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / hub_folder.KEY_FILE
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _finding("mode of hub.key", "others on this machine can read it", f"chmod 600 {path}")
    else:
        yield _finding("mode of hub.key")
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        yield _finding("disk", f"{free // 2**20} MiB free", "free some space, or reports are not receipted")
    else:
        yield _finding("disk")


def _disclosure(store: HubStore, folder: Path) -> dict[str, Any]:
    """Say whether somebody is named for who finds a weakness. An option of `serve` is not seen from here."""
    problem = hub_folder.disclosure_of(folder).problem(store.clock.wall_s())
    do = f"kentongan hub security-contact {folder} mailto:... (see docs/security.md)"
    return _finding("security.txt", problem, None if problem is None else do)


def _store(store: HubStore) -> Iterator[dict[str, Any]]:
    damaged = store_problem(store.database)
    yield _finding("store") if damaged is None else _finding("store", "damaged", "restore the newest backup")
    yield (
        _finding("keys of reports")
        if store.contents.fits()
        else _finding(
            "keys of reports",
            "hub.key is not the one under which this database's reports are kept: none can be read",
            "put back the hub.key that belongs to it",
        )
    )
    if lacks_replica(store.database):
        yield _finding(
            "replica", "no replica follows: nothing can be stored until one does", "see docs/replica.md"
        )
    sane = store.clock.wall_s() >= SANE_WALL_S
    yield _finding("clock") if sane else _finding("clock", "the date is wrong", "set it: villages follow it")
    ran = store.jobs.job_ran_at(WRITTEN)
    old = ran is None or store.clock.wall_s() - ran > BACKUP_MAX_AGE_S
    yield (
        _finding("backup", "no backup in two days", "run kentongan hub backup DIR FILE, or hub serve")
        if old
        else _finding("backup")
    )
    off_site = store.jobs.job_ran_at(OFF_SITE)
    far = off_site is None or store.clock.wall_s() - off_site > OFF_SITE_MAX_AGE_S
    yield (
        _finding(
            "off-site backup",
            "no copy in two weeks that outlives this disk: villages keep all they sent",
            "kentongan hub backup DIR FILE to another disk, or with --off-site",
        )
        if far
        else _finding("off-site backup")
    )
    if late := store.forwarding.late():
        yield _finding(
            "hub above",
            f"{late} reports that were passed on two days ago or earlier have not arrived",
            "look at the node of this hub: kentongan node doctor FOLDER",
        )
    connect(store.database)
    accounts = User.select().count(store.database)
    yield (
        _finding("accounts")
        if accounts
        else _finding(
            "accounts",
            "nobody can sign in",
            "kentongan hub user add DIR NAME --role analyst --password-file F",
        )
    )
    unreadable = store.intake.unreadable()
    yield (
        _finding("records")
        if not unreadable
        else _finding(
            "records",
            f"{unreadable} records of a newer version",
            "update this hub: they are kept as they came",
        )
    )


def _rotation(store: HubStore) -> Iterator[dict[str, Any]]:
    """Say what the change of the sealing key waits for, and what came too late for it."""
    found = store.rotation.status()
    if not store.hub_keys.newest_is_here():
        yield _finding(
            "hub key",
            "villages seal for a newer key than the one in this hub.key",
            "put the newest hub.key in its place, or restore it from newer shares; if it is lost: "
            "kentongan hub key rotate",
        )
    elif found.old is not None and not any(node.waits_for for node in found.nodes):
        yield _finding("hub key", "an older key is kept, and no village needs it", found.next_step)
    else:
        yield _finding("hub key")
    if found.unopened:
        yield _finding(
            "reports for the older hub key",
            f"{found.unopened} reports and pieces do not open: their keys are lost, or they are damaged",
            "restore with their file of keys (kentongan hub restore), if one is left, before that key goes",
        )
    for node, count in found.late.items():
        yield _finding(
            f"node {node}",
            f"{count} envelopes that are not here came sealed for a destroyed key: they stay on the box",
            "ask the village to tell again what it reported; enrol the box anew if nothing newer comes of it "
            "(last_heard_at in kentongan hub nodes DIR)",
        )


def _audit(store: HubStore) -> Iterator[dict[str, Any]]:
    problem = store.audit.problem()
    yield (
        _finding("log of accesses")
        if problem is None
        else _finding(
            "log of accesses",
            problem,
            "keep this database for the auditor: kentongan hub audit verify FILE --head OLDER_FILE",
        )
    )


def _duty(store: HubStore) -> Iterator[dict[str, Any]]:
    for state in store.duty.ways():
        if state.configured:
            do = "kentongan hub duty try DIR shows whether it works; the wall rings meanwhile"
            yield _finding(
                f"duty roster by {state.way}", state.problem, None if state.problem is None else do
            )


def _subscriptions(store: HubStore) -> Iterator[dict[str, Any]]:
    found = list(problems(store.subscriptions.sending.ways(), store.clock.wall_s()))
    yield from (_finding(*one) for one in found)
    if not found:
        yield _finding("bulletins to subscribers")


def _nodes(store: HubStore) -> Iterator[dict[str, Any]]:
    missing = store.intake.missing()
    yield (
        _finding("gaps")
        if not missing
        else _finding(
            "gaps",
            f"{missing} envelopes of earlier starts have not come",
            "wait for the next contact or courier",
        )
    )
    for line in node_lines(store):
        if line["refused_keys"]:
            yield _finding(
                f"node {line['node']}",
                "another box used its enrolment and was refused, or one used it after it had ended",
                f"call village {line['village']} and compare the fingerprint {line['fingerprint']}"
                if line["fingerprint"]
                else f"enrol village {line['village']} anew: kentongan hub enrol --replace",
            )


def node_lines(store: HubStore) -> Iterator[dict[str, Any]]:
    """Yield what the hub knows of each node."""
    connect(store.database)
    for node in Node.select().where(~Node.door).order_by(Node.number).execute(store.database):
        bound = node.static_public is not None
        yield {
            "node": node.number,
            "village": node.village,
            "village_name": node.village_name,
            "fingerprint": spoken_fingerprint(bytes(node.static_public)) if bound else None,
            "last_heard_at": node.last_heard_at,
            "refused_keys": node.refused_keys,
            "retired": node.retired,
            "enrolment_ends_at": None if bound else node.binds_until,
            "compared_at": node.compared_at,
            "compared_by": node.compared_by,
            "revoked_at": node.revoked_at,
        }

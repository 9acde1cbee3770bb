"""The drill: a backup and the keys make a hub again, and a village refills what it lacks.

In a scratch folder, nothing real is touched: (1) the copy is restored with its keys, and reports are opened,
from the database and from the envelopes as villages sealed them; (2) the restored hub takes a report of a
practice village, is copied, takes another, and is lost; (3) the copy is restored, and the same village brings
what it lacks.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag

from hub import folder as hub_folder
from hub.config import HubConfig
from hub.enrolling import enrol
from hub.key_file import HubSecrets, write_protected
from hub.models import Report
from hub.practice_node import PracticeNode
from hub.retention.key_copies import put_back, read_keys
from hub.rotation.originals import KeyDestroyed
from hub.storage.copies import restore_store
from hub.store_wiring import HubStore
from hub.wiring import Hub
from sync.clock import Clock
from sync.errors import SealBroken, SyncError
from sync.identifiers import EnvelopeId
from sync.passwords import Cost
from sync.records import check_report
from sync.sealing.enrolment import Enrolment
from sync.storage.database import connect

PRACTICE_VILLAGE: Final = "99"
"""No area of Indonesia has this code."""
_COPY, _KEYS = "practice.copy", "practice.keys"
_QUICK: Final = Cost(memory_kib=8, passes=1, lanes=1)
"""Enough over a passphrase of 256 random bits."""


class DrillFailed(SyncError):
    """This backup, or these keys, would not bring the hub back; the text says what was seen."""


@dataclass(frozen=True)
class DrillReport:
    """What was seen: numbers and seconds, and nothing of what reports say."""

    sealing_keys: str
    """One, two while an old one is being retired, or one after another was destroyed."""
    reports: int
    forgotten_again: int
    opened: int
    restored_s: float
    started_s: float
    lacked: int
    refilled: int
    lost_to_refilled_s: float

    def to_json(self) -> dict[str, Any]:
        """Return it as it is printed."""
        return {name: round(v, 2) if isinstance(v, float) else v for name, v in vars(self).items()}


class Drill:
    """One drill in an empty scratch folder, which its caller removes afterwards: opened words are in it."""

    def __init__(
        self, scratch: Path, secret: HubSecrets, *, new_database: Callable[[], str], clock: Clock
    ) -> None:
        """`new_database` gives the URL of another empty database at each call."""
        self._scratch = scratch
        self._new_database = new_database
        self._clock = clock
        self._passphrase = secrets.token_hex(32)  # so that the keys lie nowhere in plain
        write_protected(scratch, secret, self._passphrase, cost=_QUICK)
        hub_folder.write_settings(scratch, hub_folder.identity_of(secret, name="Latihan"))

    def run(self, copy: Path, keys: Path, *, sample: int) -> DrillReport:
        """Do all three steps; `sample` says how many of the newest reports are opened.

        Raises DrillFailed, CopyFailed and what opening a store raises.
        """
        begin = self._clock.monotonic_s()
        config, counts = self._restore(copy, keys)
        restored = self._clock.monotonic_s()
        hub = Hub(config, clock=self._clock)
        try:
            started = self._clock.monotonic_s()
            keys_in_words = _keys_in_words(hub.store)
            reports = Report.select().count(hub.store.database)
            opened = open_reports(hub.store, sample)
            node = PracticeNode(self._enrolment(hub.store), now=self._clock.monotonic_s())
            self._bring(hub, node, "sebelum salinan")
            hub.store.jobs.copy(self._scratch / _COPY, keys=self._scratch / _KEYS)
            lacking = self._bring(hub, node, "sesudah salinan")
        finally:
            hub.close()
        lost = self._clock.monotonic_s()
        lacked, refilled = self._refill(node, lacking)
        return DrillReport(
            sealing_keys=keys_in_words,
            reports=reports,
            forgotten_again=counts["forgotten"],
            opened=opened,
            restored_s=restored - begin,
            started_s=started - restored,
            lacked=lacked,
            refilled=refilled,
            lost_to_refilled_s=self._clock.monotonic_s() - lost,
        )

    def _restore(self, copy: Path, keys: Path) -> tuple[HubConfig, dict[str, int]]:
        rows = read_keys(keys)
        url = self._new_database()
        restore_store(url, self._scratch, copy)
        config = HubConfig(self._scratch, database_url=url, passphrase=lambda: self._passphrase)
        store = HubStore(config, self._clock)
        try:
            try:
                counts = put_back(store, rows)
            except InvalidTag:
                counts = {}
            if not counts or not store.contents.fits():
                raise DrillFailed("these keys are of another hub: they do not open the reports of this copy")
            if counts["without_key"]:
                raise DrillFailed(
                    f"{counts['without_key']} reports of the copy have no key in the file of keys"
                )
        finally:
            store.close()
        return config, counts

    def _enrolment(self, store: HubStore) -> Enrolment:
        now_s = self._clock.wall_s() - 60
        return enrol(store.database, store.writer, store.identity, village=PRACTICE_VILLAGE,
                     village_name="Latihan", hub_url=None, now_s=now_s, replace=True)  # fmt: skip

    def _bring(self, hub: Hub, node: PracticeNode, what: str) -> str:
        """Have a village report to a hub, and be told so; return the report's id."""
        filed = node.file(check_report({"kind": "recruiter", "narrative": f"Latihan pemulihan, {what}."}))
        taken = node.exchange(hub.desk, self._clock.monotonic_s())
        if taken.new != 1 or node.waiting:
            raise DrillFailed("the restored hub did not take and confirm a report of the practice village")
        return filed

    def _refill(self, node: PracticeNode, lacking: str) -> tuple[int, int]:
        config, _ = self._restore(self._scratch / _COPY, self._scratch / _KEYS)
        hub = Hub(config, clock=self._clock)
        try:
            if _has(hub.store, [lacking]):
                raise DrillFailed("the copy holds what was reported after it")
            node.exchange(hub.desk, self._clock.monotonic_s())  # tells the village what the hub lacks now
            lacked = len(node.waiting)
            refilled = node.exchange(hub.desk, self._clock.monotonic_s()).new
            if lacked != 1 or node.waiting or not _has(hub.store, [lacking]):
                raise DrillFailed("the practice village did not bring again what the restored hub lacks")
            return lacked, refilled
        finally:
            hub.close()


def _keys_in_words(store: HubStore) -> str:
    if store.identity.retiring is not None:
        return "two: another one is being retired"
    destroyed = any(row.destroyed_at is not None for row in store.hub_keys.rows())
    return "one, after another was destroyed" if destroyed else "one"


def _has(store: HubStore, ids: Sequence[str]) -> bool:
    connect(store.database)
    return bool(Report.select().where(Report.id.in_(list(ids))).exists(store.database))


def open_reports(store: HubStore, most: int) -> int:
    """Open the newest reports twice, as the desk reads them and as the village sealed them; return how many.

    Raises DrillFailed when one does not open.
    """
    connect(store.database)
    newest = list(
        Report.select(Report.id).order_by(Report.received_at.desc()).limit(most).execute(store.database)
    )
    for report in newest:
        try:
            if store.contents.report(report.id) is None:
                raise LookupError
            store.rotation.originals.open(EnvelopeId.parse(report.id))
        except KeyDestroyed as error:
            raise DrillFailed(
                "a report of the copy does not open with these keys: is hub.key the one of this hub? If the "
                "copy is older than the end of its sealing key, make one now, and destroy it"
            ) from error
        except (InvalidTag, LookupError, SealBroken) as error:
            raise DrillFailed(
                "a report of the copy does not open with these keys: is hub.key the one of this hub?"
            ) from error
    return len(newest)

"""How fast a hub takes in, beside plain inserts into the same table in the same run."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from hub import folder as hub_folder
from hub.cases.models import Triage
from hub.config import HubConfig
from hub.enrolling import enrol
from hub.intake import Offered
from hub.link_desk import TAKEN_AT_ONCE
from hub.models import Envelope
from hub.storage.opening import on_postgres
from hub.storage.statements import insert_rows
from hub.store_wiring import HubStore
from sync.identifiers import Lane
from sync.link.hearing import KnownEpoch
from sync.records import Report
from sync.sealing.derivation import KeyPair
from sync.sealing.epoch import SealingEpoch, binding_mac
from sync.storage.database import connect
from sync.wire.control_records import with_age
from sync.wire.frame_codec import EpochBlock
from sync.wire.report_codec import encode_report_with
from sync.wire.text_models import QUICK

T = TypeVar("T")
BATCH = TAKEN_AT_ONCE
"""Envelopes of a bundle that the hub commits together; the plain inserts take as many."""
LINKED = 32
"""Reports of each run that are linked: to link one costs more than all else, and nobody waits for it."""


@contextmanager
def bench_store(folder: Path, database_url: str | None) -> Iterator[HubStore]:
    """Give a new hub's store in a folder, on the database that is named; None: a file in the folder."""
    hub_folder.create(folder, name="Ukur", database_url=database_url, release_public=None)
    store = HubStore(HubConfig(folder, database_url=database_url))
    try:
        yield store
    finally:
        store.close()


def sealed_reports(store: HubStore, reports: Sequence[Report], count: int, villages: int) -> list[Offered]:
    """Return `count` sealed envelopes of as many villages as told, in batches of one village each."""
    rng = random.Random(1)  # noqa: S311 - keys of a benchmark
    plains = [with_age(3, encode_report_with(report, QUICK)) for report in reports]
    epochs = [_epoch(store, number, rng) for number in range(villages)]
    offered = []
    for place in range(count):
        epoch, known = epochs[place // BATCH % villages]
        sealed = epoch.seal(Lane.REPORT, plains[place % len(plains)])
        offered.append(Offered((known,), Lane.REPORT, sealed.id.counter, sealed.ciphertext))
    return offered


def _epoch(store: HubStore, number: int, rng: random.Random) -> tuple[SealingEpoch, KnownEpoch]:
    now = store.clock.wall_s()
    village = f"52.02.08.{2001 + number}"
    enrolment = enrol(store.database, store.writer, store.identity, village=village, village_name="Contoh",
                      hub_url=None, now_s=now - 60)  # fmt: skip
    static, psk, node = KeyPair.from_private(rng.randbytes(32)), enrolment.psk, enrolment.node_number
    epoch = SealingEpoch.open(hub_public=store.identity.static.public, node_static=static, psk=psk,
                              node_number=node, ephemeral_private=rng.randbytes(32))  # fmt: skip
    binding = binding_mac(psk, epoch.enc, static.public, node)
    known = store.keyring.learn(EpochBlock(node, epoch.enc, static.public, binding))
    if known is None:
        raise LookupError("a node of the benchmark was refused")
    return epoch, known


def measure(store: HubStore, offered: Sequence[Offered], runs: int = 1) -> dict[str, Any]:
    """Return rates a second of this one process and their ratios, each the median of so many runs.

    Batch by batch the same envelopes go into the same table plainly, are verified, read and stored, and are
    placed in inbox, search and the list of what is to be linked: whatever else the machine does meanwhile
    hits all of them. Plainly is done in two ways: as anybody would, with the ORM's insert of many rows, and
    with the statement that the intake itself uses. The receipt goes out when they are stored
    ("until_receipt"); "whole way" counts all, reading and placing too. Linking itself is measured on one
    batch of each run.
    """
    count = len(offered) // runs
    of_runs = [_rates(_spent(store, offered[run * count : (run + 1) * count]), count) for run in range(runs)]
    if Envelope.select().where(Envelope.via == "http").count(store.database) != count * runs:
        raise LookupError("not all that was offered was stored")
    if store.arrivals.waiting() or Triage.select().count(store.database) < len(offered):
        raise LookupError("not all that was stored was placed")
    return {
        "database": "PostgreSQL" if on_postgres(store.database) else "SQLite",
        "envelopes": count * runs,
        "batch": BATCH,
        "runs": runs,
        **{name: round(median(run[name] for run in of_runs), 3) for name in of_runs[0]},
        "ratio_lowest": round(min(run["ratio"] for run in of_runs), 3),
        "ratio_highest": round(max(run["ratio"] for run in of_runs), 3),
    }


def _spent(store: HubStore, offered: Sequence[Offered]) -> dict[str, float]:
    """Return the seconds that each part of one run took."""
    at = store.clock.wall_s()
    spent = Counter[str]()
    connect(store.database)
    store.intake.on_committed = lambda: None  # what follows the receipt is measured by itself

    def timed(name: str, work: Callable[[], T]) -> T:
        began = store.clock.monotonic_s()
        result = work()
        spent[name] += store.clock.monotonic_s() - began  # type: ignore[assignment]
        return result

    for place in range(0, len(offered), BATCH):
        batch = offered[place : place + BATCH]
        for name, lane, insert in (("plain", 7, _insert), ("bare", 8, _insert_bare)):
            rows = [_plain_row(one, lane, at) for one in batch]
            timed(name, lambda rows=rows, insert=insert: store.writer.run(lambda: insert(store, rows)))  # type: ignore[misc]
        opened = timed("verify", lambda batch=batch: store.intake.verify(batch))  # type: ignore[misc]
        read = timed("read", lambda opened=opened: store.intake.read(opened))  # type: ignore[misc]
        timed("store", lambda read=read: store.intake.store(read, via="http", at=at))  # type: ignore[misc]
        timed("place", store.arrivals.catch_up)
    timed("link", lambda: store.people.linker.turn(LINKED))
    return spent  # type: ignore[return-value]


def _rates(spent: dict[str, float], count: int) -> dict[str, float]:
    stored_s = spent["verify"] + spent["store"]
    whole_s = stored_s + spent["read"] + spent["place"]
    return {
        "stored_per_s": round(count / stored_s),
        "opened_per_s": round(count / (spent["verify"] + spent["read"])),
        "plain_inserts_per_s": round(count / spent["plain"]),
        "bare_inserts_per_s": round(count / spent["bare"]),
        "ratio": spent["plain"] / stored_s,
        "ratio_to_bare": spent["bare"] / stored_s,
        "until_receipt_per_s": round(count / (stored_s + spent["read"])),
        "placed_per_s": round(count / spent["place"]),
        "whole_way_per_s": round(count / whole_s),
        "whole_way_ratio": spent["plain"] / whole_s,
        "linked_per_s": round(min(LINKED, count) / spent["link"], 1),
    }


def _plain_row(one: Offered, lane: int, at: float) -> dict[str, object]:
    """Return the row that the intake stores, but for a lane that no node has."""
    return {"epoch": one.candidates[0].id, "lane": lane, "counter": one.counter, "sealed": one.sealed,
            "via": "plain", "received_at": at, "readable": True}  # fmt: skip


def _insert(store: HubStore, rows: list[dict[str, object]]) -> None:
    Envelope.insert_many(rows).execute(store.database)


def _insert_bare(store: HubStore, rows: list[dict[str, object]]) -> None:
    insert_rows(store.database, Envelope, rows)

"""How fast a hub takes in, beside plain inserts into the same table in the same run."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from hub import folder as hub_folder
from hub.config import HubConfig
from hub.enrolling import enrol
from hub.intake import Offered
from hub.link_desk import TAKEN_AT_ONCE
from hub.models import Envelope
from hub.storage.opening import on_postgres
from hub.wiring import HubStore
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


def measure(store: HubStore, offered: Sequence[Offered]) -> dict[str, Any]:
    """Return rates a second of this one process: verified and stored, opened, plain inserts; and a ratio.

    Batch by batch the same envelopes go into the same table plainly, are verified, read and stored: whatever
    else the machine does meanwhile hits all of them.
    """
    at = store.clock.wall_s()
    spent = Counter[str]()
    connect(store.database)

    def timed(name: str, work: Callable[[], T]) -> T:
        began = store.clock.monotonic_s()
        result = work()
        spent[name] += store.clock.monotonic_s() - began  # type: ignore[assignment]
        return result

    for place in range(0, len(offered), BATCH):
        batch = offered[place : place + BATCH]
        rows = [_plain_row(one, place, at) for one in batch]
        timed("plain", lambda rows=rows: store.writer.run(lambda: _insert(store, rows)))  # type: ignore[misc]
        opened = timed("verify", lambda batch=batch: store.intake.verify(batch))  # type: ignore[misc]
        read = timed("read", lambda opened=opened: store.intake.read(opened))  # type: ignore[misc]
        timed("store", lambda read=read: store.intake.store(read, via="http", at=at))  # type: ignore[misc]
    count = len(offered)
    if Envelope.select().where(Envelope.via == "http").count(store.database) != count:
        raise LookupError("not all that was offered was stored")
    stored_s = spent["verify"] + spent["store"]
    return {
        "database": "PostgreSQL" if on_postgres(store.database) else "SQLite",
        "envelopes": count,
        "batch": BATCH,
        "stored_per_s": round(count / stored_s),
        "opened_per_s": round(count / (spent["verify"] + spent["read"])),
        "plain_inserts_per_s": round(count / spent["plain"]),
        "ratio": round(spent["plain"] / stored_s, 3),
        "all_of_it_per_s": round(count / (stored_s + spent["read"])),
    }


def _plain_row(one: Offered, place: int, at: float) -> dict[str, object]:
    name = one.candidates[0].id[:-1] + b"\x00"
    return {"epoch": name, "lane": 7, "counter": one.counter + (place << 20), "sealed": one.sealed,
            "via": "plain", "received_at": at, "readable": True}  # fmt: skip


def _insert(store: HubStore, rows: list[dict[str, object]]) -> None:
    Envelope.insert_many(rows).execute(store.database)

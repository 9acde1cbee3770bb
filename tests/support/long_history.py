"""A hub with years behind it, villages that are only keys, and a count of what each frame costs.

Shared by `tests/hub/test_work_per_frame.py` and `scripts/measure-hub-frames`.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from village import NOW_S

from hub.store_wiring import HubStore
from sync.identifiers import Lane, epoch_id
from sync.link.hearing import RadioPath
from sync.link.ranges import RangeSet
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch
from sync.wire.control_records import with_age
from sync.wire.frame_codec import DataFrame, EpochBlock, PollBlock, encode_frame
from sync.wire.report_codec import encode_report

DAY_S = 86_400.0
YEARS_S = 3 * 365 * DAY_S


@dataclass
class Speaker:
    """A village as the hub hears it: its keys and the running epoch."""

    number: int
    keys: StaticKeys
    epoch: SealingEpoch
    polls: int = 0

    @property
    def path(self) -> RadioPath:
        return RadioPath(0, 0x4B4E0000 + self.number)

    def frame(
        self,
        *plains: bytes,
        with_key: bool = False,
        with_poll: bool = True,
        generation: int = 0,
        has: int = 0,
    ) -> bytes:
        """Return a frame with these records; the poll says that the first `has` hub envelopes are there."""
        sealed = [self.epoch.seal(Lane.REPORT, with_age(3, plain)) for plain in plains]
        block = EpochBlock(self.number, self.epoch.enc) if with_key else None
        envelopes = tuple((s.id.counter, s.ciphertext) for s in sealed)
        poll = self._poll(generation & 0xFFFF, has) if with_poll else None
        return encode_frame(DataFrame(self.epoch.id[0], envelopes, block, poll))

    def _poll(self, generation_tag: int, has: int) -> PollBlock:
        self.polls += 1
        poll = PollBlock(self.polls, generation_tag, 180, has, 0, bytes(8))
        return replace(poll, mac=self.keys.poll_mac(self.epoch.id, poll.signed_bytes()))


def _static(number: int) -> tuple[KeyPair, bytes]:
    """Return the keys of a village, always the same for a number."""
    rng = random.Random(number)
    return KeyPair.from_private(rng.randbytes(32)), rng.randbytes(32)


def add_epochs(store: HubStore, count: int, rng: random.Random) -> list[Speaker]:
    """Return the first villages, each with a new epoch that the hub does not know."""
    hub, speakers = store.identity.static, []
    for number in range(1, count + 1):
        static, psk = _static(number)
        epoch = SealingEpoch.open(
            hub_public=hub.public,
            node_static=static,
            psk=psk,
            node_number=number,
            ephemeral_private=rng.randbytes(32),
        )
        keys = StaticKeys(own_private=static.private, other_public=hub.public, psk=psk)
        speakers.append(Speaker(number, keys, epoch))
    return speakers


def connection_to(store: HubStore) -> sqlite3.Connection:
    """Return a connection of our own to the hub's file; the hub must not be writing meanwhile."""
    connection = sqlite3.connect(store.database.database, isolation_level=None)
    connection.execute("PRAGMA synchronous = off")
    return connection


def add_speakers(store: HubStore, count: int, rng: random.Random) -> list[Speaker]:
    """Enrol villages whose keys are bound already, each with an epoch."""
    rows = []
    for number in range(1, count + 1):
        static, psk = _static(number)
        village = f"52.02.{number // 100:02d}.{2000 + number % 100}"
        rows.append((number, village, "Contoh", psk, int(NOW_S - YEARS_S), static.public))
    connection = connection_to(store)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO node (number, village, village_name, psk, enrolled_at, static_public, refused_keys, "
        "retired) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
        rows,
    )
    connection.execute("COMMIT")
    connection.close()
    return add_epochs(store, count, rng)


def add_history(store: HubStore, nodes: int, *, epochs: int, reports: int, rng: random.Random) -> None:
    """Put years of epochs, reports and delivered hub envelopes of these nodes into the database."""
    generation = store.outgoing.generation
    encs = [rng.randbytes(32) for _ in range(epochs)]
    start = [NOW_S - YEARS_S + YEARS_S * place / epochs for place in range(epochs)]
    in_epoch = Counter(place % epochs for place in range(reports))
    body = '{"kind": "recruiter", "narrative": "' + "Ada orang mengajak kerja di luar. " * 8 + '"}'
    names = [epoch_id(enc) for enc in encs]
    node_of = [1 + place % nodes for place in range(epochs)]

    def lines() -> Iterator[tuple[int, int]]:
        for place in range(reports):
            yield place % epochs, place // epochs

    connection = connection_to(store)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO epoch (id, node, enc, tag, start_earliest, start_latest, heard_at, claimed) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
        (
            (names[e], node_of[e], encs[e], names[e][0], start[e], start[e] + 60, start[e] + 3600)
            for e in range(epochs)
        ),
    )
    connection.executemany(
        "INSERT INTO held (epoch, lane, settled) VALUES (?, 0, ?)",
        ((names[e], RangeSet([(0, in_epoch[e])]).to_bytes()) for e in range(epochs)),
    )
    connection.executemany(
        "INSERT INTO envelope (epoch, lane, counter, sealed, via, received_at, readable) "
        "VALUES (?, 0, ?, ?, 'radio', ?, 1)",
        ((names[e], counter, rng.randbytes(90), start[e]) for e, counter in lines()),
    )
    connection.executemany(
        "INSERT INTO report (id, epoch, counter, node, urgent_unread, kind, body, age_minutes, via, "
        "received_at) VALUES (?, ?, ?, ?, 0, 'recruiter', ?, 3, 'radio', ?)",
        (
            (f"{names[e].hex()}.0.{counter}", names[e], counter, node_of[e], body, start[e])
            for e, counter in lines()
        ),
    )
    connection.executemany(
        "INSERT INTO down (node, what, ref, generation, counter, sealed, delivered) "
        "VALUES (?, 'read', ?, ?, ?, ?, 1)",
        (
            (node_of[e], f"{names[e].hex()}.0.{counter}", generation - 1 - place // 1000, place, bytes(30))
            for place, (e, counter) in enumerate(lines())
        ),
    )
    connection.execute("COMMIT")
    connection.close()


@dataclass
class Work:
    """What was done meanwhile: statements of SQL, and trials of keys."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    trials: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, int]:
        return {"statements": len(self.statements), **self.trials}

    def clear(self) -> None:
        self.statements.clear()
        self.trials.clear()


@contextmanager
def counted_work(store: HubStore) -> Iterator[Work]:
    """Count while it is open, in whatever thread; marks of transactions are not counted."""
    work = Work()
    database, execute = store.database, store.database.execute_sql
    kept: list[tuple[type, str, Any]] = []

    def execute_sql(sql: str, params: Any = None) -> Any:
        if sql.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            work.statements.append((sql, params))
        return execute(sql, params)

    def count(owner: type, name: str, wrap: Callable[[Any], Any] = lambda f: f) -> None:
        original = owner.__dict__[name]
        kept.append((owner, name, original))
        called = original.__func__ if isinstance(original, classmethod) else original

        def counting(*args: Any, **kwargs: Any) -> Any:
            work.trials[name] += 1
            return called(*args, **kwargs)

        setattr(owner, name, wrap(counting))

    database.execute_sql = execute_sql
    count(OpeningEpoch, "open")
    count(OpeningEpoch, "derive", classmethod)
    count(StaticKeys, "poll_fits")
    try:
        yield work
    finally:
        del database.execute_sql
        for owner, name, original in kept:
            setattr(owner, name, original)


def plans(store: HubStore, work: Work) -> dict[str, list[str]]:
    """Return what SQLite says of how it answers each different statement."""
    connection = connection_to(store)
    found = {
        sql: [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", tuple(params or ()))]
        for sql, params in work.statements
    }
    connection.close()
    return found


def junk_frame(rng: random.Random) -> bytes:
    """Return a frame in the right form that nobody sealed."""
    return encode_frame(DataFrame(rng.randrange(256), ((rng.randrange(40), rng.randbytes(60)),), None, None))


def report_bytes(text: str) -> bytes:
    """Return a small report as it stands in an envelope."""
    from village import report

    return encode_report(report(text))

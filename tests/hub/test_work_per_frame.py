"""What a frame costs the hub does not depend on how much lies behind it. Counted, not timed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from long_history import (
    DAY_S,
    Speaker,
    add_epochs,
    add_history,
    add_speakers,
    counted_work,
    junk_frame,
    plans,
    report_bytes,
)
from village import NOW_S, Region, quick_folder

from hub import keyring as keyring_module
from hub.keyring import MAX_TRIED, Keyring
from hub.models import Down, Epoch, Node
from hub.storage.opening import MIGRATIONS
from hub.store_wiring import HubStore
from sync.identifiers import Lane, epoch_id
from sync.link.hearing import RadioPath
from sync.storage.database import migrate, open_sqlite
from sync.wire.frame_codec import EpochBlock

NODES, EPOCHS, REPORTS = 6, 5_000, 6_000


@pytest.fixture
def database_url() -> None:
    """On SQLite alone: what is counted and planned here is its."""
    return


def conversation(store: HubStore, speakers: list[Speaker], rng: random.Random) -> dict[str, dict[str, int]]:
    """Let each village speak as radios do, with noise between; return the work of each kind of frame."""
    desk = store.desk()
    generation = store.outgoing.generation
    kinds: dict[str, list[dict[str, int]]] = {}

    def hear(kind: str, payload: bytes, path: RadioPath) -> None:
        work.clear()
        desk.hear_frame(payload, path)
        desk.due_frames()
        desk.next_timer_at()
        kinds.setdefault(kind, []).append(work.figures())

    with counted_work(store) as work:
        for turn, speaker in enumerate(speakers):
            first = speaker.frame(report_bytes(f"laporan {turn}"), with_key=True, generation=generation)
            hear("first", first, speaker.path)
            store.outgoing.queue(speaker.number, "read", f"{speaker.epoch.id.hex()}.0.0")
        for speaker in speakers:
            hear("second", speaker.frame(report_bytes("dua"), generation=generation), speaker.path)
        for turn, speaker in enumerate(speakers):
            words = [report_bytes(f"lagi {turn} {part}") for part in "ab"]
            later = speaker.frame(*words, generation=generation)
            hear("later", later, speaker.path)
            hear("again", later, speaker.path)
            hear("junk", junk_frame(rng), RadioPath(0, 0x99))
    return {
        kind: {name: max(one.get(name, 0) for one in all_of) for name in set().union(*all_of)}
        for kind, all_of in kinds.items()
    }


@pytest.fixture(scope="module")
def long_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Region, list[Speaker]]]:
    """A hub with years behind it, made once."""
    with quick_folder(tmp_path_factory.mktemp("long")) as folder:
        region = Region(folder)
        store = region.hub.store
        speakers = add_speakers(store, NODES, random.Random(1))
        add_history(store, NODES, epochs=EPOCHS, reports=REPORTS, rng=random.Random(2))
        yield region, speakers
        region.close()


def test_a_frame_costs_the_same_after_years(
    region: Region, long_history: tuple[Region, list[Speaker]]
) -> None:
    store = region.hub.store
    young = conversation(store, add_speakers(store, NODES, random.Random(1)), random.Random(3))
    old, speakers = long_history
    grown = conversation(old.hub.store, speakers, random.Random(3))
    for kind in ("first", "later", "again"):
        assert grown[kind] == young[kind], kind  # statements and trials alike
    assert young["later"]["open"] == 2  # the epoch that was heard last is tried first
    assert young["later"]["statements"] < 60
    # Older epochs with the same tag are derived once, and only those that may be tried.
    assert grown["second"]["derive"] < MAX_TRIED
    assert grown["second"]["statements"] <= young["second"]["statements"] + 2 * MAX_TRIED
    # Noise is tried against the epochs with its tag: some, and never more with the years.
    assert young["junk"].get("open", 0) <= grown["junk"]["open"] == MAX_TRIED
    assert grown["junk"]["derive"] <= MAX_TRIED
    assert grown["junk"]["statements"] <= young["junk"]["statements"] + 2 * MAX_TRIED


def test_no_frame_makes_the_database_walk_over_a_table(
    long_history: tuple[Region, list[Speaker]],
) -> None:
    region, _ = long_history
    store, desk = region.hub.store, region.hub.desk
    desk.due_frames()  # a start looks once at what waits
    speakers = add_epochs(store, 3, random.Random(7))
    with counted_work(store) as work:
        for speaker in speakers:
            generation = store.outgoing.generation
            first = speaker.frame(report_bytes("satu"), with_key=True, generation=generation)
            desk.hear_frame(first, speaker.path)
            store.outgoing.queue(speaker.number, "read", f"{speaker.epoch.id.hex()}.0.0")
            store.outgoing.queue_backup_mark(speaker.epoch.id, Lane.REPORT, 1, speaker.number)
            desk.due_frames()
            desk.hear_frame(speaker.frame(report_bytes("dua"), generation=generation), speaker.path)
            desk.hear_frame(speaker.frame(report_bytes("tiga"), generation=generation, has=9), speaker.path)
            desk.due_frames()
        desk.hear_frame(junk_frame(random.Random(1)), RadioPath(0, 1))
    found = plans(store, work)
    assert len(found) > 15
    walks = {sql: lines for sql, lines in found.items() if any(map(is_walk, lines))}
    assert walks == {}


def is_walk(line: str) -> bool:
    return line.startswith("SCAN") and "CONSTANT ROW" not in line


class TestEpochsWithOneTag:
    def keyring(self, region: Region, count: int) -> tuple[Keyring, list[bytes]]:
        """Return a keyring with so many epochs of one tag, heard one after another."""
        store = region.hub.store
        add_speakers(store, 2, random.Random(1))
        rng = random.Random(5)
        encs: list[bytes] = []
        while len(encs) < count:
            enc = rng.randbytes(32)
            if epoch_id(enc)[0] == 7:
                encs.append(enc)
        for place, enc in enumerate(encs):
            row = {"id": epoch_id(enc), "node": 1 + place % 2, "enc": enc, "tag": 7}
            times = {"start_earliest": NOW_S, "start_latest": NOW_S, "heard_at": NOW_S + place}
            store.writer.run(lambda row={**row, **times}: Epoch.insert(row).execute(store.database))  # type: ignore[misc]
        return store.keyring, [epoch_id(enc) for enc in encs]

    def test_the_last_heard_are_tried_and_no_more(self, region: Region) -> None:
        keyring, names = self.keyring(region, MAX_TRIED + 4)
        assert [known.id for known in keyring.by_tag(7)] == names[::-1][:MAX_TRIED]

    def test_an_older_one_is_known_by_its_key_and_then_tried_first(self, region: Region) -> None:
        keyring, names = self.keyring(region, MAX_TRIED + 4)
        row = Epoch.select().where(Epoch.id == names[0]).get(region.hub.store.database)
        known = keyring.learn(EpochBlock(int(row.node), bytes(row.enc)))
        assert known is not None
        region.hub.store.intake.claim(known, 5, via="radio", at=NOW_S + 9_999)
        assert keyring.by_tag(7)[0].id == names[0]

    def test_those_of_a_retired_node_are_not_tried(self, region: Region) -> None:
        keyring, names = self.keyring(region, 4)
        region.hub.store.writer.run(
            lambda: Node.update(retired=True).where(Node.number == 2).execute(region.hub.store.database)
        )
        assert [known.id for known in keyring.by_tag(7)] == [names[2], names[0]]

    def test_what_was_announced_and_never_spoke_is_bounded_too(self, region: Region) -> None:
        keyring, names = self.keyring(region, 1)
        rng, announced = random.Random(6), 0
        while announced < MAX_TRIED + 3:
            enc = rng.randbytes(32)
            if epoch_id(enc)[0] == 7:
                assert keyring.learn(EpochBlock(1, enc)) is not None
                announced += 1
        tried = keyring.by_tag(7)
        assert len(tried) == MAX_TRIED + 1
        assert tried[-1].id == names[0]

    def test_keys_in_memory_do_not_grow_with_the_epochs_that_come(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keyring_module, "MAX_CACHED", 5)
        store = region.hub.store
        add_speakers(store, 1, random.Random(1))
        desk = store.desk()
        for _ in range(9):
            [speaker] = add_epochs(store, 1, random.Random(_))
            desk.hear_frame(speaker.frame(report_bytes("baru"), with_key=True), speaker.path)
        assert Epoch.select().count(store.database) == 9
        assert len(store.keyring._cache) == 5
        assert len(store.keyring._unproven) == 0
        for _ in range(3):
            assert len(store.keyring.epochs_of(1)) == 9
        assert len(store.keyring._cache) == 5


def test_a_replayed_envelope_does_not_make_its_epoch_the_last_heard(region: Region) -> None:
    store = region.hub.store
    [speaker] = add_speakers(store, 1, random.Random(1))
    desk = store.desk()
    frame = speaker.frame(report_bytes("satu"), with_key=True, with_poll=False)
    desk.hear_frame(frame, speaker.path)
    [before] = Epoch.select().execute(store.database)
    region.clock.advance(DAY_S)
    desk.hear_frame(frame, speaker.path)
    [after] = Epoch.select().execute(store.database)
    assert after.heard_at == before.heard_at


def test_a_database_of_the_version_before_is_taken_on(tmp_path: Path) -> None:
    """Rows stay, epochs keep their order, and nobody is asked again what its first claim told."""
    first = tmp_path / "migrations"
    first.mkdir()
    shutil.copy(MIGRATIONS / "0001_initial.py", first)
    database: Any = open_sqlite(tmp_path / "hub.sqlite3")
    assert migrate(database, first) == ["0001_initial"]
    database.execute_sql(
        "INSERT INTO epoch (id, node, enc, tag, start_earliest, start_latest) "
        "VALUES (x'07', 1, x'00', 7, 10, 20)"
    )
    database.execute_sql(
        "INSERT INTO down (node, what, ref, generation, counter, sealed, delivered) "
        "VALUES (1, 'read', 'x', 9, 0, x'00', 1), (1, 'read', 'y', 9, 1, x'00', 0)"
    )
    assert "0003_bounded_lookups" in migrate(database, MIGRATIONS)
    assert migrate(database, MIGRATIONS) == []
    [row] = Epoch.select().execute(database)
    assert (row.start_latest, row.heard_at, row.claimed) == (20, 20, True)
    assert [bool(row.delivered) for row in Down.select().order_by(Down.id).execute(database)] == [True, False]
    database.close()

"""The log in the database: one order, one transaction with what it tells, and nothing changed unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from village import Region

from hub.audit.entries import NoEntry
from hub.audit.log import AuditLog, EntryFilter, UnknownEntry
from hub.audit.merkle import leaf_hash, root_from_inclusion, root_of
from hub.audit.models import AuditEntry, AuditHead, AuditNode, AuditTree
from hub.config import HubConfig
from hub.doctor import examine
from hub.services import SignedIn
from hub.store_wiring import HubStore


@pytest.fixture
def log(region: Region) -> AuditLog:
    return region.hub.store.audit


def fill(log: AuditLog, count: int = 7) -> None:
    for number in range(count):
        log.note("sari" if number % 2 else "budi", "read", f"report 0123456789abcdef.0.{number}")


def test_entries_come_in_order_and_give_the_root(log: AuditLog) -> None:
    assert (log.size(), log.problem()) == (0, None)
    fill(log)
    kept = list(log.entries())
    assert [one.entry.number for one in kept] == list(range(7))
    leaves = [one.entry.leaf(one.salt) for one in kept]
    assert log.root() == root_of(lambda level, place: log.node(level, place), 7)
    assert len({one.salt for one in kept}) == 7
    assert root_from_inclusion(leaves[3], 3, 7, log.inclusion(3, 7)) == log.root()
    assert leaves[0] != leaf_hash(kept[0].entry.canonical()), "the salt is part of the leaf"
    assert log.problem() is None


def test_an_account_is_noted_by_its_name(log: AuditLog) -> None:
    log.note(SignedIn("sari", "analyst"), "read", "report x")
    assert log.entry(0).entry.by == "sari"
    with pytest.raises(UnknownEntry):
        log.entry(1)


def test_a_note_stands_or_falls_with_its_job(region: Region, log: AuditLog) -> None:
    def job() -> None:
        log.note("sari", "answered", "report x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        region.hub.store.writer.run(job)
    assert log.size() == 0
    with pytest.raises(NoEntry):
        log.note("sari", "Not a word!", "report x")
    fill(log, 3)
    assert log.problem() is None


def test_threads_and_a_second_store_append_in_one_order(region: Region, log: AuditLog) -> None:
    other = HubStore(HubConfig(region.hub_folder), clock=region.clock)
    try:
        threads = [
            threading.Thread(target=fill, args=(one, 15)) for one in (log, log, other.audit, other.audit)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        other.close()
    assert log.size() == 60
    assert [kept.entry.number for kept in log.entries()] == list(range(60))
    assert log.problem() is None


def test_a_head_is_signed_once_for_each_size(log: AuditLog) -> None:
    fill(log, 3)
    first = log.sign_head()
    assert log.sign_head() == first
    fill(log, 1)
    assert log.sign_head() != first
    assert len(log.heads()) == 2
    last = log.last_head()
    assert last is not None
    assert (last[0].size, last[0].root) == (4, log.root())


def test_the_head_is_signed_by_a_daily_job(log: AuditLog) -> None:
    fill(log, 2)
    [job] = log.jobs()
    assert (job.name, job.every_s) == ("audit-head", 86_400)
    job.run()
    assert len(log.heads()) == 1


def test_pages_are_filtered_and_go_on_by_number(region: Region, log: AuditLog) -> None:
    fill(log, 5)
    region.clock.advance(86_400)
    log.note("sari", "answered", "report y")
    page, after = log.page(EntryFilter(), before=None, limit=4)
    assert ([entry.number for entry in page], after) == ([5, 4, 3, 2], 2)
    page, after = log.page(EntryFilter(), before=after, limit=4)
    assert ([entry.number for entry in page], after) == ([1, 0], None)

    def found(**chosen: object) -> list[int]:
        return [entry.number for entry in log.page(EntryFilter(**chosen), before=None, limit=9)[0]]  # type: ignore[arg-type]

    assert found(by="sari") == [5, 3, 1]
    assert found(what="answered") == [5]
    assert found(about="report 0123456789abcdef.0.2") == [2]
    day = int(region.clock.wall_s() * 1000)
    assert found(from_ms=day) == [5]
    assert found(until_ms=day) == [4, 3, 2, 1, 0]
    assert log.first_at(day) == 5
    assert log.first_at(day + 1) == 6
    assert log.names() == ["budi", "sari"]


def change_entry(log: AuditLog) -> None:
    AuditEntry.update(by="siapa").where(AuditEntry.number == 2).execute(log._db)


def change_entry_and_leaf(log: AuditLog) -> None:
    change_entry(log)
    kept = log.entry(2)
    leaf = kept.entry.leaf(kept.salt)
    AuditNode.update(hash=leaf).where((AuditNode.level == 0) & (AuditNode.place == 2)).execute(log._db)


def remove_entry(log: AuditLog) -> None:
    AuditEntry.delete().where(AuditEntry.number == 2).execute(log._db)


def cut(log: AuditLog) -> None:
    AuditEntry.delete().where(AuditEntry.number >= 5).execute(log._db)


def cut_all_over(log: AuditLog) -> None:
    cut(log)
    AuditNode.delete().where((AuditNode.level == 0) & (AuditNode.place >= 5)).execute(log._db)
    AuditTree.update(size=5).execute(log._db)


def forge(log: AuditLog) -> None:
    signed = bytearray(log.heads()[-1])
    signed[-1] ^= 1
    AuditHead.update(signed=bytes(signed)).execute(log._db)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (change_entry, "entry 2 was changed"),
        (change_entry_and_leaf, "do not give the last head"),
        (remove_entry, "entry 2 is missing"),
        (cut, "2 entries are missing at the end"),
        (cut_all_over, "2 entries are missing at the end"),
        (forge, "not signed by this hub's key"),
    ],
)
def test_the_doctor_sees_a_log_that_was_changed(
    region: Region, log: AuditLog, damage: Callable[[AuditLog], None], said: str
) -> None:
    fill(log)
    log.sign_head()
    assert log.problem() is None
    damage(log)
    assert said in str(log.problem())
    region.stop_hub()
    [finding] = [one for one in examine(region.hub_folder) if one["check"] == "log of accesses"]
    assert not finding["ok"]
    assert "audit verify" in finding["do"]

"""From when to when reports may show as waiting, and when the database is asked about it."""

from __future__ import annotations

import pytest
from village import Region, dump

from village_node.log_rows import LogRows
from village_node.taken_rows import FormUsedBefore
from village_node.timekeeping import Stamp


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that `_row` runs."""
    statements: list[str] = []
    row = LogRows._row

    def noted(log: LogRows, statement: str, *values: object) -> object:
        statements.append(statement)
        return row(log, statement, *values)

    monkeypatch.setattr(LogRows, "_row", noted)
    return statements


def window(region: Region) -> bytes:
    [value] = [value for key, value in dump(region.node_folder())["setting"] if key == "shown_waiting"]
    return bytes(value)


def add(region: Region, stamp: Stamp, token_hash: bytes | None = None) -> None:
    node = region.node()
    sealed = node.chain.seal(b"\x10")
    node.log.add_report(
        sealed.id,
        sealed.ciphertext,
        find=sealed.id.counter.to_bytes(8, "big"),
        urgent=False,
        token_hash=token_hash,
        stamp=stamp,
    )


def test_a_second_report_of_the_same_second_asks_nothing(region: Region, asked: list[str]) -> None:
    region.file("satu")
    asked.clear()
    region.file("dua")
    assert asked == []


def test_after_receipts_the_window_begins_anew(region: Region) -> None:
    region.file(official_involved=True)
    region.clock.advance(10)
    region.file("satu")
    first = window(region)
    region.clock.advance(10)
    region.file("dua")
    assert window(region).split(b",")[:2] == first.split(b",")[:2]
    region.settle()
    assert region.node().log.waiting_since() is None
    region.clock.advance(10)
    region.file("hidden", official_involved=True)
    region.clock.advance(10)
    region.file("tiga")
    begin, end = window(region).split(b",")[1::2]
    assert begin == end  # nothing that is hidden and waits lies in it


def test_threads_that_come_in_another_order_leave_nothing_out(region: Region) -> None:
    region.file("satu")
    stamp = region.node().times.stamp()
    later = Stamp(stamp.boot, stamp.mono_s + 5, None)
    add(region, later)
    add(region, Stamp(stamp.boot, stamp.mono_s + 2, None))
    assert window(region).endswith(f",{stamp.boot},{stamp.mono_s + 5}".encode())
    add(region, Stamp(stamp.boot, stamp.mono_s - 2, None))
    assert window(region).startswith(f"{stamp.boot},{stamp.mono_s - 2},".encode())


def test_what_was_not_committed_is_not_remembered(region: Region, asked: list[str]) -> None:
    region.file("satu")
    node = region.node()
    stamp = node.times.stamp()
    add(region, stamp, b"the token of it!")
    before = window(region)
    with pytest.raises(FormUsedBefore):
        add(region, Stamp(stamp.boot, stamp.mono_s + 60, None), b"the token of it!")
    assert window(region) == before
    add(region, Stamp(stamp.boot, stamp.mono_s + 60, None))
    assert window(region).endswith(f",{stamp.mono_s + 60}".encode())

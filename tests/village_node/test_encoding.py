"""Which text model a report is written in: the densest that keeps nobody waiting."""

from __future__ import annotations

import logging
import threading

import pytest
from village import STORY, Region, report

from sync.clock import ManualClock
from sync.records import Report
from sync.wire.report_codec import decode_report, encode_report
from sync.wire.text_models import (
    DENSE,
    INSTANT_MODELS,
    LONE_PATIENCE_MS,
    PATIENCE_MS,
    QUICK,
)
from village_node.encoding import (
    CROWD_REPORTS,
    FILE_PATIENCE_MS,
    OTHER_TEXTS_BYTES,
    PROBE_AGAIN_S,
    REST,
    SAMPLE,
    ReportEncoder,
)

PATIENCE_S = 20.0


class Board(ManualClock):
    """A clock that work moves on: a board that needs so many milliseconds."""

    def __init__(self, *, dense_byte_ms: float, quick_ms: float = 2.0) -> None:
        super().__init__()
        self.dense_byte_ms = dense_byte_ms
        self.quick_ms = quick_ms
        self.models: list[int] = []

    def probe(self) -> None:
        self.advance(self.dense_byte_ms * len(SAMPLE) / 1000)

    def encode(self, one: Report, model: int) -> bytes:
        self.models.append(model)
        text_bytes = len(one.narrative) + OTHER_TEXTS_BYTES
        self.advance((self.dense_byte_ms * text_bytes if model == DENSE else self.quick_ms) / 1000)
        return b"\x10"

    def encoder(self) -> ReportEncoder:
        return ReportEncoder(self, encode=self.encode, probe=self.probe)


def text_of(byte_count: int) -> Report:
    return report("x" * (byte_count - OTHER_TEXTS_BYTES))


def test_a_crowd_is_written_quick_and_whoever_comes_after_it_dense_again() -> None:
    board = Board(dense_byte_ms=0.5)
    encoder = board.encoder()
    encoder.load()
    for _ in range(30):
        encoder.encode(text_of(200))
        board.advance(0.3)
    assert board.models[: CROWD_REPORTS - 1] == [DENSE] * (CROWD_REPORTS - 1)
    assert board.models[CROWD_REPORTS:] == [QUICK] * (30 - CROWD_REPORTS)
    board.models.clear()
    for _ in range(30):
        board.advance(1.0)
        encoder.encode(text_of(200))
    assert board.models[1:] == [DENSE] * 29


def test_until_the_model_is_loaded_reports_are_written_quick() -> None:
    board = Board(dense_byte_ms=0.5)
    encoder = board.encoder()
    encoder.encode(text_of(200))
    assert encoder.state == "loading"
    encoder.load()
    assert encoder.state == "dense"
    encoder.encode(text_of(200))
    assert board.models == [QUICK, DENSE]


@pytest.mark.parametrize("dense_byte_ms", [0.1, 0.5, 2.0, 8.0])
def test_forty_at_once_do_not_wait_for_forty_dense_texts(dense_byte_ms: float) -> None:
    # All forty stand there at the start; each waits until its own is written, one after the other.
    board = Board(dense_byte_ms=dense_byte_ms)
    encoder = board.encoder()
    encoder.load()
    start = board.monotonic_s()
    for _ in range(40):
        encoder.encode(text_of(200))
    longest_ms = (board.monotonic_s() - start) * 1000
    dense_ms = board.models.count(DENSE) * 200 * dense_byte_ms
    assert dense_ms <= max(200 * dense_byte_ms, PATIENCE_MS / (1 - REST)) + 1
    assert longest_ms <= max(LONE_PATIENCE_MS, PATIENCE_MS / (1 - REST)) + 40 * board.quick_ms + 1
    assert board.models[0] == DENSE


def test_one_after_the_other_all_are_dense() -> None:
    board = Board(dense_byte_ms=2.0)
    encoder = board.encoder()
    encoder.load()
    for _ in range(10):
        encoder.encode(text_of(200))
        board.advance(2)
    assert board.models == [DENSE] * 10


def test_a_file_goes_at_a_sane_speed_and_its_first_reports_dense() -> None:
    board = Board(dense_byte_ms=0.5, quick_ms=15)
    encoder = board.encoder()
    encoder.load()
    start = board.monotonic_s()
    for _ in range(400):
        encoder.encode(text_of(200), patient=True)
    took_ms = (board.monotonic_s() - start) * 1000
    assert board.models[:25] == [DENSE] * 25
    assert took_ms <= (FILE_PATIENCE_MS + 400 * 15) / (1 - REST)
    assert board.models.count(QUICK) > 200
    # Whoever comes now does not wait behind what the file owes.
    encoder.encode(text_of(200))
    assert board.models[-1] == QUICK


def test_a_board_that_turns_out_slower_is_noticed() -> None:
    board = Board(dense_byte_ms=0.5)
    encoder = board.encoder()
    encoder.load()
    board.dense_byte_ms = 20.0
    for _ in range(60):
        encoder.encode(text_of(200))
        board.advance(60)
    assert board.models[-5:] == [QUICK] * 5
    assert board.models.count(DENSE) < 30


def test_a_board_that_was_busy_when_it_was_timed_is_tried_again() -> None:
    board = Board(dense_byte_ms=50.0)
    probed = threading.Event()

    def probe() -> None:
        board.probe()
        if board.dense_byte_ms < 1:
            probed.set()

    encoder = ReportEncoder(board, encode=board.encode, probe=probe)
    encoder.load()
    assert encoder.state == "quick"
    board.dense_byte_ms = 0.5
    encoder.encode(text_of(200))
    assert not probed.is_set()
    board.advance(PROBE_AGAIN_S)
    encoder.encode(text_of(200))
    assert probed.wait(PATIENCE_S)
    for thread in threading.enumerate():
        if thread.name == "dense-text":
            thread.join(PATIENCE_S)
    encoder.encode(text_of(200))
    assert board.models == [QUICK, QUICK, DENSE]


@pytest.mark.parametrize("dense_byte_ms", [0.1, 3.0])
def test_who_comes_while_another_is_written_densely_waits_for_nobody(dense_byte_ms: float) -> None:
    board = Board(dense_byte_ms=dense_byte_ms)
    begun, go_on = threading.Event(), threading.Event()

    def encode(one: Report, model: int) -> bytes:
        if model == DENSE:
            begun.set()
            assert go_on.wait(PATIENCE_S)
        return board.encode(one, model)

    encoder = ReportEncoder(board, encode=encode, probe=board.probe)
    encoder.load()
    first = threading.Thread(target=encoder.encode, args=(text_of(200),))
    first.start()
    assert begun.wait(PATIENCE_S)
    for _ in range(8):
        encoder.encode(text_of(200))  # would hang here if it stood in the line
    assert board.models == [QUICK] * 8
    go_on.set()
    first.join(PATIENCE_S)
    assert board.models == [QUICK] * 8 + [DENSE]


def test_two_are_never_written_densely_at_once() -> None:
    board = Board(dense_byte_ms=0.1)
    inside: list[int] = []
    most = 0

    def encode(one: Report, model: int) -> bytes:
        nonlocal most
        inside.append(model)
        most = max(most, inside.count(DENSE))
        threading.Event().wait(0.001)  # lets the others run: without a lock they would come in
        wire = board.encode(one, model)
        inside.remove(model)
        return wire

    encoder = ReportEncoder(board, encode=encode, probe=board.probe)
    encoder.load()
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(5):
            encoder.encode(text_of(100))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert len(board.models) == 40


def test_many_first_reports_at_once_load_the_quick_table_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = 0, 0
    waiting = threading.Barrier(5)

    def load() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        threading.Event().wait(0.02)  # the others get the chance to come in
        inside -= 1

    def write() -> None:
        waiting.wait(PATIENCE_S)
        encoder.encode(report(STORY))

    monkeypatch.setattr("village_node.encoding.shipped_table", load)
    encoder = ReportEncoder(ManualClock(), dense=False)
    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert most == 1


def test_a_script_that_the_quick_model_does_not_know_is_not_tried_in_it() -> None:
    board = Board(dense_byte_ms=200)
    encoder = board.encoder()
    encoder.load()
    longest = report("".join(chr(0x4E00 + n * 37 % 20_000) for n in range(4000)))
    assert encoder.encode(longest) == encode_report(longest)
    assert board.models == []
    encoder.encode(report("Señor Ñandú dari Café Contoh"))
    assert board.models == [QUICK]


def test_a_report_that_cannot_be_written_leaves_the_line() -> None:
    board = Board(dense_byte_ms=0.1)

    def failing(one: Report, model: int) -> bytes:
        board.encode(one, model)
        raise ValueError

    encoder = ReportEncoder(board, encode=failing, probe=board.probe)
    encoder.load()
    for _ in range(2):
        with pytest.raises(ValueError):
            encoder.encode(text_of(100))
    assert board.models == [DENSE, DENSE]


def test_set_to_quick_it_never_loads_nor_asks_the_dense_model() -> None:
    board = Board(dense_byte_ms=0.1)
    encoder = ReportEncoder(board, dense=False, encode=board.encode, probe=lambda: pytest.fail("was loaded"))
    encoder.load()
    encoder.load_in_background()
    encoder.encode(text_of(100))
    assert encoder.state == "quick"
    assert board.models == [QUICK]


def test_a_model_that_does_not_load_leaves_the_quick_one_and_says_no_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    board = Board(dense_byte_ms=0.1)

    def broken() -> None:
        raise ValueError(SAMPLE)

    encoder = ReportEncoder(board, encode=board.encode, probe=broken)
    with caplog.at_level(logging.DEBUG):
        encoder.load()
    encoder.encode(text_of(100))
    assert board.models == [QUICK]
    assert [record.getMessage() for record in caplog.records] == [
        "the dense text model does not load: ValueError; reports are written quick"
    ]


def test_nothing_is_said_about_a_report(caplog: pytest.LogCaptureFixture) -> None:
    board = Board(dense_byte_ms=5.0)
    encoder = board.encoder()
    with caplog.at_level(logging.DEBUG):
        encoder.load()
        for _ in range(20):
            encoder.encode(report(STORY))
    assert set(board.models) == {DENSE, QUICK}
    assert caplog.records == []


class TestNode:
    def test_a_node_writes_both_ways_and_the_hub_reads_both(self, region: Region) -> None:
        node = region.node()
        assert node.encoder.state == "loading"
        region.file("Satu orang diajak kerja ke Malaysia tanpa paspor.")
        node.encoder.load()
        region.file("Dua orang diajak kerja ke Malaysia tanpa paspor.")
        quick, dense = (len(envelope.sealed) for envelope in node.log.pending())
        assert dense < quick
        region.settle()
        assert sorted(region.stories()) == [
            "Dua orang diajak kerja ke Malaysia tanpa paspor.",
            "Satu orang diajak kerja ke Malaysia tanpa paspor.",
        ]

    def test_the_setting_of_the_node_forces_quick(self, region: Region) -> None:
        assert region.node(dense_text=False).encoder.state == "quick"

    @pytest.mark.parametrize("dense", [False, True])
    def test_what_is_written_is_the_shortest_of_model_and_instant_forms(self, dense: bool) -> None:
        encoder = ReportEncoder(ManualClock(), dense=dense)
        encoder.load()
        strange = report("\u6551\u547d" * 40)  # in no language that the models know
        wire = encoder.encode(strange)
        assert wire == encode_report(strange)
        assert wire[0] & 15 in INSTANT_MODELS
        usual = encoder.encode(report(STORY))
        assert usual[0] & 15 == (DENSE if dense else QUICK)
        assert decode_report(usual) == report(STORY)

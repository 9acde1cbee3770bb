"""What goes down: counted once, sealed anew after a restart, and kept until a node has it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from village import OTHER_VILLAGE, RADIO_NUMBER, VILLAGE, Region, answers, copy_database, put_back_database

from hub.config import HubConfig
from hub.models import Down, Epoch
from hub.store_wiring import HubStore
from sync.errors import EnrolmentRefused
from sync.link.hearing import RadioPath
from sync.link.ranges import RangeSet
from sync.storage.writer import StorageError
from sync.wire.frame_codec import DownFragmentFrame, DownFrame, ReceiptFrame, decode_frame


def filed(region: Region, village: str = VILLAGE) -> tuple[str, str]:
    """File a report that the hub has; return its id and its code."""
    taken = region.file("cerita", village)
    region.settle(village)
    assert taken.envelope_id is not None
    assert taken.code is not None
    return taken.envelope_id, taken.code


def filed_by_radio(region: Region) -> tuple[str, str]:
    """The same, over the air, so that the hub knows where the node is heard."""
    taken = region.file("cerita")
    region.talk_by_radio(for_s=300)
    assert taken.envelope_id is not None
    assert taken.code is not None
    return taken.envelope_id, taken.code


def rows(region: Region) -> list[tuple[int, int, int, bool]]:
    store = region.hub.store
    found = Down.select().order_by(Down.id).execute(store.database)
    return [(row.node, row.generation, row.counter, row.delivered) for row in found]


class TestCounters:
    def test_each_node_counts_for_itself_without_gaps(self, region: Region) -> None:
        first, _ = filed(region)
        second, _ = filed(region, OTHER_VILLAGE)
        for report in (first, second, first, second, first):
            region.hub.store.work.answer(report, "Baik.", asks=False, by="sari")
        generation = region.hub.generation
        assert sorted(row[:3] for row in rows(region)) == [
            *((1, generation, counter) for counter in range(3)),
            *((2, generation, counter) for counter in range(2)),
        ]

    def test_many_threads_never_get_the_same_counter(self, region: Region) -> None:
        report, _ = filed(region)
        work = region.hub.store.work

        def answer(name: str) -> None:
            for number in range(4):
                work.answer(report, f"{name} {number}", asks=False, by=name)

        threads = [threading.Thread(target=answer, args=(f"petugas {n}",)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counters = [counter for _, _, counter, _ in rows(region)]
        assert sorted(counters) == list(range(24))
        assert len(work.view(report).answers) == 24

    def test_a_restart_seals_what_waits_under_a_new_generation(self, region: Region) -> None:
        report, code = filed(region)
        work = region.hub.store.work
        work.answer(report, "Satu.", asks=False, by="sari")
        region.settle()
        work.answer(report, "Dua.", asks=False, by="sari")
        before = {row.sealed for row in Down.select().execute(region.hub.store.database)}
        old = region.hub.generation
        region.restart_hub()
        new = region.hub.generation
        assert new > old
        assert rows(region) == [(1, old, 0, True), (1, new, 0, False)]
        [waiting] = region.hub.store.outgoing.waiting()
        assert waiting.sealed not in before
        region.settle()
        assert answers(region.node(), code) == ["Satu.", "Dua."]

    def test_generations_grow_even_when_the_clock_goes_back(self, region: Region) -> None:
        first = region.hub.generation
        region.clock.jump_wall(-1_000_000)
        assert region.restart_hub().generation > first

    def test_a_restored_database_and_a_clock_behind_draw_no_generation_again(self, region: Region) -> None:
        first = region.hub.generation
        region.stop_hub()
        copy_database(region.hub_folder, region.path / "old")
        drawn = {first, region.restart_hub().generation, region.restart_hub().generation}
        region.stop_hub()
        put_back_database(region.path / "old", region.hub_folder)
        region.clock.jump_wall(-1_000_000)
        assert region.restart_hub().generation > max(drawn)

    def test_a_hub_with_a_wrong_date_does_not_start(self, region: Region) -> None:
        region.clock.jump_wall(-10_000_000)
        with pytest.raises(EnrolmentRefused, match="date"):
            region.restart_hub()

    def test_nothing_is_sent_of_an_answer_whose_commit_failed(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report, code = filed_by_radio(region)
        writer = region.hub.store.writer
        run = writer.run

        def fails_at_the_end(job: Callable[[], object]) -> object:
            def wrapped() -> object:
                job()
                raise StorageError("the commit failed")

            return run(wrapped) if threading.current_thread() is not writer._thread else run(job)

        monkeypatch.setattr(writer, "run", fails_at_the_end)
        with pytest.raises(StorageError):
            region.hub.store.work.answer(report, "Tidak jadi.", asks=False, by="sari")
        monkeypatch.undo()
        assert region.hub.desk._session.next_timer_at(region.clock.monotonic_s()) is None
        region.hub.store.work.answer(report, "Jadi.", asks=False, by="sari")
        region.talk_by_radio(for_s=900)
        assert answers(region.node(), code) == ["Jadi."]


class TestOtherProcesses:
    def test_an_answer_from_the_command_line_leaves_by_the_radio_of_a_running_hub(
        self, region: Region
    ) -> None:
        report, code = filed_by_radio(region)
        other = HubStore(HubConfig(region.hub_folder), clock=region.clock)
        try:
            other.work.answer(report, "Dari baris perintah.", asks=False, by="command line")
        finally:
            other.close()
        region.talk_by_radio(for_s=900)
        assert answers(region.node(), code) == ["Dari baris perintah."]
        assert region.hub.store.outgoing.waiting() == []

    def test_reading_while_frames_come_in_does_not_lock_the_hub_up(self, region: Region) -> None:
        reports = []
        for number in range(12):
            taken = region.file(f"cerita {number}")
            assert taken.envelope_id is not None
            reports.append(taken.envelope_id)
        region.settle()
        node = region.node()
        frames = []
        for number in range(40):
            region.file(f"baru {number}")
        region.clock.advance(10)
        for _ in range(200):
            frames += [frame.payload for frame in node.desk.due_frames()]
            region.clock.advance(1)
        path = RadioPath(0, RADIO_NUMBER)

        def hear() -> None:
            for frame in frames:
                region.hub.desk.hear_frame(frame, path)
                region.hub.desk.due_frames()

        def read() -> None:
            for report in reports:
                region.hub.store.work.show_report(report, by="sari")
                region.hub.store.work.answer(report, "Baik.", asks=False, by="sari")

        threads = [threading.Thread(target=work, daemon=True) for work in (hear, read)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads)


class TestRestoredCard:
    def lose_the_card_after_an_answer(self, region: Region) -> tuple[str, str]:
        """Put back the copy of a card that was made before an answer came."""
        report, code = filed(region)
        region.stop_node()
        copy = region.path / "copy"
        copy_database(region.node_folder(), copy)
        region.hub.store.work.answer(report, "Penting.", asks=False, by="sari")
        region.settle()
        region.settle()
        assert answers(region.node(), code) == ["Penting."]
        assert region.hub.store.outgoing.waiting() == []
        region.stop_node()
        put_back_database(copy, region.node_folder())
        assert answers(region.node(), code) == []
        return report, code

    def test_the_answer_comes_again(self, region: Region) -> None:
        _, code = self.lose_the_card_after_an_answer(region)
        region.settle()
        assert answers(region.node(), code) == ["Penting."]
        assert region.hub.store.outgoing.waiting() == []

    def test_it_comes_again_by_radio(self, region: Region) -> None:
        _, code = self.lose_the_card_after_an_answer(region)
        region.talk_by_radio(for_s=1800)
        assert answers(region.node(), code) == ["Penting."]
        assert region.hub.store.outgoing.waiting() == []

    def test_it_comes_again_after_the_hub_was_restarted_meanwhile(self, region: Region) -> None:
        report, code = self.lose_the_card_after_an_answer(region)
        region.restart_hub()
        region.hub.store.work.answer(report, "Lagi.", asks=False, by="sari")
        region.settle()
        assert sorted(answers(region.node(), code)) == ["Lagi.", "Penting."]
        assert region.hub.store.outgoing.waiting() == []

    def test_a_card_that_lost_nothing_gets_nothing_again(self, region: Region) -> None:
        report, _ = filed(region)
        for number in range(12):
            region.hub.store.work.answer(report, f"Jawaban {number}.", asks=False, by="sari")
        region.settle()
        assert region.hub.store.outgoing.waiting() == []
        node = region.restart_node()
        region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
        assert region.hub.store.outgoing.waiting() == []

    def test_a_claim_that_comes_late_costs_nothing_lasting(self, region: Region) -> None:
        report, code = filed(region)
        stale = region.node().desk.up_bundle().data
        region.hub.store.work.answer(report, "Penting.", asks=False, by="sari")
        region.settle()
        region.hub.desk.exchange(stale, via="courier")
        assert region.hub.store.outgoing.waiting() == []
        region.settle()
        assert answers(region.node(), code) == ["Penting."]

    def test_a_claim_of_a_generation_that_never_was_changes_nothing(self, region: Region) -> None:
        self.lose_the_card_after_an_answer(region)
        store = region.hub.store
        epoch = Epoch.select().get(store.database)
        unknown = (region.hub.generation + 1) & 0xFFFF

        def as_first_claim(generation_tag: int) -> int:
            store.writer.run(lambda: Epoch.update(claimed=False).execute(store.database))
            return len(store.outgoing.lost(bytes(epoch.id), 1, generation_tag, RangeSet()))

        assert as_first_claim(unknown) == 0
        assert store.outgoing.waiting() == []
        assert as_first_claim(region.hub.generation & 0xFFFF) == 1

    def test_only_the_first_claim_of_an_epoch_is_asked_and_a_restart_does_not_forget_it(
        self, region: Region
    ) -> None:
        report, _ = filed_by_radio(region)
        for number in range(6):
            region.hub.store.work.answer(report, f"Jawaban {number}.", asks=False, by="sari")
        region.talk_by_radio(for_s=600)
        assert region.hub.store.outgoing.waiting() == []
        region.stop_hub()
        region.file("selagi pusat mati")
        for _ in range(1800):  # so long that the node names no generation any more
            region.node().desk.due_frames()
            region.clock.advance(2)
        sent = []
        for _ in range(600):
            for frame in region.node().desk.due_frames():
                region.hub.desk.hear_frame(frame.payload, RadioPath(0, RADIO_NUMBER))
            for frame in region.hub.desk.due_frames():
                sent.append(decode_frame(frame.payload))
                region.node().desk.hear(frame.payload, 0x0000AAAA)
            region.clock.advance(2)
        assert any(isinstance(frame, ReceiptFrame) for frame in sent)
        assert [frame for frame in sent if isinstance(frame, DownFrame | DownFragmentFrame)] == []

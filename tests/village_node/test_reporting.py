"""Taking a report: sealed, committed, and only then promised."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from village import STORY, VILLAGE, Region, dump, reached, report

from sync.identifiers import EnvelopeId
from sync.storage.writer import StorageError
from village_node.services import StorageFailed, StorageFull, Taken
from village_node.taken_rows import FormUsedBefore
from village_node.taking import MIN_FREE_BYTES
from village_node.wiring import Node

TOKEN = "a-form-token-of-a-page"


def fail_once(node: Node, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the next commit of the node fail, and only that."""
    run = node.log.writer.run
    failures = [error]

    def failing(job: Callable[[], object], **options: bool) -> object:
        if failures:
            raise failures.pop()
        return run(job, **options)

    monkeypatch.setattr(node.log.writer, "run", failing)


class TestCommitting:
    def test_the_receipt_comes_after_the_commit(self, region: Region) -> None:
        node = region.node()
        seen: list[bool] = []
        run = node.log.writer.run

        def watching(job: Callable[[], object], **options: bool) -> object:
            seen.append(False)
            result = run(job, **options)
            seen.append(True)
            return result

        node.log.writer.run = watching  # type: ignore[method-assign,assignment]
        taken = region.file()
        assert taken.code is not None
        assert seen == [False, True]
        assert len(dump(region.node_folder())["envelope"]) == 1

    def test_what_is_on_the_disk_is_sealed(self, region: Region) -> None:
        taken = region.file()
        assert taken.code is not None
        for file in region.node_folder().iterdir():
            content = file.read_bytes()
            assert b"Malaysia" not in content
            assert taken.code.encode() not in content

    @pytest.mark.parametrize("error", [StorageError("no"), StorageFull()])
    def test_a_failing_commit_keeps_nothing_and_the_next_is_fine(
        self, region: Region, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        node = region.node()
        region.file("pertama")
        before = dump(region.node_folder())
        fail_once(node, monkeypatch, StorageError("no"))
        with pytest.raises(StorageFailed):
            region.file("kedua")
        assert dump(region.node_folder()) == before
        third = region.file("ketiga")
        assert third.code is not None
        region.settle()
        assert sorted(region.stories()) == ["ketiga", "pertama"]

    def test_the_counter_of_a_failed_commit_is_never_used_and_is_announced_void(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        first = region.file("pertama")
        fail_once(node, monkeypatch, StorageError("no"))
        with pytest.raises(StorageFailed):
            region.file("kedua")
        third = region.file("ketiga")
        assert first.envelope_id is not None
        assert third.envelope_id is not None
        epoch = EnvelopeId.parse(first.envelope_id).epoch
        # 0 the first, 1 lost, 2 the announcement that it is void, 3 the third.
        assert EnvelopeId.parse(third.envelope_id).counter == 3
        region.settle()
        assert region.hub.store.intake.held(epoch).ranges() == [(0, 4)]
        assert not node.desk.has_work()

    def test_a_void_counter_is_announced_though_the_announcement_fails_once_too(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        region.file("pertama")
        for _ in range(2):  # the report, then the announcement
            fail_once(node, monkeypatch, StorageError("no"))
            with pytest.raises(StorageFailed):
                region.file("kedua")
            monkeypatch.undo()
        region.file("ketiga")
        region.settle()
        [epoch] = {place[0] for place in dump(region.node_folder())["envelope"]}
        assert len(region.hub.store.intake.held(epoch).ranges()) == 1
        assert region.hub.store.intake.unreadable() == 0

    def test_a_fault_in_the_link_does_not_take_the_receipt_away(
        self, region: Region, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        node = region.node()

        def broken(*_: object, **__: object) -> None:
            raise KeyError(STORY)

        monkeypatch.setattr(node.desk, "offer", broken)
        taken = node.take_report(report(), form_token=TOKEN)
        assert taken.code is not None
        assert reached(node, taken.code) == ["saved"]
        assert "Malaysia" not in caplog.text

    def test_reports_of_the_full_size_are_taken_and_arrive_equal(self, region: Region) -> None:
        long = ("Ñandú 漢字 " * 500)[:4000]
        region.file(long)
        region.file("x" * 4000, place_text="Dusun", official_involved=True)
        region.settle()
        assert sorted(region.stories()) == sorted([long, "x" * 4000])

    def test_a_report_about_officials_waits_like_any_other_and_shows_nowhere(self, region: Region) -> None:
        node = region.node()
        region.file(official_involved=True)
        status = node.health.status()
        assert status["reports_waiting"] == "none"
        assert "official" not in repr(status)
        assert node.desk.has_work()
        region.settle()
        [view] = region.hub.store.work.all_reports()
        assert view.report.to_json()["official_involved"] is True


class TestFullDisk:
    def test_below_the_reserve_new_reports_are_refused_and_nothing_changes(self, region: Region) -> None:
        free = MIN_FREE_BYTES
        node = region.nodes[VILLAGE] = region.start(region.create_node(), free_space=lambda: free)
        region.file("pertama")
        before = dump(region.node_folder())
        free = MIN_FREE_BYTES - 1
        with pytest.raises(StorageFull):
            node.take_report(report(), form_token=TOKEN)
        assert dump(region.node_folder()) == before
        assert node.health.status()["takes_reports"] is False
        free = MIN_FREE_BYTES
        assert node.take_report(report("lagi"), form_token=TOKEN).code is not None

    def test_a_database_that_cannot_grow_says_full_and_keeps_nothing(self, region: Region) -> None:
        node = region.node()
        region.file("pertama")
        database = node.store.database

        def limit(pages: int) -> None:
            node.log.writer.run(lambda: database.execute_sql(f"PRAGMA max_page_count = {pages}").fetchall())

        limit(1)  # SQLite makes it the present size
        before = dump(region.node_folder())
        long = "".join(chr(0x4E00 + 7919 * n * n % 20000) for n in range(1000))  # packs badly
        with pytest.raises(StorageFull):
            for _ in range(200):
                before = dump(region.node_folder())
                node.take_report(report(long), form_token=None)
        assert dump(region.node_folder()) == before
        limit(1_000_000)
        assert region.file("sesudah").code is not None
        region.settle()
        assert "sesudah" in region.stories()
        assert not node.desk.has_work()


class TestOneForm:
    def test_posted_twice_it_is_one_report_with_the_same_receipt(self, region: Region) -> None:
        node = region.node()
        first = node.take_report(report(), form_token=TOKEN)
        assert node.take_report(report("lain"), form_token=TOKEN) == first
        region.settle()
        assert region.stories() == [STORY]

    def test_other_forms_are_other_reports(self, region: Region) -> None:
        node = region.node()
        tokens = {node.new_form_token() for _ in range(3)}
        codes = {node.take_report(report(), form_token=token).code for token in tokens}
        assert len(codes) == 3

    def test_posted_by_many_threads_at_once_it_is_one_report(self, region: Region) -> None:
        node = region.node()
        start = threading.Barrier(16)
        taken: list[Taken] = []

        def post() -> None:
            start.wait()
            taken.append(node.take_report(report(), form_token=TOKEN))

        threads = [threading.Thread(target=post) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 16
        assert len(set(taken)) == 1
        assert taken[0].code is not None
        assert len(dump(region.node_folder())["envelope"]) == 1

    def test_after_a_restart_it_is_already_saved(self, region: Region) -> None:
        first = region.node().take_report(report(), form_token=TOKEN)
        again = region.restart_node().take_report(report(), form_token=TOKEN)
        assert again == Taken(None, first.envelope_id)
        region.settle()
        assert region.stories() == [STORY]

    def test_after_a_failure_the_same_form_may_be_sent_again(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        fail_once(node, monkeypatch, StorageError("no"))
        with pytest.raises(StorageFailed):
            node.take_report(report(), form_token=TOKEN)
        assert node.take_report(report(), form_token=TOKEN).code is not None
        assert len(dump(region.node_folder())["receipt"]) == 1

    def test_the_store_itself_takes_a_form_once(self, region: Region) -> None:
        node = region.node()
        region.file("pertama")

        def add(find: bytes) -> None:
            sealed = node.chain.seal(b"\x10")
            node.log.add_report(
                sealed.id,
                sealed.ciphertext,
                find=find,
                urgent=False,
                token_hash=b"hash",
                stamp=node.times.stamp(),
            )

        add(b"12345678")
        before = dump(region.node_folder())
        with pytest.raises(FormUsedBefore):
            add(b"87654321")
        assert dump(region.node_folder()) == before

    def test_a_token_of_any_text_is_a_token(self, region: Region) -> None:
        node = region.node()
        first = node.take_report(report(), form_token="\ud800 kosong \x00")
        assert node.take_report(report(), form_token="\ud800 kosong \x00") == first

    def test_many_forms_do_not_fill_the_memory_and_are_still_known(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("village_node.taking.REMEMBERED_FORMS", 2)
        node = region.node()
        for number in range(4):
            node.take_report(report(), form_token=f"form-{number}")
        forgotten = node.take_report(report(), form_token="form-0")
        assert forgotten.code is None
        assert len(dump(region.node_folder())["receipt"]) == 4


class TestEpochs:
    def test_counters_are_never_used_again_over_restarts(self, region: Region) -> None:
        ids = [region.file(f"cerita {number}").envelope_id for number in range(2)]
        for start in range(3):
            region.restart_node()
            ids += [region.file(f"mulai {start}").envelope_id for _ in range(2)]
        assert len(set(ids)) == len(ids)
        assert len({str(name).split(".")[0] for name in ids}) == 4

    def test_the_end_of_an_epoch_is_announced_with_the_first_report_of_the_next(self, region: Region) -> None:
        region.file("pertama")
        region.settle()
        node = region.restart_node()
        assert not node.log.pending()
        region.file("kedua")
        assert len(node.log.pending()) == 2
        region.settle()
        assert region.hub.store.intake.missing() == 0
        assert sorted(region.stories()) == ["kedua", "pertama"]

    def test_the_hub_knows_how_much_is_missing(self, region: Region) -> None:
        first = region.file("pertama")
        region.file("kedua")
        node = region.restart_node()
        region.file("ketiga")
        withheld = [envelope for envelope in node.log.pending() if str(envelope.id) == first.envelope_id]
        held_back = withheld[0]
        node.log.apply_held(
            held_back.id.epoch,
            held_back.id.lane,
            node.log.committed(held_back.id.epoch, held_back.id.lane),
            1,
            node.times.stamp(),
        )
        # Only the later epoch travels: the earlier one's two envelopes are said to be committed.
        down, _ = region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
        assert region.hub.store.intake.missing() == 2
        node.desk.apply_down_bundle(down)  # the receipt comes from a newer generation: they are asked again
        region.settle()
        assert region.hub.store.intake.missing() == 0
        assert sorted(region.stories()) == ["kedua", "ketiga", "pertama"]

    def test_a_start_without_reports_leaves_nothing_to_announce(self, region: Region) -> None:
        region.node()
        for _ in range(3):
            node = region.restart_node()
        assert len(node.log.epochs()) == 1
        region.file()
        assert len(node.log.pending()) == 1

    def test_a_used_up_epoch_is_followed_by_another_without_a_restart(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        region.file("pertama")
        epoch = node.chain.epoch_id
        monkeypatch.setattr(node.chain._epoch, "next_counter", lambda lane: 65_001)
        region.file("kedua")
        region.file("ketiga")
        assert node.chain.epoch_id != epoch
        region.settle()
        assert sorted(region.stories()) == ["kedua", "ketiga", "pertama"]
        assert region.hub.store.intake.missing() == 0

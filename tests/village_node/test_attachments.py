"""Attachments on the node: committed with their report, sealed, and never in the way of a report."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from village import RADIO_NUMBER, STORY, VILLAGE, Region, dump, reached, report

from sync.carriers.https import HubClient
from sync.errors import AttachmentRefused, CarrierError, MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.link.hearing import RadioPath
from sync.sealing.epoch import MAX_AHEAD
from sync.storage.writer import StorageError
from sync.wire.attachments import MAX_ATTACHED_BYTES, PIECE_BYTES, Attachment
from sync.wire.bundle_codec import EpochSection, UpBundle, decode_up_bundle, encode_up_bundle
from sync.wire.numbers import MediaType
from village_node.internet import BULK_TRIES, MAX_ROUNDS, exchange_until_settled
from village_node.link_desk import MAX_BULK_EPOCHS, MAX_NAMED_EPOCHS
from village_node.offline import _sync_radio
from village_node.services import StorageFailed, StorageFull, Taken
from village_node.taking import MIN_FREE_BYTES
from village_node.wiring import Node

PHOTO = random.Random(7).randbytes(3 * PIECE_BYTES)
BULK_BYTES = 3 * PIECE_BYTES
"""Of one part in these tests: two pieces, for a sealed one is a little larger."""
MARK = b"Pak Wayan Contoh di Batam"


def photos(*contents: bytes) -> list[Attachment]:
    return [Attachment(MediaType.JPEG, content) for content in contents]


def file_with(node: Node, *contents: bytes, narrative: str = STORY, token: str | None = None) -> Taken:
    return node.take_report(report(narrative), form_token=token, attachments=photos(*contents))


def place_of(taken: Taken) -> EnvelopeId:
    assert taken.envelope_id is not None
    return EnvelopeId.parse(taken.envelope_id)


def add_bulk(node: Node, count: int, size: int = 100) -> None:
    """Commit so many envelopes of bulk as quickly as the store can."""

    def job() -> None:
        for _ in range(count):
            sealed = node.chain.seal(b"\x0f" + bytes(size), Lane.BULK)
            node.log.add_control(sealed.id, sealed.ciphertext, node.times.stamp())

    node.log.writer.run(job)


class TestCommitting:
    def test_report_and_pieces_are_one_commit_and_the_receipt_comes_after_it(self, region: Region) -> None:
        node = region.node()
        run, seen = node.log.writer.run, []

        def watching(job: Callable[[], object], **options: bool) -> object:
            result = run(job, **options)
            seen.append([row[1] for row in dump(region.node_folder())["envelope"]])
            return result

        node.log.writer.run = watching  # type: ignore[method-assign,assignment]
        assert file_with(node, PHOTO, b"x").code is not None
        assert seen == [[0, 1, 1, 1, 1]]

    def test_no_plain_byte_touches_the_disk_or_the_log(
        self, region: Region, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        node = region.node()
        file_with(node, MARK * 3000)
        for file in region.node_folder().iterdir():
            assert MARK not in file.read_bytes()
        assert MARK.decode() not in caplog.text

    def test_a_failing_commit_keeps_nothing_and_its_counters_are_told_void(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        file_with(node, PHOTO)
        before = dump(region.node_folder())
        with monkeypatch.context() as failing:

            def fail(job: Callable[[], object], **options: bool) -> object:
                raise StorageError("no")

            failing.setattr(node.log.writer, "run", fail)
            with pytest.raises(StorageFailed):
                file_with(node, PHOTO)
        assert dump(region.node_folder()) == before
        last = place_of(file_with(node, PHOTO))
        region.exchange()
        held = region.hub.store.intake.held
        # 0 to 2 came, 3 to 5 are void, 6 tells it, 7 to 9 came.
        assert held(last.epoch, Lane.BULK).ranges() == [(0, 10)]
        assert held(last.epoch).ranges() == [(0, 4)]
        assert region.hub.store.intake.unreadable() == 0
        assert not node.desk.has_work(Lane.BULK)

    @pytest.mark.parametrize(
        ("contents", "allowed"),
        [([b"x"] * 9, "at most 8"), ([b""], "one byte"), ([bytes(MAX_ATTACHED_BYTES), b"x"], "4 MiB")],
    )
    def test_what_is_beyond_the_limits_uses_no_counter(
        self, region: Region, contents: list[bytes], allowed: str
    ) -> None:
        node = region.node()
        before = dump(region.node_folder())
        with pytest.raises(AttachmentRefused, match=allowed):
            file_with(node, *contents, token="a-form-token-of-a-page")
        assert dump(region.node_folder()) == before
        assert place_of(file_with(node, b"x", token="a-form-token-of-a-page")).counter == 0

    def test_a_full_disk_is_told_before_anything_is_sealed(self, region: Region) -> None:
        free = MIN_FREE_BYTES + 2 * len(PHOTO) - 1
        node = region.nodes[VILLAGE] = region.start(region.create_node(), free_space=lambda: free)
        with pytest.raises(StorageFull):
            file_with(node, PHOTO)
        assert dump(region.node_folder())["envelope"] == []
        assert place_of(region.file("tanpa foto")).counter == 0
        free += 1
        assert file_with(node, PHOTO).code is not None

    def test_a_form_posted_twice_keeps_its_pictures_once(self, region: Region) -> None:
        node = region.node()
        first = file_with(node, PHOTO, token="a-form-token-of-a-page")
        assert file_with(node, PHOTO, token="a-form-token-of-a-page") == first
        assert len(node.log.pending(lane=Lane.BULK)) == 3

    def test_one_epoch_holds_a_report_and_its_pieces_where_a_new_one_opens(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("village_node.chain.LAST_SEALED", 2)
        node = region.node()
        places = [place_of(file_with(node, PHOTO, narrative=f"cerita {n}")) for n in range(3)]
        assert len({place.epoch for place in places}) == 3
        for place in places:
            committed = node.log.committed(place.epoch, Lane.BULK).ranges()
            assert committed in ([(0, 3)], [(0, 4)])  # with the end of the epoch before
        region.settle()
        for place in places:
            [photo] = region.hub.store.work.attachments_of(str(place))
            assert photo.complete
        assert not node.desk.has_work(Lane.BULK)

    def test_counters_lost_in_a_row_never_outrun_what_the_hub_opens(self, region: Region) -> None:
        node = region.node()
        first = place_of(file_with(node, b"x"))
        for _ in range(MAX_AHEAD // 2 + 1):
            node.chain.void(node.chain.seal(b"\x03x", Lane.BULK).id)
        after = place_of(file_with(node, b"y"))
        assert after.epoch == first.epoch  # the announcement went before
        region.exchange()
        assert region.hub.store.work.show_attachment(str(after), 0, by="sari") == b"y"
        for _ in range(MAX_AHEAD // 2 + 1):
            node.chain.void(node.chain.seal(b"\x03x", Lane.BULK).id)
        assert node.chain.seal(b"\x0f", Lane.BULK).id.epoch != first.epoch  # though nothing can be told

    def test_void_counters_of_a_worn_epoch_are_not_told_of_the_next(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        region.file("satu")
        for _ in range(40):
            lost = node.chain.seal(b"\x10lost").id
            node.chain.void(lost)
        monkeypatch.setattr("village_node.chain.LAST_SEALED", 1)
        sealed = node.chain.seal(b"\x10")  # opens the next epoch
        node.chain.void(sealed.id)
        monkeypatch.undo()
        region.file("dua")
        region.settle()
        # 0 is void here; 40 was in the epoch before.
        assert lost.counter == 40
        assert region.hub.store.intake.held(sealed.id.epoch).ranges() == [(0, 4)]
        assert sorted(region.stories()) == ["dua", "satu"]


class TestTheRadio:
    def frames_for_a_report(self, region: Region, *, bulk: int) -> list[int]:
        """Start a node on which so much bulk waits; return the sizes of all its frames around one report."""
        node = region.node()
        region.file("sebelumnya")
        region.talk_by_radio(for_s=60)
        add_bulk(node, bulk)
        if bulk:
            node.take_report(report("dengan foto"), form_token=None, attachments=photos(PHOTO))
            region.talk_by_radio(for_s=60)
        node = region.restart_node()
        node._rng.seed(5)
        taken = region.file("cerita", urgency="now")
        sizes = []
        for _ in range(60):
            for frame in node.desk.due_frames():
                sizes.append(len(frame.payload))
                region.hub.desk.hear_frame(frame.payload, RadioPath(0, RADIO_NUMBER))
            for frame in region.hub.desk.due_frames():
                node.desk.hear(frame.payload, 0x0000AAAA)
            region.clock.advance(2.0)
        assert "received" in reached(node, taken.code)
        assert len(node.log.pending(lane=Lane.BULK)) == (bulk and bulk + 3 + 1)  # and the end of its epoch
        assert node.desk._session.pending_count() == 0
        return sizes

    def test_hundreds_of_pieces_waiting_cost_it_no_frame(
        self, region: Region, caplog: pytest.LogCaptureFixture
    ) -> None:
        other = Region(region.path / "without", region.clock)
        try:
            without = self.frames_for_a_report(other, bulk=0)
        finally:
            other.close()
        loaded = self.frames_for_a_report(region, bulk=300)
        assert len(loaded) == len(without)
        assert max(loaded) <= 231
        assert not caplog.records  # such as that the session refused what it was offered

    def test_a_sync_by_radio_waits_for_reports_alone(self, region: Region) -> None:
        node = region.node()
        region.file("satu")
        region.talk_by_radio(for_s=60)
        add_bulk(node, 3)
        _sync_radio(node, timeout_s=-1.0)
        region.file("dua")
        with pytest.raises(CarrierError, match="did not answer"):
            _sync_radio(node, timeout_s=-1.0)

    def test_the_session_refuses_bulk(self, region: Region) -> None:
        node = region.node()
        file_with(node, PHOTO)
        [first, *_] = node.log.pending(lane=Lane.BULK)
        with pytest.raises(ValueError, match="report lane"):
            node.desk._session.offer(first.id, first.sealed, urgent=False, due_at=0)

    def test_a_hub_that_starts_anew_is_not_asked_about_bulk_by_radio(self, region: Region) -> None:
        node = region.node()
        add_bulk(node, 3)
        region.exchange()
        region.exchange()
        assert not node.desk.has_work(Lane.BULK)
        region.restart_hub()
        region.exchange()
        region.exchange()
        node = region.restart_node()
        region.restart_hub()
        asked_of = set()
        for _ in range(60):
            for frame in node.desk.due_frames():
                asked_of.add(frame.payload[1])
                region.hub.desk.hear_frame(frame.payload, RadioPath(0, RADIO_NUMBER))
            for frame in region.hub.desk.due_frames():
                node.desk.hear(frame.payload, 0x0000AAAA)
            region.clock.advance(2.0)
        assert node.log.number("generation") == region.hub.generation
        assert node.desk.has_work(Lane.BULK)  # asked of by the next bundle
        assert asked_of == {node.chain.epoch_id[0]}

    def test_what_waits_in_bulk_takes_no_name_from_reports(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("village_node.link_desk.MAX_NAMED_EPOCHS", 3)
        assert MAX_NAMED_EPOCHS == 200
        for _ in range(5):
            add_bulk(region.node(), 2)
            region.restart_node()
        taken = region.file("sesudah")
        region.talk_by_radio(for_s=120)
        assert "received" in reached(region.node(), taken.code)
        taken = region.file("menunggu nama")
        node = region.restart_node()
        assert place_of(taken).epoch in node.desk._named
        region.talk_by_radio(for_s=120)
        assert "received" in reached(node, taken.code)
        exchange_until_settled(node.desk, Hub(region))
        assert not node.desk.has_work(Lane.BULK)


class Hub(HubClient):
    """Answers with the hub's desk and keeps what came."""

    def __init__(self, region: Region) -> None:
        super().__init__("http://127.0.0.1:1")
        self.region = region
        self.bundles: list[UpBundle] = []
        self.before: Callable[[], object] = lambda: None
        self.refuses: set[EnvelopeId] = set()

    def exchange(self, bundle: bytes) -> bytes:
        self.before()
        read = decode_up_bundle(bundle)
        self.bundles.append(read)
        if self.refuses:
            kept = [self.without_refused(section) for section in read.epochs]
            bundle = encode_up_bundle(UpBundle(tuple(kept)))
        return self.region.hub.desk.exchange(bundle, via="http")[0]

    def without_refused(self, section: EpochSection) -> EpochSection:
        left = tuple(e for e in section.envelopes if e[0] not in self.refuses)
        return replace(section, envelopes=left)

    def lanes(self) -> list[str]:
        """Return what each bundle held: R for a report, b for bulk, one letter a lane."""
        return [
            "".join("Rb"[lane] for lane in sorted({e[0].lane for s in bundle.epochs for e in s.envelopes}))
            for bundle in self.bundles
        ]


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("village_node.internet.BULK_BYTES", BULK_BYTES)


@pytest.mark.usefixtures("_small_parts")
class TestTheInternet:
    def test_reports_go_alone_and_bulk_behind_them_in_small_parts(self, region: Region) -> None:
        node = region.node()
        file_with(node, bytes(8 * PIECE_BYTES))
        region.file("sesudahnya")
        hub = Hub(region)
        assert exchange_until_settled(node.desk, hub) == 2 + 8
        assert hub.lanes() == ["R", *["b"] * 4]
        sizes = [sum(len(e[1]) for s in b.epochs for e in s.envelopes) for b in hub.bundles]
        assert max(sizes) <= BULK_BYTES
        assert not hub.bundles[0].epochs[-1].asked_lanes

    def test_a_report_that_comes_meanwhile_goes_before_the_next_part(self, region: Region) -> None:
        node = region.node()
        file_with(node, bytes(6 * PIECE_BYTES))
        hub = Hub(region)

        def before() -> None:
            if len(hub.bundles) == 2:
                region.file("mendesak", urgency="now")

        hub.before = before
        exchange_until_settled(node.desk, hub)
        assert hub.lanes()[:5] == ["R", "b", "b", "R", "b"]

    def test_frames_of_other_villages_pass_between_the_parts(self, region: Region) -> None:
        node = region.node()
        file_with(node, bytes(4 * PIECE_BYTES))
        hub = Hub(region)
        passed: list[int] = []
        exchange_until_settled(node.desk, hub, between=lambda: passed.append(len(hub.bundles)))
        assert passed == [1, 2]

    def test_what_the_hub_never_takes_keeps_back_nothing_behind_it(self, region: Region) -> None:
        node = region.node()
        file_with(node, bytes(4 * PIECE_BYTES))
        hub = Hub(region)
        hub.refuses = {e.id for e in node.log.pending(2, lane=Lane.BULK)}
        exchange_until_settled(node.desk, hub)
        assert {e.id for e in node.log.pending(lane=Lane.BULK)} == hub.refuses
        assert len(hub.bundles) < MAX_ROUNDS

    def test_a_hub_that_takes_no_bulk_is_not_sent_all_of_it(self, region: Region) -> None:
        node = region.node()
        file_with(node, bytes(10 * PIECE_BYTES))
        hub = Hub(region)
        hub.refuses = {e.id for e in node.log.pending(lane=Lane.BULK)}
        exchange_until_settled(node.desk, hub)
        assert hub.lanes() == ["R", *["b"] * BULK_TRIES]

    def test_a_hub_that_does_not_know_bulk_still_gets_the_reports(self, region: Region) -> None:
        taken = file_with(region.node(), PHOTO)
        hub = Hub(region)

        def older() -> None:
            if hub.bundles:
                raise MalformedWire("a section that does not belong here")

        hub.before = older
        with pytest.raises(MalformedWire):
            exchange_until_settled(region.node().desk, hub)
        assert "received" in reached(region.node(), taken.code)

    def test_a_restored_hub_is_filled_in_one_go(self, region: Region) -> None:
        place = place_of(file_with(region.node(), PHOTO))
        exchange_until_settled(region.node().desk, Hub(region))
        hub = region.hub
        hub.store.writer.run(
            lambda: [
                hub.store.database.execute_sql(f"DELETE FROM {table}")
                for table in ("envelope", "report", "held", "epoch", "down", "attachment_piece", "triage")
            ]
        )
        region.restart_hub()
        exchange_until_settled(region.node().desk, Hub(region))
        assert region.hub.store.work.show_attachment(str(place), 0, by="sari") == PHOTO


class TestTheCourier:
    def test_a_file_holds_reports_of_all_epochs_before_any_bulk(self, region: Region) -> None:
        for number in range(3):
            file_with(region.node(), b"x", narrative=f"cerita {number}")
            region.restart_node()
        made = region.node().desk.up_bundle()
        lanes = [e[0].lane for section in decode_up_bundle(made.data).epochs for e in section.envelopes]
        assert lanes == sorted(lanes)
        assert len(lanes) == len(made.envelopes)
        assert lanes.count(Lane.REPORT) == 3 + 2  # and the ends of two epochs
        region.node().desk.carried(made)

    def test_bulk_takes_the_room_that_reports_leave(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        file_with(node, PHOTO, PHOTO)
        monkeypatch.setattr("village_node.link_desk.MAX_BUNDLE_ENVELOPE_BYTES", 4 * PIECE_BYTES)
        made = node.desk.up_bundle(bulk_bytes=10**9)
        assert [place.lane for place in made.envelopes] == [Lane.REPORT, *[Lane.BULK] * 3]
        monkeypatch.setattr("village_node.link_desk.MAX_BUNDLE_ENVELOPES", 2)
        assert len(node.desk.up_bundle().envelopes) == 2
        monkeypatch.setattr("village_node.link_desk.MAX_BUNDLE_ENVELOPES", 1)
        assert [place.lane for place in node.desk.up_bundle().envelopes] == [Lane.REPORT]

    def test_no_bundle_names_more_epochs_than_a_hub_reads(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("village_node.link_desk.MAX_BULK_EPOCHS", 2)
        assert MAX_BULK_EPOCHS + MAX_NAMED_EPOCHS < 256
        for _ in range(3):
            add_bulk(region.node(), 1)
            region.restart_node()
        made = region.node().desk.up_bundle()
        assert len({place.epoch for place in made.envelopes}) == 2
        assert len(decode_up_bundle(made.data).epochs) == 1 + 2
        region.hub.desk.exchange(made.data, via="courier")


def test_many_threads_with_pictures_share_one_chain(region: Region) -> None:
    node = region.node()
    start = threading.Barrier(6)
    taken: list[Taken] = []

    def post(number: int) -> None:
        start.wait()
        taken.append(file_with(node, bytes([number]) * (PIECE_BYTES + 1), narrative=f"cerita {number}"))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    region.exchange()
    found = {
        view.report.narrative: region.hub.store.work.show_attachment(view.id, 0, by="sari")
        for view in region.hub.store.work.all_reports()
    }
    assert found == {f"cerita {n}": bytes([n]) * (PIECE_BYTES + 1) for n in range(6)}

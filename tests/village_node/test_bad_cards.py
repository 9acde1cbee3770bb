"""A card that goes bad under a running node: no receipt without a commit, and the box says so.

The short version of scripts/bad-card-rig: in one process, without mounts.
"""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee
import pytest
from bad_cards import SAYS_NO, spoil_a_page
from flask.testing import FlaskClient
from village import Region, reached, report

from sync.storage.writer import StorageError
from sync.wire.numbers import WithdrawalReason
from village_node.config import NodeConfig
from village_node.folder import DATABASE_FILE
from village_node.services import StorageFailed, StorageFull
from village_node.store_watch import TRIES_BESIDE_A_GOOD_CARD
from village_node.timekeeping import FURTHEST_AHEAD_S
from village_node.upkeep import upkeep_jobs
from village_node.web.notices import NOT_TAKEN
from village_node.web.public_app import create_public_app
from village_node.wiring import Node
from village_node.without_store import NothingSaved, card_works

DECADE_S = 10 * 365.25 * 86_400
FORM = {"kind": "recruiter", "narrative": "Pak Contoh mengajak tiga anak."}


@contextmanager
def no_growth(file: Path) -> Iterator[None]:
    """Let no file of this process grow beyond the size of this one: a real "File too large" of the kernel."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@contextmanager
def only_reads(node: Node) -> Iterator[None]:
    """Let SQLite refuse writes as on a disk that is read-only."""
    node.store.writer.read(lambda: node.store.database.execute_sql("PRAGMA query_only = 1"))
    try:
        yield
    finally:
        node.store.writer.read(lambda: node.store.database.execute_sql("PRAGMA query_only = 0"))


def site(node: Node) -> FlaskClient:
    return create_public_app(node, village_name="Contoh", can_save=node.health.takes_reports).test_client()


def refuses(client: FlaskClient, node: Node) -> None:
    """Sending is refused in words, and nothing is kept of it."""
    before = node.log.writer.damaged or node.log.pending_count()
    sent = client.post("/isi", data={**FORM, "form_token": node.new_form_token()})
    assert sent.status_code in (503, 507)
    assert NOT_TAKEN.heading in sent.text
    assert "tel:" in sent.text
    assert "kertas" in sent.text
    assert (node.log.writer.damaged or node.log.pending_count()) == before


def test_a_card_without_room(region: Region) -> None:
    earlier, node = region.file(), region.node()
    client, watch = site(node), region.watch(node)
    database = node.config.folder / DATABASE_FILE
    with no_growth(database.with_name(database.name + "-wal")):
        refuses(client, node)
        assert node.health.status()["takes_reports"] is False
        assert SAYS_NO in client.get("/isi").text
        assert client.get("/").status_code == 200
        assert reached(node, earlier.code) == ["saved"]
        watch.look()
        assert not node.health.takes_reports()
    watch.look()
    assert node.health.status()["store"] == "well"
    assert SAYS_NO not in client.get("/isi").text
    assert reached(node, region.file().code) == ["saved"]
    region.settle()
    assert len(region.stories()) == 2


def test_a_card_that_is_read_only(region: Region) -> None:
    earlier, node = region.file(), region.node()
    client, watch = site(node), region.watch(node)
    with only_reads(node):
        refuses(client, node)
        status = node.health.status()
        assert (status["store"], status["takes_reports"]) == ("read_only", False)
        assert reached(node, earlier.code) == ["saved"]
        watch.look()
    watch.look()
    assert node.health.takes_reports()
    assert client.post("/isi", data={**FORM, "form_token": node.new_form_token()}).status_code == 200


def test_a_page_that_is_none(region: Region) -> None:
    earlier, node = region.file(), region.node()
    client = site(node)
    put_back = spoil_a_page(node.config.folder / DATABASE_FILE, "envelope")
    node.store.writer.read(node.store.database.close)  # what SQLite remembers of the file
    refuses(client, node)
    status = node.health.status()
    assert status["store"] == "damaged"
    assert SAYS_NO in client.get("/isi").text
    assert client.get("/").status_code == 200
    assert reached(node, earlier.code) == ["saved"]  # of other pages
    put_back()
    region.watch(node).look()
    assert region.file().code is not None
    region.settle()
    assert len(region.stories()) == 2


def test_a_form_of_which_nobody_knows_whether_it_was_used_is_not_saved(region: Region) -> None:
    node = region.node()
    spoil_a_page(node.config.folder / DATABASE_FILE, "sqlite_autoindex_form_use_1")
    node.store.writer.read(node.store.database.close)
    with pytest.raises(peewee.DatabaseError):
        node.log.form_used(bytes(32))
    refuses(site(node), node)


@pytest.mark.parametrize("table", ["notice", "awareness_session", "setting"])
def test_what_a_page_shows_beside_its_point_keeps_no_page_from_answering(region: Region, table: str) -> None:
    node = region.node()
    client = create_public_app(
        node,
        village_name="Contoh",
        quizzes=node.sessions,
        notices=node.notices.public,
        staffed=node.hub_hours.staffed,
    ).test_client()
    spoil_a_page(node.config.folder / DATABASE_FILE, table)
    node.store.writer.read(node.store.database.close)
    for path in ("/", "/isi", "/nomor", "/bantuan"):
        assert client.get(path).status_code == 200, path
    # What a page is about is not made up: that there is no notice nobody knows.
    assert client.get("/pengumuman").status_code == (500 if table == "notice" else 200)


def test_what_cannot_be_read_is_not_made_up(region: Region) -> None:
    taken, node = region.file(), region.node()
    spoil_a_page(node.config.folder / DATABASE_FILE, "setting")
    node.store.writer.read(node.store.database.close)
    status = node.health.status()
    assert (status["store"], status["reports_waiting"]) == ("damaged", "unknown")
    page = site(node).post("/nomor", data={"code": taken.code})
    assert page.status_code in (200, 500)
    assert "tidak ditemukan" not in page.text


def test_a_receipt_of_a_damaged_table_is_not_called_unknown(region: Region) -> None:
    taken, node = region.file(), region.node()
    spoil_a_page(node.config.folder / DATABASE_FILE, "step")
    node.store.writer.read(node.store.database.close)
    page = site(node).post("/nomor", data={"code": taken.code})
    assert page.status_code == 500
    assert "bukan salah Anda" in page.text


def keep_highest_time(node: Node) -> None:
    """Do what a running box does each ten minutes."""
    jobs = upkeep_jobs(node.store.database, node.log, node.times, lambda: None)
    [job] = [one for one in jobs if one.name == "keep-highest-time"]
    job.run()


class TestClock:
    def test_ten_years_each_way_and_back(self, region: Region) -> None:
        region.file()
        node = region.node()
        keep_highest_time(node)
        for jump_s in (DECADE_S, -DECADE_S):
            region.clock._wall_s += jump_s
            assert node.times.trusted_wall_s() is None
            assert node.health.status()["clock"] == "unknown"
            keep_highest_time(node)
            taken = region.file()
            assert reached(node, taken.code) == ["saved"]
            node = region.restart_node()
            assert node.times.trusted_wall_s() is None
            assert node.health.takes_reports()
            region.clock._wall_s -= jump_s
            assert node.times.trusted_wall_s() == int(region.clock.wall_s())
            node = region.restart_node()
            assert node.health.status()["clock"] == "known"
        region.settle()
        assert len(region.stories()) == 3

    def test_years_in_a_drawer_are_no_jump(self, region: Region) -> None:
        node = region.node()
        region.clock._wall_s += FURTHEST_AHEAD_S - 60 * 86_400
        assert node.times.trusted_wall_s() == int(region.clock.wall_s())


class TestWatch:
    def test_a_card_that_is_another_one_ends_the_program(self, region: Region) -> None:
        node, ended = region.node(), threading.Event()
        watch = region.watch(node, ended.set)
        watch.look()
        assert not ended.is_set()
        database = node.config.folder / DATABASE_FILE
        database.rename(database.with_name("old"))
        watch.look()  # pulled out: the site stays
        assert not ended.is_set()
        database.touch()
        watch.look()
        assert ended.is_set()
        assert watch.must_start_anew

    def test_a_database_that_stays_broken_on_a_card_that_takes_files_ends_it_too(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node, ended = region.node(), threading.Event()
        watch = region.watch(node, ended.set)

        def broken() -> None:
            raise peewee.OperationalError("disk I/O error")

        with pytest.raises(StorageError):
            node.log.writer.run(broken)
        monkeypatch.setattr(node.log, "set_number", lambda *_: node.log.writer.run(broken))
        for turn in range(TRIES_BESIDE_A_GOOD_CARD):
            assert not ended.is_set(), turn
            watch.look()
        assert ended.is_set()


class TestWithoutStore:
    def test_the_site_answers_and_promises_nothing(self) -> None:
        client = create_public_app(
            NothingSaved(), village_name="Contoh", can_save=lambda: False
        ).test_client()
        assert client.get("/").status_code == 200
        first = client.get("/isi")
        assert SAYS_NO in first.text
        assert "tel:" in first.text
        assert SAYS_NO not in client.get("/latihan").text
        sent = client.post("/isi", data={**FORM, "form_token": NothingSaved().new_form_token()})
        assert sent.status_code == 503
        assert NOT_TAKEN.heading in sent.text
        looked = client.post("/nomor", data={"code": "1234567890123456"})
        assert looked.status_code >= 500
        assert "tidak ditemukan" not in looked.text

    def test_every_use_case_is_refused(self) -> None:
        nothing = NothingSaved()
        with pytest.raises(StorageFailed):
            nothing.look_up("1" * 16)
        with pytest.raises(StorageFailed):
            nothing.look_up_pictures((1, 2, 3, 4))
        with pytest.raises(StorageFailed):
            nothing.add_to_report("1" * 16, "x", urgent=False, question=None, form_token="t")
        with pytest.raises(StorageFailed):
            nothing.withdraw_report("1" * 16, WithdrawalReason.MISTAKE, form_token="t")

    def test_a_card_with_two_pages_of_room_does_not_work_yet(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = region.create_node()
        monkeypatch.setattr("village_node.without_store.free_bytes", lambda _: 8192)
        assert not card_works(NodeConfig(folder))

    def test_the_card_works_again_when_it_takes_a_commit(self, region: Region) -> None:
        folder = region.create_node()
        assert card_works(NodeConfig(folder))
        put_back = spoil_a_page(folder / DATABASE_FILE, "setting")
        assert not card_works(NodeConfig(folder))
        put_back()
        assert card_works(NodeConfig(folder))


def test_a_disk_that_does_not_say_its_room_takes_nothing(region: Region) -> None:
    def silent() -> int:
        raise OSError(5, "Input/output error")

    node = region.start(region.create_node(), free_space=silent)
    try:
        with pytest.raises((StorageFailed, StorageFull)):
            node.take_report(report(), form_token=None)
        assert node.health.status()["store"] == "failing"
    finally:
        node.close()

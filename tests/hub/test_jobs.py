"""Backups, and what nodes may forget because of them."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from village import Region

from hub.config import HubConfig
from hub.doctor import examine
from hub.jobs import BACKUP_FOLDER, KEPT_BACKUPS, BackupFailed
from hub.retention.key_copies import KEYS_FILE
from hub.store_wiring import HubStore
from sync.identifiers import Lane
from sync.scheduling import Job, JobRunner
from sync.storage.database import integrity_problem, open_sqlite


def kept(region: Region) -> list[tuple[int, int]]:
    node = region.node()
    return node.log.committed(node.chain.epoch_id, Lane.REPORT).ranges()


class TestBackup:
    def test_it_is_whole_private_and_lets_nodes_forget(self, region: Region) -> None:
        region.file("satu")
        region.file("dua")
        region.settle()
        file = region.path / "copy of #1?.sqlite3"
        assert region.hub.store.jobs.backup(file) == 1
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        if region.database_url is None:
            copy = open_sqlite(file)
            assert integrity_problem(copy) is None
            copy.close()
        region.file("tiga")
        region.settle()
        assert kept(region) == [(2, 3)]
        assert region.hub.store.jobs.backup(file) == 1
        assert region.hub.store.jobs.backup(file) == 0

    def test_what_came_after_the_copy_is_not_marked(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        region.file("satu")
        region.settle()
        jobs = region.hub.store.jobs
        copy = jobs.copy

        def long(file: Path, *, keys: Path | None) -> None:
            copy(file, keys=keys)
            region.file("dua")
            region.settle()

        monkeypatch.setattr(jobs, "copy", long)
        jobs.backup(region.path / "copy")
        region.settle()
        assert kept(region) == [(1, 2)]

    def test_a_backup_that_fails_leaves_nothing_and_marks_nothing(self, region: Region) -> None:
        region.file()
        region.settle()
        (region.path / "a-file").write_text("x")
        for file in (region.path / "missing" / "copy", region.path / "a-file" / "copy", region.path):
            with pytest.raises(BackupFailed, match="folder"):
                region.hub.store.jobs.backup(file)
        assert region.hub.store.outgoing.waiting() == []
        assert not list(region.path.glob("**/*.part"))
        assert region.hub.store.jobs.job_ran_at("backup-written") is None

    def test_a_week_of_nightly_ones_is_kept(self, region: Region) -> None:
        for _ in range(KEPT_BACKUPS + 3):
            region.hub.store.jobs.nightly_backup()
            region.clock.advance(86_400)
        files = sorted((region.hub_folder / BACKUP_FOLDER).iterdir())
        assert len(files) == KEPT_BACKUPS + 1  # one file of keys, the newest, opens all of them
        assert files[-1].name == KEYS_FILE
        assert stat.S_IMODE((region.hub_folder / BACKUP_FOLDER).stat().st_mode) == 0o700


class TestDoctorOnBackups:
    def finding(self, region: Region) -> bool:
        [backup] = [f for f in examine(region.hub_folder) if f["check"] == "backup"]
        return bool(backup["ok"])

    @pytest.fixture(autouse=True)
    def same_clock(self, region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
        assert region.hub
        monkeypatch.setattr("hub.store_wiring.SystemClock", lambda speed: region.clock)

    def test_one_by_hand_counts(self, region: Region) -> None:
        assert self.finding(region) is False
        region.hub.store.jobs.backup(region.path / "copy")
        assert self.finding(region) is True
        region.clock.advance(3 * 86_400)
        assert self.finding(region) is False

    def test_one_that_failed_does_not_count(self, region: Region) -> None:
        (region.hub_folder / BACKUP_FOLDER).write_text("in the way")
        region.hub.jobs.run_if_due(region.hub.store.jobs.all()[0])
        assert region.hub.store.jobs.job_ran_at("backup") is not None
        assert self.finding(region) is False


class TestTwoProcesses:
    """A desk and a worker, or two workers: each has connections and a writer of its own."""

    @pytest.fixture
    def other(self, region: Region) -> Iterator[HubStore]:
        assert region.hub
        store = HubStore(HubConfig(region.hub_folder), region.clock)
        yield store
        store.close()

    def runner(self, store: HubStore, job: Job) -> JobRunner:
        return JobRunner([job], store.jobs, store.clock, lambda: True)

    def test_only_one_of_two_that_come_at_once_runs_a_job(self, region: Region, other: HubStore) -> None:
        for number in range(10):
            runs: list[int] = []
            gate = threading.Barrier(2)
            job = Job(f"job {number}", 600, lambda runs=runs: runs.append(1))  # type: ignore[misc]

            def come(store: HubStore, job: Job = job, gate: threading.Barrier = gate) -> None:
                gate.wait(20)
                self.runner(store, job).run_if_due(job)

            threads = [threading.Thread(target=come, args=(store,)) for store in (region.hub.store, other)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            assert runs == [1]

    def test_while_one_runs_it_the_other_does_not_though_it_would_be_due(
        self, region: Region, other: HubStore
    ) -> None:
        seen: list[bool] = []

        def long() -> None:
            region.clock.advance(1800)
            seen.append(self.runner(other, job).run_if_due(job))

        job = Job("sweep", 600, long)
        assert self.runner(region.hub.store, job).run_if_due(job)
        assert seen == [False]
        region.clock.advance(600)
        assert self.runner(other, Job("sweep", 600, _nothing)).run_if_due(job)

    def test_a_claim_of_one_that_died_ends(self, region: Region, other: HubStore) -> None:
        job = Job("backup", 86_400, _nothing, longest_s=7200)
        assert region.hub.store.jobs.claim_job(job, region.clock.wall_s())  # and never ends it
        region.clock.advance(7199)
        assert not self.runner(other, job).run_if_due(job)
        region.clock.advance(1)
        assert self.runner(other, job).run_if_due(job)
        region.clock.advance(7200)
        assert not self.runner(other, job).run_if_due(job)

    def test_one_that_outlived_its_claim_does_not_give_back_another_s(
        self, region: Region, other: HubStore
    ) -> None:
        job = Job("sweep", 600, _nothing, longest_s=600)
        began_s = region.clock.wall_s()
        assert region.hub.store.jobs.claim_job(job, began_s)
        region.clock.advance(600)
        assert other.jobs.claim_job(job, region.clock.wall_s())
        region.hub.store.jobs.end_job(job, began_s)
        region.clock.advance(599)
        assert not region.hub.store.jobs.claim_job(job, region.clock.wall_s())

    def test_a_claim_from_a_clock_that_was_wrong_holds_nobody_up(
        self, region: Region, other: HubStore
    ) -> None:
        job = Job("backup", 86_400, _nothing)
        assert region.hub.store.jobs.claim_job(job, region.clock.wall_s() + 10**8)
        assert self.runner(other, job).run_if_due(job)


def _nothing() -> None:
    pass

"""A hub with reports that may belong together: put into its store as an intake puts them, then linked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from village import OTHER_VILLAGE, VILLAGE, Region

from hub.enrolling import enrol
from hub.links.work import LinkWork
from hub.models import Addition, Node, Report
from hub.services import SignedIn
from sync.records import Report as RecordedReport
from sync.records import check_report

THIRD_VILLAGE = "35.09.03.2001"
SARI = SignedIn("sari", "analyst")
BUDI = SignedIn("budi", "supervisor")

WAYAN = {"name": "Wayan Contohe", "phone": "0812-0000-4321", "company": "PT Maju Contoh Sejati"}
"""One man as three villages know him: other spellings, and not always the same number."""
OTHER_SPELLING = {"name": "Pak Wayan Contoe", "phone": "+62 812 0000 4321"}
OTHER_NUMBER = {
    "name": "Wayan",
    "alias": "Contohe",
    "phone": "0812-0000-9999",
    "company": "PT Maju Contoh Sejati",
}


@dataclass
class LinkedReports:
    """Reports by ids that count up; `region` is the hub."""

    region: Region
    _count: int = 0
    _nodes: dict[str, int] = field(default_factory=dict)

    @property
    def work(self) -> LinkWork:
        return self.region.hub.store.people

    def node(self, village: str) -> int:
        """Enrol a village at its first report and return its node."""
        if village not in self._nodes:
            store = self.region.hub.store
            enrol(
                store.database, store.writer, store.identity, village=village,
                village_name=f"Desa {village[-4:]}", hub_url=None, now_s=self.region.clock.wall_s() - 60,
            )  # fmt: skip
            number = Node.select(Node.number).where(Node.village == village).scalar(store.database)
            self._nodes[village] = int(number)
        return self._nodes[village]

    def add(self, report: RecordedReport, village: str = VILLAGE, *, link: bool = True) -> str:
        """Let a report arrive, and link it."""
        store = self.region.hub.store
        node = self.node(village)
        self._count += 1
        name = f"{self._count:016x}.0.1"
        at = self.region.clock.wall_s()

        def job() -> None:
            Report.insert(
                id=name, epoch=self._count.to_bytes(8, "big"), counter=1, node=node, urgent_unread=False,
                kind=report.kind, body=json.dumps(report.to_json(), ensure_ascii=False), age_minutes=0,
                via="http", received_at=at,
            ).execute(store.database)  # fmt: skip
            self.work.linker.note(name, at)

        store.writer.run(job)
        if link:
            self.link()
        return name

    def told(self, narrative: str = "-", village: str = VILLAGE, **fields: Any) -> str:
        """Let a report of a recruiter arrive."""
        return self.add(check_report({"kind": "recruiter", "narrative": narrative, **fields}), village)

    def grow(self, report: str, text: str, node: int | None = None) -> None:
        """Let an addition to a report arrive."""
        store = self.region.hub.store
        at = self.region.clock.wall_s()
        self._count += 1

        def job() -> None:
            Addition.insert(
                id=f"{self._count:016x}.0.2", node=node or next(iter(self._nodes.values())),
                report=report, text=text, urgent=False, epoch=b"", age_minutes=0, via="http", received_at=at,
            ).execute(store.database)  # fmt: skip
            self.work.linker.note(report, at)

        store.writer.run(job)
        self.link()

    def link(self) -> None:
        """Link all that is due."""
        while self.work.linker.turn():
            pass

    def three_villages(self, *, carried: bool = False) -> tuple[str, str, str]:
        """Let three villages tell of one man; `carried` by real nodes, so that pages can answer them."""
        found = []
        for village, recruiter in (
            (VILLAGE, WAYAN),
            (OTHER_VILLAGE, OTHER_SPELLING),
            (THIRD_VILLAGE, OTHER_NUMBER),
        ):
            self.region.clock.advance(60)
            story = "Mengajak kerja ke Malaysia lewat Batam."
            said = {
                "recruiter": recruiter,
                "place": village,
                "offer": {"destination": "MY", "route": "Batam"},
            }
            if carried:
                name = self.region.file(story, village, **said).envelope_id
                assert name is not None
                self.region.exchange(village)
            else:
                name = self.told(story, village, **said)
            found.append(name)
        self.link()
        return found[0], found[1], found[2]

    def remove(self, report: str) -> None:
        """Take a report away as retention does: the row, then what linking holds."""
        store = self.region.hub.store

        def job() -> None:
            Report.delete().where(Report.id == report).execute(store.database)
            Addition.delete().where(Addition.report == report).execute(store.database)
            self.work.forget(report)

        store.writer.run(job)

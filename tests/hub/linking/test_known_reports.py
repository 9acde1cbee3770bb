"""One new report against those that are kept."""

from __future__ import annotations

from typing import Any

from hub.linking.evidence import extract
from hub.linking.known_reports import KnownReports
from sync.records import Report, check_report


def report(narrative: str = "-", **fields: Any) -> Report:
    return check_report({"kind": "recruiter", "narrative": narrative, **fields})


def test_a_new_report_is_told_what_it_may_belong_to_and_why() -> None:
    known = KnownReports()
    for one in (report("Pak Darmaji 0812-0000-3141"), report("Bu Kusmiyati"), report("saya mau tanya")):
        known.add(extract(one))
    found = known.suggest(report("0812 0000 3141 nawari kerja", recruiter={"name": "Darmaji"}))
    assert [suggestion.position for suggestion in found] == [0]
    assert found[0].recruiter is not None
    assert {piece.kind for piece in found[0].recruiter.pieces} >= {"phone", "name"}
    assert found[0].event is None


def test_a_name_alone_suggests_nobody() -> None:
    known = KnownReports()
    known.add(extract(report(recruiter={"name": "Kusmiyati"})))
    assert known.suggest(report(recruiter={"name": "Kusmiyati"})) == []


def test_asking_keeps_nothing() -> None:
    known = KnownReports()
    known.suggest(report("0812 0000 3141"))
    assert len(known) == 0

"""Reports are linked after they came, whatever happens in between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from linked_reports import OTHER_SPELLING, SARI, WAYAN, LinkedReports
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.linking.linking import cluster_reports, compare_all
from hub.links import linker
from hub.links.models import LinkDue, LinkEvidence, LinkSuggestion
from hub.links.would_be import would_be
from sync.records import check_report

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "reports-linking.jsonl"


def due(region: Region) -> list[str]:
    rows = LinkDue.select(LinkDue.report).order_by(LinkDue.report).tuples()
    return [name for (name,) in rows.execute(region.hub.store.database)]


def pairs(linked: LinkedReports) -> list[tuple[str, str]]:
    rows, _ = linked.work.waiting(before=None, limit=50, who=SARI)
    return [(row.one.id, row.other.id) for row in rows]


def test_an_intake_notes_and_the_linker_links(region: Region) -> None:
    region.file("Pak Wayan Contohe, hp 0812-0000-4321, mengajak kerja.")
    region.file("Ada calo Wayan Contohe 081200004321", OTHER_VILLAGE)
    region.settle()
    region.settle(OTHER_VILLAGE)
    assert len(due(region)) == 2
    work = region.hub.store.people
    assert work.linker.turn() == 2
    assert due(region) == []
    [row] = work.waiting(before=None, limit=9, who=SARI)[0]
    assert {row.one.village, row.other.village} == {VILLAGE, OTHER_VILLAGE}
    assert row.pieces[0].about == ("+6281200004321",)


def test_an_intake_notes_additions_too(region: Region) -> None:
    taken = region.file("Pak Wayan Contohe mengajak kerja.")
    region.settle()
    region.hub.store.people.linker.turn()
    assert taken.code is not None
    node = region.node()
    node.add_to_report(taken.code, "0812-0000-4321", urgent=False, question=None, form_token="t" * 20)
    region.settle()
    assert due(region) == [taken.envelope_id]
    region.hub.store.people.linker.turn()
    assert due(region) == []
    evidence = region.hub.store.people.store.of([str(taken.envelope_id)])
    assert [one.phones for one in evidence.values()] == [{"+6281200004321"}]


def test_what_is_due_survives_a_crash(linked: LinkedReports, region: Region) -> None:
    first = linked.told(recruiter=WAYAN)
    second = linked.add(
        check_report({"kind": "recruiter", "narrative": "-", "recruiter": OTHER_SPELLING}), link=False
    )
    region.restart_hub()
    assert due(region) == [second]
    linked.link()
    assert pairs(linked) == [(first, second)]


def test_a_crash_between_evidence_and_suggestions_repeats_the_work(
    linked: LinkedReports, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked.told(recruiter=WAYAN)
    monkeypatch.setattr(linker, "strongest", lambda found: 1 / 0)
    second = linked.add(
        check_report({"kind": "recruiter", "narrative": "-", "recruiter": OTHER_SPELLING}), link=False
    )
    linked.work.linker.turn()
    monkeypatch.undo()
    assert due(region) == [second]
    assert linked.work.linker.turn() == 0  # it waits, so that others are not kept waiting
    region.clock.advance(linker.AGAIN_AFTER_S)
    linked.link()
    assert len(pairs(linked)) == 1


def test_an_addition_is_linked_too_and_takes_back_what_is_not_so(linked: LinkedReports) -> None:
    first = linked.told(recruiter={"name": "Ibu Sumiati"}, place=VILLAGE)
    second = linked.told("Ada yang mengajak.", place=OTHER_VILLAGE)
    assert pairs(linked) == []
    linked.grow(second, "Nomornya 0812-0000-4321")
    linked.grow(first, "hp 081200004321")
    assert pairs(linked) == [(first, second)]


def test_an_addition_before_its_report_waits_for_it(linked: LinkedReports, region: Region) -> None:
    linked.told(recruiter=WAYAN)
    linked.grow("0000000000000003.0.1", "hp 0812-0000-4321")
    assert due(region) == []
    assert pairs(linked) == []
    linked.told("Ada calo.")
    assert len(pairs(linked)) == 1


def test_evidence_of_an_earlier_version_is_extracted_again(linked: LinkedReports, region: Region) -> None:
    name = linked.told(recruiter=WAYAN)
    database = region.hub.store.database
    region.hub.store.writer.run(
        lambda: LinkEvidence.update(version=0, body='{"kind":"other"}').execute(database)
    )
    linked.work.linker.renew_outdated()
    assert due(region) == [name]


def test_a_name_alone_suggests_nothing(linked: LinkedReports) -> None:
    linked.told(recruiter={"name": "Wayan Contohe"})
    linked.told(recruiter={"name": "Wayan Contohe"})
    assert LinkSuggestion.select().count(linked.region.hub.store.database) == 0


def test_a_name_and_a_place_stand_behind_a_number(linked: LinkedReports) -> None:
    for _ in range(2):
        linked.told(recruiter={"name": "Wayan Contohe Sekali"}, place=VILLAGE, offer={"destination": "TW"})
    for _ in range(2):
        linked.told(recruiter={"phone": "0812-0000-7777"}, place="33.02.10.2004")
    rows, _ = linked.work.waiting(before=None, limit=9, who=SARI)
    assert [row.pieces[0].kind for row in rows if row.kind == "recruiter"] == ["phone", "name"]


def test_the_thread_links_and_ends(linked: LinkedReports, region: Region) -> None:
    found = linked.work.linker
    found.start()
    linked.add(check_report({"kind": "recruiter", "narrative": "-", "recruiter": WAYAN}), link=False)
    linked.add(check_report({"kind": "recruiter", "narrative": "-", "recruiter": OTHER_SPELLING}), link=False)
    for _ in range(200):
        if not due(region):
            break
        found._ends.wait(0.05)
    found.close()
    assert due(region) == []
    assert len(pairs(linked)) == 1


def test_groups_that_would_be_are_what_the_command_prints(linked: LinkedReports, region: Region) -> None:
    given = [check_report(json.loads(line)["report"]) for line in SAMPLE.read_text("utf-8").splitlines()]
    names = [linked.add(report, link=False) for report in given]
    linked.link()
    clusters = cluster_reports(compare_all(given))
    store, work = region.hub.store, linked.work
    for name in names:
        found = would_be(store.database, work.store, work.suggestions, name)
        for kind, labels in (("recruiter", clusters.recruiters), ("event", clusters.events)):
            own = labels[names.index(name)]
            group = [other for other, label in zip(names, labels, strict=True) if label == own]
            expected = sorted(group) if own is not None and len(group) > 1 else []
            assert sorted(found.get(kind, ())) == expected  # type: ignore[call-overload]

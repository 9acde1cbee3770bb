"""A regional hub, the hub above it, and the node between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from village import STORY, Region, quick_folder

from hub.forwarding.choosing import passed_on
from hub.forwarding.forwarding import LATE_S, Forwarding
from hub.forwarding.models import ForwardedReport
from hub.services import SignedIn
from sync.handin import HandIn
from sync.identifiers import EnvelopeId
from sync.records import Report
from sync.wire.followups import Addition, ReportPlace, Withdrawal
from sync.wire.numbers import WithdrawalReason
from village_node.handin_server import HandInServer

BUDI = SignedIn("budi", "supervisor")
OWN = "52"
"""What the hub above enrolled the regional hub as."""


class Above:
    """The hub above, and the node that it enrolled for the hub below."""

    def __init__(self, folder: Path) -> None:
        self.region = Region(folder)
        self.folder = self.region.create_node(OWN)
        self.server: HandInServer | None = None
        self.start()

    def start(self) -> None:
        node = self.region.node(OWN)
        self.server = HandInServer(
            self.folder, node.reporting, node.desk, node.health.status, None, node.receipts, node.follow_ups
        )

    def restart(self) -> None:
        self.stop()
        self.region.stop_node(OWN)
        self.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None

    def exchange(self) -> None:
        self.region.settle(OWN)

    def stories(self) -> list[str]:
        self.exchange()
        return sorted(self.region.stories())

    def close(self) -> None:
        self.stop()
        self.region.close()


@pytest.fixture
def above(tmp_path: Path) -> Iterator[Above]:
    with quick_folder(tmp_path) as folder:
        made = Above(folder / "above")
        yield made
        made.close()


def forwarding(region: Region, above: Above, **settings: Any) -> Forwarding:
    store = region.hub.store
    options = {"node": above.folder, "what": "all", "with_contact": False, **settings}
    return Forwarding(
        store.database,
        store.writer,
        store.clock,
        store.contents,
        store.triage,
        token_key=store.identity.session_secret,
        note=store.audit.note,
        wrongly_named=store.people.corrections.words_by_report,
        **options,
    )


def arrive(region: Region, story: str = STORY, **fields: Any) -> str:
    taken = region.file(story, **fields)
    region.exchange()
    assert taken.envelope_id is not None
    return taken.envelope_id


def test_reports_reach_the_hub_above_once_with_their_village(region: Region, above: Above) -> None:
    report = arrive(region)
    passing = forwarding(region, above)
    for _ in range(3):
        passing.turn()
        above.exchange()
    [view] = above.region.hub.store.work.all_reports()
    assert (view.report.narrative, view.report.channel, view.report.place) == (STORY, "hub", "52.02.08.2001")
    found = passing.of(report)
    assert found is not None
    assert found.step == "received"
    assert passing.waiting() == 0


def test_by_default_only_what_was_found_true_is_passed_on(region: Region, above: Above) -> None:
    true, _ = arrive(region, "benar"), arrive(region, "belum dicek")
    region.hub.store.triage.step(true, "verification", "confirmed", "dua saksi", seen=None, who=BUDI)
    forwarding(region, above, what="verified").turn()
    assert above.stories() == ["benar"]


def test_what_was_discarded_or_withdrawn_or_not_to_be_passed_on_stays(region: Region, above: Above) -> None:
    gone = arrive(region, "dibuang")
    region.hub.store.triage.step(gone, "signal", "discarded", "bukan soal ini", seen=None, who=BUDI)
    taken = region.file("ditarik")
    assert taken.code is not None
    region.node().withdraw_report(taken.code, WithdrawalReason.FEAR, form_token="t" * 20)
    region.settle()
    refused = arrive(region, "jangan teruskan", reporter={"refer": False})
    passing = forwarding(region, above)
    passing.turn()
    assert above.stories() == []
    found = passing.of(refused)
    assert found is not None
    assert found.step == "kept"
    assert passing.waiting() == 0


def test_what_was_taken_back_by_letter_stays(region: Region, above: Above) -> None:
    report = arrive(region, "ditarik lewat surat")
    region.hub.store.rights.open("withdrawal", report, "letter", None, None, who=BUDI)
    passing = forwarding(region, above)
    assert passing.waiting() == 0
    passing.turn()
    assert above.stories() == []


def another_node_says(region: Region, report: str, first: int, *records: Addition | Withdrawal) -> None:
    """Let follow-ups about a report be kept that another node than its own sent."""
    store, place = region.hub.store, EnvelopeId.parse(report)

    def keep() -> None:
        for number, record in enumerate(records, first):
            at = EnvelopeId(bytes(8), place.lane, number)
            store.follow_ups.add(at, 99, record, 0, "radio", store.clock.wall_s())

    store.writer.run(keep)


def test_another_village_neither_stops_a_report_nor_speaks_for_its_reporter(
    region: Region, above: Above
) -> None:
    report = arrive(region)
    of = ReportPlace(EnvelopeId.parse(report).epoch, EnvelopeId.parse(report).counter)
    passing = forwarding(region, above)
    another_node_says(region, report, 0, Withdrawal(of, WithdrawalReason.MISTAKE))
    assert passing.waiting() == 1
    passing.turn()
    another_node_says(region, report, 1, Withdrawal(of, WithdrawalReason.MISTAKE), Addition(of, "Itu bohong"))
    passing.turn()
    above.exchange()
    work = above.region.hub.store.work
    [view] = [work.view(one.id) for one in work.all_reports()]
    assert (view.withdrawal, view.additions) == (None, ())


def test_what_comes_later_follows_and_what_is_said_comes_back(region: Region, above: Above) -> None:
    taken = region.file()
    assert taken.code is not None
    region.settle()
    passing = forwarding(region, above)
    passing.turn()
    more = "Plat DR 0000 XX"
    region.node().add_to_report(taken.code, more, urgent=False, question=None, form_token="a" * 20)
    region.settle()
    passing.turn()
    above.exchange()
    work = above.region.hub.store.work
    [view] = work.all_reports()
    assert [one.text for one in work.view(view.id).additions] == [more]
    work.answer(view.id, "Siapa saksinya?", asks=True, by="menteri")
    above.exchange()
    passing.turn()
    passing.turn()
    report = taken.envelope_id
    assert report is not None
    assert [(c.by, c.text) for c in region.hub.store.triage.comments(report)] == [
        ("pusat di atas", "Bertanya: Siapa saksinya?")
    ]
    region.node().withdraw_report(taken.code, WithdrawalReason.MISTAKE, form_token="w" * 20)
    region.settle()
    passing.turn()
    above.exchange()
    withdrawal = work.view(view.id).withdrawal
    assert withdrawal is not None
    assert withdrawal.reason is WithdrawalReason.MISTAKE


def test_a_hub_that_dies_between_handing_in_and_noting_hands_in_once(
    region: Region, above: Above, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(region)
    passing = forwarding(region, above)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(passing, "_keep", dies)
        with pytest.raises(KeyboardInterrupt):
            passing.turn()
    above.restart()
    passing.turn()
    assert above.stories() == [STORY]


def test_a_node_that_is_away_is_said_and_nothing_is_lost(region: Region, above: Above) -> None:
    arrive(region)
    above.stop()
    passing = forwarding(region, above)
    passing.turn()
    assert passing.problem == "no node serves in this folder"
    assert passing.waiting() == 1
    above.start()
    passing.turn()
    assert passing.problem is None
    assert above.stories() == [STORY]


def test_a_report_that_is_refused_stands_in_nobodys_way(
    region: Region, above: Above, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = arrive(region, "salah bentuk"), arrive(region, "benar")

    def too_long(report: Report, *rest: Any, **more: Any) -> Report | None:
        told = passed_on(report, *rest, **more)
        if told is None or report.narrative != "salah bentuk":
            return told
        return replace(told, narrative="a" * 100_000)

    passing = forwarding(region, above)
    with monkeypatch.context() as breaking:
        breaking.setattr("hub.forwarding.forwarding.passed_on", too_long)
        breaking.setattr("hub.forwarding.forwarding.AT_ONCE", 1)
        for _ in range(2):
            passing.turn()
    assert above.stories() == ["benar"]
    assert [found and found.step for found in map(passing.of, (wrong, right))] == ["refused", "saved"]
    assert (passing.waiting(), passing.problem) == (0, None)
    entries = [kept.entry for kept in region.hub.store.audit.entries()]
    assert [one.about for one in entries if one.what == "forwarding refused"] == [f"report {wrong}"]


def test_a_follow_up_that_is_refused_stands_in_nobodys_way(
    region: Region, above: Above, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = region.file("satu"), region.file("dua")
    region.settle()
    passing = forwarding(region, above)
    passing.turn()
    monkeypatch.setattr("hub.forwarding.forwarding.AT_ONCE", 1)
    for number, (taken, text) in enumerate(((first, "a" * 3), (second, "Plat DR 0000 XX"))):
        assert taken.code is not None
        token = f"{number}" * 20
        region.node().add_to_report(taken.code, text, urgent=False, question=None, form_token=token)
        region.settle()

    def too_long(text: str, wrong: object) -> str:
        return "a" * 20_000 if text == "aaa" else text

    monkeypatch.setattr("hub.forwarding.forwarding.without", too_long)
    for _ in range(2):
        passing.turn()
    above.exchange()
    work = above.region.hub.store.work
    added = [one.text for view in work.all_reports() for one in work.view(view.id).additions]
    assert added == ["Plat DR 0000 XX"]
    assert passing.problem is None


def test_what_is_in_trouble_is_asked_again_and_holds_nothing_up(
    region: Region, above: Above, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(region, "satu")
    arrive(region, "dua")
    passing = forwarding(region, above)
    whole = HandIn.submit

    def full_once(node: HandIn, report: Any, *rest: Any, **more: Any) -> dict[str, Any]:
        if report["narrative"] == "satu":
            return {"error": "the disk is full"}
        return whole(node, report, *rest, **more)

    with monkeypatch.context() as breaking:
        breaking.setattr(HandIn, "submit", full_once)
        passing.turn()
    assert (passing.problem, passing.waiting()) == ("the disk is full", 1)
    passing.turn()
    assert (passing.problem, passing.waiting()) == (None, 0)
    assert above.stories() == ["dua", "satu"]


def test_what_does_not_arrive_for_two_days_is_counted(region: Region, above: Above) -> None:
    arrive(region)
    passing = forwarding(region, above)
    passing.turn()
    assert passing.late() == 0
    region.clock.advance(LATE_S + 1)
    assert passing.late() == 1
    above.exchange()
    passing.turn()
    assert passing.late() == 0


def test_forgetting_takes_the_code_with_it_and_the_log_tells_that_it_was_passed_on(
    region: Region, above: Above
) -> None:
    report = arrive(region)
    store = region.hub.store
    forwarding(region, above).turn()
    [row] = ForwardedReport.select().execute(store.database)
    with HandIn(above.folder) as node:
        assert "error" in node.receipt(row.code)  # sealed
    assert "forwarded" in {kept.entry.what for kept in store.audit.entries()}
    store.forgetting.forget([report], by="sari", reason="uji")
    assert list(ForwardedReport.select().execute(store.database)) == []


def test_a_process_without_a_node_passes_nothing_on(region: Region, above: Above) -> None:
    arrive(region)
    passing = forwarding(region, above, node=None)
    assert passing.jobs() == []
    passing.turn()
    assert passing.waiting() == 1
    assert [job.name for job in forwarding(region, above).jobs()] == ["forward"]
    assert replace(region.hub.store.config, forward_to=above.folder).forward == "verified"


def test_who_was_wrongly_named_is_not_passed_on(region: Region, above: Above) -> None:
    people = region.hub.store.people
    who = {"name": "Wayan Contohe", "phone": "0812-0000-4321", "company": "PT Maju"}
    story = "Wayan Contohe, 0812 0000 4321, mengajak ke Malaysia."
    taken = region.file(story, recruiter=who)
    first, second = taken.envelope_id, arrive(region, story, recruiter=who)
    assert first is not None
    assert taken.code is not None
    while people.linker.turn():
        pass
    person = people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    people.corrections.mark(person, "orang lain", who=BUDI)
    passing = forwarding(region, above)
    passing.turn()
    region.node().add_to_report(
        taken.code, "Wayan datang lagi", urgent=False, question=None, form_token="a" * 20
    )
    region.settle()
    passing.turn()
    above.exchange()
    work = above.region.hub.store.work
    views = [work.view(view.id) for view in work.all_reports()]
    told = [repr((view.report, [one.text for one in view.additions])).lower() for view in views]
    assert [word for word in ("wayan", "contohe", "4321") for one in told if word in one] == []
    assert ["pt maju" in one for one in told] == [True, True]
    assert sum("datang lagi" in one for one in told) == 1

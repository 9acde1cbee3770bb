"""Forgetting takes all that was told, in one transaction, and leaves that something was told."""

from __future__ import annotations

import random

import pytest
from inbox_arrivals import BUDI, SARI, arrive, listed
from village import VILLAGE, Region, answers, dump, reached, report

from hub.cases.case_models import CaseFile, CasePerson, CaseStep
from hub.links.models import LinkEvidence, LinkPosting
from hub.models import Down, Envelope, Report
from hub.outgoing import GONE
from hub.picture_counts import PictureCounts
from hub.retention.forgetting import Forgetting, StillOpen
from hub.retention.models import ForgottenReport
from hub.services import UnknownReport
from sync.identifiers import Lane
from sync.records import Report as RecordedReport
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType, WithdrawalReason

WORD = "Zebrafinken"
PHONE = "0812-0000-9753"
TOKEN = "token-of-a-form-0001"
WHY = "masa simpan habis"
PHOTO = random.Random(7).randbytes(70_000)


@pytest.fixture
def forgetting(region: Region) -> Forgetting:
    return region.hub.store.forgetting


def full_report(region: Region) -> tuple[str, str]:
    """Let one report come with everything that can hang on it; return its id and its receipt code."""
    node = region.node()
    taken = node.take_report(
        _report(f"{WORD} mengajak, nomor {PHONE}"),
        form_token=None,
        attachments=[Attachment(MediaType.JPEG, PHOTO)],
    )
    assert taken.envelope_id is not None
    assert taken.code is not None
    region.settle()
    node.add_to_report(taken.code, f"{WORD} lagi", urgent=False, question=None, form_token=TOKEN)
    region.settle()
    store = region.hub.store
    store.work.answer(taken.envelope_id, f"Terima kasih. {WORD}?", asks=True, by=SARI)
    store.triage.comment(taken.envelope_id, f"{WORD} dikenal", who=SARI)
    store.triage.step(taken.envelope_id, "risk", "high", f"karena {WORD}", seen=None, who=SARI)
    while store.people.linker.turn():
        pass
    region.settle()
    return taken.envelope_id, taken.code


def _report(narrative: str) -> RecordedReport:
    return report(narrative, recruiter={"name": WORD, "phone": PHONE})


def test_nothing_of_it_is_left_and_others_stay(region: Region, forgetting: Forgetting) -> None:
    gone, _ = full_report(region)
    [kept] = arrive(region, "Kakatua tetap di sini")
    assert forgetting.forget([gone], by=BUDI, reason=WHY) == 1
    store = region.hub.store
    assert [row.id for row in listed(region)] == [kept]
    assert region.stories() == ["Kakatua tetap di sini"]
    assert store.search.search(WORD, before=None, limit=9, who=SARI) == ([], None)
    assert not LinkEvidence.select().where(LinkEvidence.report == gone).exists(store.database)
    with pytest.raises(UnknownReport):
        store.work.view(gone)
    with pytest.raises(UnknownReport):
        store.work.show_attachment(gone, 0, by=SARI)
    left = [row for row in Envelope.select().execute(store.database) if bytes(row.sealed)]
    assert [row.lane for row in left] == [int(Lane.REPORT)]  # the other's
    notes = [kept.entry for kept in store.audit.entries() if kept.entry.what == "forgotten"]
    assert [(note.by, note.about, note.reason) for note in notes] == [("budi", f"report {gone}", WHY)]


@pytest.mark.parametrize("database_url", [None])  # what is read here is of SQLite
def test_no_file_of_the_hub_holds_its_words(region: Region, forgetting: Forgetting) -> None:
    gone, _ = full_report(region)
    held = b"".join(file.read_bytes() for file in region.hub_folder.glob("*.sqlite3*"))
    assert WORD.encode() in held
    forgetting.forget([gone], by=BUDI, reason=WHY)
    held = b"".join(file.read_bytes() for file in region.hub_folder.glob("*.sqlite3*"))
    assert WORD.encode() not in held
    assert WORD.lower().encode()[3:] not in held
    assert PHONE.encode() not in held


def test_all_of_it_goes_or_nothing(
    region: Region, forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, _ = full_report(region)

    def fails(reports: object) -> None:
        raise RuntimeError("no room")

    forgetting.also.append(fails)
    with pytest.raises(RuntimeError):
        forgetting.forget([gone], by=BUDI, reason=WHY)
    store = region.hub.store
    assert store.work.view(gone).additions[0].text == f"{WORD} lagi"
    assert store.search.search(WORD, before=None, limit=9, who=SARI)[0]
    assert LinkPosting.select().count(store.database)
    assert not ForgottenReport.select().exists(store.database)
    assert not [kept for kept in store.audit.entries() if kept.entry.what == "forgotten"]


def test_what_its_node_sends_again_is_dropped_and_receipted(region: Region, forgetting: Forgetting) -> None:
    node = region.node()
    taken = region.file(f"{WORD} mengajak")
    again = node.desk.up_bundle().data
    gone, code = taken.envelope_id, taken.code
    assert gone is not None
    assert code is not None
    region.settle()
    forgetting.forget([gone], by=BUDI, reason=WHY)
    store = region.hub.store
    _, imported = region.hub.desk.exchange(again, via="courier")
    assert (imported.envelopes, imported.new) == (1, 0)
    node.add_to_report(code, f"{WORD} belum selesai", urgent=True, question=None, form_token=TOKEN + "2")
    node.withdraw_report(code, WithdrawalReason.MISTAKE, form_token=TOKEN + "3")
    region.settle()
    assert not node.desk.has_work()
    assert "received" in reached(node, code)
    assert not Report.select().exists(store.database)
    assert not store.follow_ups.with_any()
    assert store.intake.unreadable() == 0
    dropped = [kept.entry.about for kept in store.audit.entries() if kept.entry.what == "dropped"]
    assert dropped == [f"report {gone}"] * 2
    assert WORD.encode() not in b"".join(bytes(e.sealed) for e in Envelope.select().execute(store.database))


def test_a_piece_that_comes_late_is_not_kept(region: Region, forgetting: Forgetting) -> None:
    node = region.node()
    taken = node.take_report(
        _report("sebuah cerita"), form_token=None, attachments=[Attachment(MediaType.JPEG, PHOTO)]
    )
    assert taken.envelope_id is not None
    region.talk_by_radio(for_s=60)  # a radio carries no pictures
    forgetting.forget([taken.envelope_id], by=BUDI, reason=WHY)
    region.settle()
    assert not any(node.desk.has_work(lane) for lane in Lane)
    store = region.hub.store
    pieces = list(Envelope.select().where(Envelope.lane == int(Lane.BULK)).execute(store.database))
    assert pieces
    assert not any(bytes(piece.sealed) for piece in pieces)
    assert store.attachments.of(taken.envelope_id) == ()


def test_an_answer_on_its_way_arrives_and_is_never_sealed_again(
    region: Region, forgetting: Forgetting
) -> None:
    gone, code = full_report(region)
    store = region.hub.store
    store.work.answer(gone, "jawaban terakhir", asks=False, by=SARI)
    forgetting.forget([gone], by=BUDI, reason=WHY)
    rows = [row for row in Down.select().execute(store.database) if row.what == GONE]
    assert sum(bool(bytes(row.sealed)) for row in rows) == 1
    assert {row.ref for row in rows} == {""}
    region.settle()
    assert answers(region.node(), code)[-1] == "jawaban terakhir"
    region.restart_hub()
    region.settle()
    rows = [row for row in Down.select().execute(region.hub.store.database) if row.what == GONE]
    assert rows
    assert not any(bytes(row.sealed) for row in rows)


def test_counts_of_weeks_stay(region: Region, forgetting: Forgetting) -> None:
    gone, _ = full_report(region)
    arrive(region, "lain")
    now = region.clock.wall_s()
    weeks = region.hub.store.week_counts
    counts = PictureCounts(region.hub.store.database, weeks, region.hub.store.early.flows)
    before = counts.by_week([now, now + 7 * 86_400], SARI)
    assert before == [{"recruiter": 2}]
    forgetting.forget([gone], by=BUDI, reason=WHY)
    assert counts.by_week([now, now + 7 * 86_400], SARI) == before
    assert counts.by_area(now, now + 7 * 86_400, None, SARI) == {VILLAGE[:5]: 2}
    assert weeks.problems() == 0


def test_a_report_of_an_open_case_stays(region: Region, forgetting: Forgetting) -> None:
    [one] = arrive(region, "satu")
    cases = region.hub.store.cases
    number = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(number, [one], who=SARI)
    with pytest.raises(StillOpen, match=number):
        forgetting.forget([one], by=BUDI, reason=WHY)
    assert region.stories() == ["satu"]


def test_a_closed_case_loses_its_words_with_its_last_report(region: Region, forgetting: Forgetting) -> None:
    one, other = arrive(region, "satu", "dua")
    store = region.hub.store
    number = store.cases.open(f"Kasus {WORD}", who=SARI)
    store.cases.add_reports(number, [one, other], who=SARI)
    store.cases.add_person(number, WORD, PHONE, "catatan", who=SARI)
    store.cases.comment(number, f"tentang {WORD}", who=SARI)
    store.cases.close(number, "handed_over", f"{WORD} diadili", who=SARI)
    forgetting.forget([one], by=BUDI, reason=WHY)
    assert CasePerson.select().count(store.database) == 1
    forgetting.forget([other], by=BUDI, reason=WHY)
    assert CasePerson.select().count(store.database) == 0
    case = CaseFile.select().get(store.database)
    assert (case.title, case.state) == ("", "closed")
    assert all((row.detail, row.reason) == ("", "") for row in CaseStep.select().execute(store.database))
    assert store.triage.comments(f"case {number}") == ()
    assert store.search.search(WORD, before=None, limit=9, who=BUDI) == ([], None)


@pytest.mark.parametrize("database_url", [None])  # what is read here is of SQLite
def test_imported_and_merged_cases_lose_their_words_with_the_case_that_took_them_in(
    region: Region, forgetting: Forgetting
) -> None:
    one, other = arrive(region, "satu", "dua")
    cases, imports = region.hub.store.cases, region.hub.store.imports
    line = f"A-1,{WORD},{WORD},{WORD},{PHONE},{WORD},{WORD} bercerita\n".encode()
    file = b"id,judul,nama,perekrut,telepon perekrut,tempat,uraian\n" + line
    batch = imports.upload("BP3MI NTB", file, who=BUDI)
    imports.carry_out(batch, who=BUDI)
    [first] = imports.view(batch, who=BUDI).cases
    second, last = cases.open(f"Kasus {WORD}", who=SARI), cases.open("Kasus akhir", who=SARI)
    cases.add_reports(first, [one], who=SARI)
    cases.comment(first, f"tentang {WORD}", who=SARI)
    cases.add_reports(last, [other], who=SARI)
    cases.merge(first, second, f"{WORD} juga", who=SARI)
    cases.merge(second, last, f"{WORD} juga", who=SARI)
    cases.close(last, "handed_over", f"{WORD} diadili", who=SARI)
    forgetting.forget([one], by=BUDI, reason=WHY)
    assert imports.of_case(first) is not None
    assert WORD.encode() in b"".join(found.read_bytes() for found in region.hub_folder.glob("*.sqlite3*"))
    forgetting.forget([other], by=BUDI, reason=WHY)
    rows = dump(region.hub_folder)
    assert [table for table, held in rows.items() if WORD in repr(held) or PHONE in repr(held)] == []
    held = b"".join(found.read_bytes() for found in region.hub_folder.glob("*.sqlite3*"))
    assert WORD.encode() not in held
    assert region.hub.store.search.search(WORD, before=None, limit=9, who=BUDI) == ([], None)
    origin = imports.of_case(first)
    assert origin is not None
    assert (origin.source, origin.source_id, dict(origin.told)) == ("BP3MI NTB", "A-1", {})
    again = imports.upload("BP3MI NTB", file, who=BUDI)
    assert imports.view(again, who=BUDI).drafts[0].blocked
    forgotten = {
        entry.entry.about for entry in region.hub.store.audit.entries() if entry.entry.what == "forgotten"
    }
    assert {f"case {number}" for number in (first, second, last)} <= forgotten


def test_an_unknown_report_is_refused(region: Region, forgetting: Forgetting) -> None:
    [one] = arrive(region, "satu")
    with pytest.raises(UnknownReport):
        forgetting.forget([one, "0000000000000000.0.1"], by=BUDI, reason=WHY)
    assert region.stories() == ["satu"]
    assert forgetting.forget([one, one], by=BUDI, reason=WHY) == 1

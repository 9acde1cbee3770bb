"""What reports hold is encrypted under a key for each, and unreadable without it."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from inbox_arrivals import BUDI, SARI, arrive, listed
from village import Region, dump, report

from hub.cases.models import Comment, TriageStep
from hub.models import Addition, Answer, Envelope, Report, Setting
from hub.retention.contents import ReportContents
from hub.retention.key_models import ReportKey
from hub.services import UnknownReport
from sync.errors import SealBroken
from sync.identifiers import Lane
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType

WORD = "Zebrafinken"
PLAIN_BY_NATURE = {"search_doc", "link_evidence", "link_suggestion"}
"""Words of the search and evidence: made anew out of reports, and in no copy."""


def full_report(region: Region) -> str:
    node = region.node()
    taken = node.take_report(
        report(f"{WORD} mengajak", recruiter={"name": WORD}),
        form_token=None,
        attachments=[Attachment(MediaType.JPEG, WORD.encode() * 500)],
    )
    assert taken.envelope_id is not None
    assert taken.code is not None
    region.settle()
    node.add_to_report(taken.code, f"{WORD} lagi", urgent=False, question=None, form_token="t" * 20)
    region.settle()
    store = region.hub.store
    store.work.answer(taken.envelope_id, f"{WORD}?", asks=True, by=SARI)
    store.triage.comment(taken.envelope_id, f"{WORD} dikenal", who=SARI)
    store.triage.step(taken.envelope_id, "risk", "high", f"karena {WORD}", seen=None, who=SARI)
    return taken.envelope_id


def read_all(region: Region, one: str) -> list[str]:
    store = region.hub.store
    view, triage = store.work.view(one), store.triage.view(one, who=SARI)
    return [
        view.report.narrative,
        *(addition.text for addition in view.additions),
        *(answer.text for answer in view.answers),
        *(comment.text for comment in triage.comments),
        *(step.reason for step in triage.history if step.reason),
        store.work.show_attachment(one, 0, by=SARI)[: len(WORD)].decode(),
    ]


ALL = [f"{WORD} mengajak", f"{WORD} lagi", f"{WORD}?", f"{WORD} dikenal", f"karena {WORD}", WORD]


def with_word(region: Region) -> set[str]:
    """Return the tables that hold the word in any row."""
    return {
        name
        for name, rows in dump(region.hub_folder).items()
        if any(WORD.encode() in repr(row).encode() for row in rows)
    }


def test_tables_of_contents_hold_no_word_and_pages_all_of_them(region: Region) -> None:
    one = full_report(region)
    assert read_all(region, one) == ALL
    assert [row.excerpt for row in listed(region)] == [f"{WORD} mengajak"]
    assert {name for name in with_word(region) if not name.startswith("search_words")} <= PLAIN_BY_NATURE
    assert ReportKey.select().count(region.hub.store.database) == 1


def test_an_envelope_does_not_open_with_the_hubs_key_alone(region: Region) -> None:
    one = full_report(region)
    store = region.hub.store
    for row in Envelope.select().where(Envelope.owner == one).execute(store.database):
        epoch = store.keyring.by_id(bytes(row.epoch))
        assert epoch is not None
        epoch.opening.open(Lane(row.lane), row.counter, store.contents.envelope(row))
        with pytest.raises(SealBroken):
            epoch.opening.open(Lane(row.lane), row.counter, bytes(row.sealed))


def test_without_its_key_a_report_is_not_there_and_others_are(region: Region) -> None:
    one = full_report(region)
    [other] = arrive(region, "Kakatua")
    store = region.hub.store
    ReportKey.delete().where(ReportKey.owner == one).execute(store.database)
    with pytest.raises(UnknownReport):
        store.work.view(one)
    assert [row.id for row in listed(region)] == [other]
    assert region.stories() == ["Kakatua"]
    region.restart_hub()  # what waits for its reporter cannot be sealed again, and nothing else suffers
    assert region.stories() == ["Kakatua"]


def test_a_text_moved_to_another_report_or_table_does_not_open(region: Region) -> None:
    one, other = arrive(region, "satu", "dua")
    contents = region.hub.store.contents
    database = region.hub.store.database
    body = Report.select().where(Report.id == one).get(database).body
    with pytest.raises(InvalidTag):
        contents.keys_of([one, other]).open(other, "report", body)
    with pytest.raises(InvalidTag):
        contents.keys_of([one]).open(one, "addition", body)


def test_another_folders_secret_opens_nothing(region: Region) -> None:
    [one] = arrive(region, "satu")
    store = region.hub.store
    with pytest.raises(InvalidTag):
        ReportContents(store.database, store.writer, folder_key=bytes(32)).keys_of([one])
    assert store.contents.fits()
    assert not ReportContents(store.database, store.writer, folder_key=bytes(32)).fits()


def test_what_came_before_there_were_keys_is_encrypted_though_it_is_cut_off(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = full_report(region)
    make_plain(region)
    store = region.hub.store
    assert read_all(region, one) == ALL
    whole = ReportContents._fill_pieces

    def cut_off(self: ReportContents) -> None:
        raise RuntimeError("the plug")

    monkeypatch.setattr(ReportContents, "_fill_pieces", cut_off)
    with pytest.raises(RuntimeError):
        store.contents.fill()
    assert read_all(region, one) == ALL
    monkeypatch.setattr(ReportContents, "_fill_pieces", whole)
    region.restart_hub()
    assert read_all(region, one) == ALL
    assert {name for name in with_word(region) if not name.startswith("search_words")} <= PLAIN_BY_NATURE
    bulk = Envelope.select().where(Envelope.lane == int(Lane.BULK))
    assert {row.owner for row in bulk.execute(region.hub.store.database)} == {one}


def make_plain(region: Region) -> None:
    """Put the store back to how an earlier version left it."""
    store = region.hub.store
    contents = store.contents
    for model, what, field, owner in (
        (Report, "report", "body", "id"),
        (Addition, "addition", "text", "report"),
        (Answer, "answer", "text", "report"),
        (Comment, "staff_comment", "text", "about"),
        (TriageStep, "triage_step", "reason", "report"),
    ):
        for row in contents.opened(model.select().execute(store.database), what, field, owner):
            plain = {getattr(model, field): getattr(row, field)}
            model.update(plain).where(model.id == row.id).execute(store.database)
    for row in Envelope.select().execute(store.database):
        here = (Envelope.epoch == row.epoch) & (Envelope.lane == row.lane) & (Envelope.counter == row.counter)
        plain = {Envelope.sealed: contents.envelope(row), Envelope.owner: None}
        Envelope.update(plain).where(here).execute(store.database)
    ReportKey.delete().execute(store.database)
    Setting.delete().where(Setting.key == "contents-sealed").execute(store.database)


def test_nothing_is_written_under_a_forgotten_report(region: Region) -> None:
    [one] = arrive(region, "satu")
    store = region.hub.store
    store.forgetting.forget([one], by=BUDI, reason="masa simpan habis")
    with pytest.raises(UnknownReport):
        store.writer.run(lambda: store.contents.seal(one, "answer", "teks"))
    assert not ReportKey.select().exists(store.database)

"""Gaps: sealed, grouped when alike, seen by area, decided by somebody with a reason, forgotten in time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region, dump

from hub.gaps.gaps import DAY_S, KEPT_DAYS, KEPT_DAYS_DECIDED, Gaps
from hub.gaps.services import GapAnswer, GapRefused, UnknownGap, check_answer
from hub.models import Envelope
from hub.retention.key_models import ReportKey
from hub.services import COMMAND_LINE, SignedIn

ASKED = "apa boleh cuti melahirkan di hongkong"
KETUT = SignedIn("ketut", "administrator")
ANSWER = GapAnswer("Cuti melahirkan", ("Tanya di KJRI.",), ("boleh cuti hamil",), "KJRI Hong Kong", "2026-11")


def ask(region: Region, text: str = ASKED, village: str = VILLAGE) -> None:
    region.node(village).questions.send(text, "id", token=f"{village} {text}")
    region.settle(village)


def gaps(region: Region) -> Gaps:
    return region.hub.store.gaps


def test_a_question_reaches_the_hub_and_lies_there_under_a_key(region: Region) -> None:
    ask(region)
    [row] = gaps(region).rows("open", who=KETUT)
    assert (row.count, row.newest) == (1, ASKED)
    [asked] = gaps(region).look(row.id, who=KETUT).questions
    assert (asked.text, asked.language, asked.village) == (ASKED, "id", VILLAGE)
    assert region.node().log.pending_count() == 0
    assert region.hub.store.intake.unreadable() == 0
    assert "melahirkan" not in repr(dump(region.hub_folder))
    assert ReportKey.select().count(region.hub.store.database) == 1


def test_a_second_copy_counts_once(region: Region) -> None:
    region.node().questions.send(ASKED, "id", token="one")
    bundle = region.node().desk.up_bundle().data
    for via in ("http", "courier"):
        region.hub.desk.exchange(bundle, via=via)
    assert [row.count for row in gaps(region).rows("open", who=KETUT)] == [1]


def test_what_is_alike_is_one_and_who_sees_part_of_it_counts_that_part(region: Region) -> None:
    ask(region)
    ask(region, "di Hongkong, cuti melahirkan apa boleh??", OTHER_VILLAGE)
    ask(region, "berapa harga tiket kapal")
    assert [row.count for row in gaps(region).rows("open", who=COMMAND_LINE)] == [2, 1]
    there = SignedIn("wayan", "supervisor", (OTHER_VILLAGE,))
    [row] = gaps(region).rows("open", who=there)
    assert row.count == 1
    assert [one.village for one in gaps(region).look(row.id, who=there).questions] == [OTHER_VILLAGE]
    assert gaps(region).counts(who=there) == {"open": 1, "answered": 0, "declined": 0}
    elsewhere = SignedIn("made", "supervisor", ("51.03",))
    assert gaps(region).rows("open", who=elsewhere) == []
    for forbidden in (
        lambda: gaps(region).look(row.id, who=elsewhere),
        lambda: gaps(region).answer(row.id, ANSWER, who=elsewhere),
    ):
        with pytest.raises(UnknownGap):
            forbidden()


def test_steps_stand_in_the_log_with_who_and_why(region: Region) -> None:
    ask(region)
    [row] = gaps(region).rows("open", who=KETUT)
    gaps(region).decide(row.id, "declined", "bukan urusan kami", who=KETUT)
    view = gaps(region).look(row.id, who=KETUT)
    assert (view.state, view.decided_by, view.why) == ("declined", "ketut", "bukan urusan kami")
    gaps(region).decide(row.id, "open", "ternyata perlu", who=KETUT)
    with pytest.raises(GapRefused):
        gaps(region).answer(row.id, replace(ANSWER, title=""), who=KETUT)
    gaps(region).answer(row.id, ANSWER, who=KETUT)
    assert gaps(region).answers() == [(row.id, ANSWER)]
    log_entries = [kept.entry for kept in region.hub.store.audit.entries()]
    log = [(one.what, one.reason) for one in log_entries if one.about == f"gap {row.id}"]
    assert [one for one in log if one[0] != "gap seen"] == [
        ("gap declined", "bukan urusan kami"),
        ("gap open", "ternyata perlu"),
        ("gap answered", ""),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "a" * 81},
        {"lines": ()},
        {"lines": ("a",) * 6},
        {"lines": ("a" * 201,)},
        {"asks": ()},
        {"asks": ("a",) * 31},
        {"asks": ("a / b",)},
        {"source": ""},
        {"source": "a" * 201},
        {"address": "a" * 201},
        {"dated": "26-11-2026"},
        {"dated": "2026-13"},
    ],
)
def test_an_answer_needs_words_a_source_and_its_date(wrong: dict[str, object]) -> None:
    check_answer(ANSWER)
    with pytest.raises(GapRefused):
        check_answer(replace(ANSWER, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("database_url", [None])
def test_a_list_goes_on_and_shows_the_newest_question_of_the_most_asked(region: Region) -> None:
    ask(region)
    region.clock.advance(60)
    ask(region, "Di Hongkong, cuti melahirkan apa boleh?", OTHER_VILLAGE)
    region.clock.advance(60)
    ask(region, "berapa harga tiket kapal")
    rows = gaps(region).rows("open", who=KETUT)
    assert [(row.count, row.newest) for row in rows] == [
        (2, "Di Hongkong, cuti melahirkan apa boleh?"),
        (1, "berapa harga tiket kapal"),
    ]
    assert gaps(region).rows("open", who=KETUT, first=1, limit=1) == rows[1:]
    asked = gaps(region).look(rows[0].id, who=KETUT).questions
    assert [one.village for one in asked] == [OTHER_VILLAGE, VILLAGE], "the newest first"
    for state, why in (("answered", "alasan"), ("declined", " "), ("declined", "a" * 301)):
        with pytest.raises(GapRefused):
            gaps(region).decide(rows[0].id, state, why, who=KETUT)
    assert gaps(region).counts(who=KETUT)["open"] == 2


@pytest.mark.parametrize("database_url", [None])
def test_what_was_opened_again_or_asked_lately_is_kept(region: Region) -> None:
    ask(region)
    ask(region, "berapa harga tiket kapal")
    opened, declined = (row.id for row in gaps(region).rows("open", who=KETUT))
    gaps(region).decide(opened, "declined", "keliru", who=KETUT)
    gaps(region).decide(opened, "open", "ternyata perlu", who=KETUT)
    region.clock.advance(100 * DAY_S)
    gaps(region).decide(declined, "declined", "sudah ada", who=KETUT)
    gaps(region).forget_due()
    assert [len(gaps(region).look(one, who=KETUT).questions) for one in (opened, declined)] == [1, 1]
    region.clock.advance((KEPT_DAYS_DECIDED - 1) * DAY_S)
    gaps(region).forget_due()
    name = gaps(region).look(declined, who=KETUT).questions[0].text
    region.node(OTHER_VILLAGE).questions.send(name, "id", token="late")
    region.settle(OTHER_VILLAGE)
    region.clock.advance(2 * DAY_S)
    gaps(region).forget_due()
    # Only what is old went, with its envelope; what else came from the same box still stands.
    assert [one.village for one in gaps(region).look(declined, who=KETUT).questions] == [OTHER_VILLAGE]
    assert len(gaps(region).look(opened, who=KETUT).questions) == 1
    owned = Envelope.select().where(Envelope.owner.is_null(False)).execute(region.hub.store.database)
    assert sorted(bytes(row.sealed) == b"" for row in owned) == [False, False, True]
    log = [kept.entry for kept in region.hub.store.audit.entries()]
    assert [one.about for one in log if one.what == "forgotten"] == [f"gap {declined}"]
    assert f"gap {opened}" in {one.about for one in log if one.what == "gap seen"}


def test_questions_are_forgotten_with_their_keys_and_answers_stay(region: Region) -> None:
    ask(region)
    ask(region, "berapa harga tiket kapal")
    answered = next(r.id for r in gaps(region).rows("open", who=KETUT) if r.newest == ASKED)
    gaps(region).answer(answered, ANSWER, who=KETUT)
    region.clock.advance((KEPT_DAYS_DECIDED + 1) * DAY_S)
    gaps(region).forget_due()
    database = region.hub.store.database
    assert gaps(region).counts(who=KETUT) == {"open": 1, "answered": 0, "declined": 0}
    assert ReportKey.select().count(database) == 1
    assert gaps(region).answers() == [(answered, ANSWER)]
    region.clock.advance(KEPT_DAYS * DAY_S)
    gaps(region).forget_due()
    assert ReportKey.select().count(database) == 0
    kept = Envelope.select().where(Envelope.owner.is_null(False)).execute(database)
    assert {bytes(row.sealed) for row in kept} == {b""}

"""Gaps: sealed, grouped when alike, seen by area, decided by somebody with a reason, forgotten in time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region, dump

from hub.gaps.gaps import DAY_S, KEPT_DAYS, KEPT_DAYS_DECIDED, Gaps
from hub.gaps.services import GapAnswer, GapRefused, UnknownGap
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
        {"lines": ()},
        {"lines": ("a" * 201,)},
        {"asks": ("a / b",)},
        {"source": ""},
        {"dated": "26-11-2026"},
    ],
)
def test_an_answer_needs_words_a_source_and_its_date(region: Region, wrong: dict[str, object]) -> None:
    with pytest.raises(GapRefused):
        gaps(region).answer(1, replace(ANSWER, **wrong), who=KETUT)  # type: ignore[arg-type]


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

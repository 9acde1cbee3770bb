"""The list: its order, its pages, its filters, and that no page scans."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from linked_reports import LinkedReports
from village import OTHER_VILLAGE, Region

from hub.cases.inbox import EXCERPT_CHARACTERS, Inbox
from hub.cases.models import Triage
from hub.cases.services import InboxChoice, InboxRow
from hub.cases.states import StepRefused
from hub.models import Setting
from hub.services import SignedIn


@pytest.fixture
def inbox(region: Region) -> Inbox:
    return region.hub.store.inbox


def listed(inbox: Inbox, limit: int = 100, **choice: object) -> list[InboxRow]:
    rows: list[InboxRow] = []
    cursor = None
    while True:
        page, cursor = inbox.page(InboxChoice(**choice), before=cursor, limit=limit, who=SARI)  # type: ignore[arg-type]
        assert len(page) <= limit
        rows += page
        if cursor is None:
            return rows


def stories(rows: Iterable[InboxRow]) -> list[str]:
    return [row.report.excerpt for row in rows]


def leaving(region: Region, days: int) -> dict[str, Any]:
    return {
        "offer": {"departure_on": (region.hub.store.inbox.today() + datetime.timedelta(days)).isoformat()}
    }


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_every_report_stands_on_one_page_even_with_equal_times(
    region: Region, inbox: Inbox, limit: int
) -> None:
    ids = arrive(region, *(f"cerita {n}" for n in range(9)))
    region.clock.advance(60)
    ids += arrive(region, *(f"mendesak {n}" for n in range(4)), urgency="now")
    rows = listed(inbox, limit)
    assert sorted(row.report.id for row in rows) == sorted(ids)
    assert [row.report.urgent for row in rows] == [True] * 4 + [False] * 9


def test_a_look_moves_a_report_behind_those_that_nobody_read(region: Region, inbox: Inbox) -> None:
    first, _ = arrive(region, "satu", "dua", urgency="now")
    arrive(region, "tiga")
    region.hub.store.work.show_report(first, by="sari")
    assert stories(listed(inbox)) == ["dua", "satu", "tiga"]
    assert stories(listed(inbox, unread=True)) == ["dua", "tiga"]


def test_what_a_reporter_adds_brings_a_report_up_again(region: Region, inbox: Inbox) -> None:
    taken = region.file("awal")
    region.settle()
    assert taken.envelope_id is not None
    region.hub.store.work.show_report(taken.envelope_id, by="sari")
    arrive(region, "baru")
    assert stories(listed(inbox)) == ["baru", "awal"]
    assert taken.code is not None
    region.node().add_to_report(
        taken.code, "Malam ini.", urgent=True, question=None, form_token="a-form-token-0001"
    )
    region.exchange()
    rows = listed(inbox)
    assert stories(rows) == ["awal", "baru"]
    assert [reason.text for reason in rows[0].reasons] == [
        "pelapor menambahkan: mendesak",
        "ada kabar baru dari pelapor",
    ]


def test_midnight_moves_a_departure_nearer(region: Region, inbox: Inbox) -> None:
    arrive(region, "empat hari lagi", **leaving(region, 4))
    arrive(region, "biasa", urgency="now")
    inbox.count_down()
    assert not listed(inbox)[1].report.urgent
    region.clock.advance(86_400)
    inbox.count_down()
    assert not listed(inbox)[1].report.urgent
    region.clock.advance(86_400)
    assert stories(listed(inbox)) == ["biasa", "empat hari lagi"]
    inbox.count_down()
    rows = listed(inbox)
    assert stories(rows) == ["empat hari lagi", "biasa"]
    assert rows[0].reasons[0].text == "berangkat lusa"


def test_days_that_nobody_counted_are_counted_together(region: Region, inbox: Inbox) -> None:
    arrive(region, "segera pergi", **leaving(region, 9))
    inbox.count_down()
    region.clock.advance(8 * 86_400)
    inbox.count_down()
    assert listed(inbox)[0].report.urgent
    region.clock.advance(20 * 86_400)
    inbox.count_down()
    [row] = listed(inbox)
    assert not row.report.urgent
    assert row.reasons[0].text == "tanggal berangkat lewat 19 hari"


def test_each_filter_narrows(region: Region, inbox: Inbox) -> None:
    [here] = arrive(region, "di sini")
    arrive(region, "di sana", village=OTHER_VILLAGE)
    arrive(region, "hilang", kind="missing", urgency="now")
    triage = region.hub.store.triage
    region.hub.store.accounts.add("sari", "analyst", "kentongan bertalu")
    triage.assign(here, "sari", who=BUDI)
    assert stories(listed(inbox, kind="missing")) == stories(listed(inbox, urgent=True)) == ["hilang"]
    assert stories(listed(inbox, mine=True)) == ["di sini"]
    for characters in (2, 5, 8, 13):
        assert stories(listed(inbox, area=OTHER_VILLAGE[:characters])) == ["di sana"]
    triage.step(here, "signal", "discarded", "bukan urusan kami", seen=None, who=SARI)
    assert stories(listed(inbox, stage="discarded")) == ["di sini"]
    assert "di sini" not in stories(listed(inbox))
    assert len(listed(inbox, stage="new")) == 2


def test_an_account_with_areas_sees_only_them(region: Region, inbox: Inbox) -> None:
    arrive(region, "di sini")
    arrive(region, "di sana", village=OTHER_VILLAGE)
    local = SignedIn("sari", "analyst")
    object.__setattr__(local, "areas", (OTHER_VILLAGE[:5],))
    page, _ = inbox.page(InboxChoice(), before=None, limit=10, who=local)
    assert stories(page) == ["di sana"]


CHOICES: Sequence[Mapping[str, object]] = [
    {},
    {"urgent": True},
    {"unread": True},
    {"mine": True},
    {"kind": "missing"},
    {"stage": "closed"},
    {"area": "52"},
    {"area": "52.02"},
    {"area": "52.02.08"},
    {"area": "52.02.08.2001"},
    {"unread": True, "kind": "missing", "area": "52.02"},
    {"mine": True, "stage": "kept", "urgent": True},
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("database_url", [None])  # what is read here is of SQLite
def test_no_page_scans_or_sorts(region: Region, inbox: Inbox, choice: Mapping[str, object]) -> None:
    arrive(region, "satu", "dua")
    _, cursor = inbox.page(InboxChoice(), before=None, limit=1, who=SARI)
    for before in (None, cursor):
        query = inbox.query(InboxChoice(**choice), before=before, limit=50, who=SARI)  # type: ignore[arg-type]
        sql, parameters = region.hub.store.database.get_sql_context().sql(query).query()
        plan = " | ".join(
            str(row[-1])
            for row in region.hub.store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
        )
        assert plan.startswith("SEARCH"), plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan
        assert "OFFSET" not in sql


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "bm9wZQ==", "WzEsMl0=", "W10=", "\u00e9", "e30="])
def test_a_cursor_that_is_none_starts_at_the_top(region: Region, inbox: Inbox, cursor: str) -> None:
    arrive(region, "satu")
    page, _ = inbox.page(InboxChoice(), before=cursor, limit=10, who=SARI)
    assert len(page) == 1


def test_a_long_text_is_cut_and_lines_are_joined(region: Region, inbox: Inbox) -> None:
    arrive(region, "baris\n\nlain " + "x" * 200)
    [row] = listed(inbox)
    assert row.report.excerpt.startswith("baris lain x")
    assert len(row.report.excerpt) == EXCERPT_CHARACTERS


def test_fifty_rows_ask_no_more_of_the_database_than_one(
    region: Region, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(region, *(f"cerita {n}" for n in range(8)))
    database = region.hub.store.database
    asked: list[str] = []
    execute = database.execute_sql

    def counting(sql: str, *arguments: object, **options: object) -> object:
        asked.append(sql)
        return execute(sql, *arguments, **options)

    inbox.page(InboxChoice(), before=None, limit=8, who=SARI)  # the looks are noted
    monkeypatch.setattr(database, "execute_sql", counting)
    counts = []
    for limit in (1, 8):
        asked.clear()
        inbox.page(InboxChoice(), before=None, limit=limit, who=SARI)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_linking_gives_reasons_in_words(region: Region, inbox: Inbox) -> None:
    class Linked:
        def reasons(self, report_ids: Sequence[str]) -> Mapping[str, Iterable[str]]:
            return {one: ["tiga laporan menyebut nomor yang sama"] for one in report_ids}

    inbox.linked = Linked()
    arrive(region, "satu")
    [row] = listed(inbox)
    assert [reason.text for reason in row.reasons] == ["tiga laporan menyebut nomor yang sama"]


def test_reports_from_before_the_inbox_are_given_their_places(region: Region, inbox: Inbox) -> None:
    arrive(region, "lama satu", "lama dua")
    store = region.hub.store

    def forget() -> None:
        Triage.delete().execute(store.database)
        Setting.delete().where(Setting.key == "inbox-filled").execute(store.database)

    store.writer.run(forget)
    assert listed(inbox) == []
    inbox.fill()
    assert len(listed(inbox)) == 2
    inbox.fill()
    assert len(listed(inbox)) == 2


def test_a_filter_is_saved_under_a_name_for_its_account_alone(inbox: Inbox) -> None:
    inbox.save_filter(" Hilang  NTT ", "kind=missing&area=53", who=SARI)
    inbox.save_filter("Hilang NTT", "kind=missing", who=SARI)
    [saved] = inbox.saved_filters(SARI)
    assert (saved.name, saved.query) == ("Hilang NTT", "kind=missing")
    assert inbox.saved_filters(BUDI) == []
    inbox.remove_filter(saved.id, who=BUDI)
    assert inbox.saved_filters(SARI) == [saved]
    inbox.remove_filter(saved.id, who=SARI)
    assert inbox.saved_filters(SARI) == []
    for name in ("", "  ", "x" * 41, "a\u0000b"):
        with pytest.raises(StepRefused):
            inbox.save_filter(name, "", who=SARI)


def test_what_linking_knows_is_a_reason(region: Region) -> None:
    first, second, third = LinkedReports(region).three_villages(carried=True)
    region.hub.store.people.decide("recruiter", first, second, same=True, reason="", who=SARI)
    page, _ = region.hub.store.inbox.page(InboxChoice(), before=None, limit=9, who=SARI)
    said = {row.report.id: [reason.text for reason in row.reasons] for row in page}
    assert "perekrutnya dikenal dari 1 laporan lain" in said[first]
    assert "perekrutnya dikenal dari 1 laporan lain" in said[second]
    assert "perekrutnya dikenal dari 1 laporan lain" not in said[third]

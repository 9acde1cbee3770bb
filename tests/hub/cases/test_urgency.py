"""The order of the inbox and its reasons in words."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from hub.cases.states import States
from hub.cases.urgency import (
    OPEN_BELOW,
    URGENT_BELOW,
    Facts,
    departure_day,
    is_urgent,
    reasons,
    sort_key,
)
from sync.records import check_report

TODAY = datetime.date(2027, 1, 15)
NOW_S = 1_800_000_000.0


def facts(*, read: bool = False, at: float = NOW_S, states: States | None = None, **fields: object) -> Facts:
    report = check_report({"kind": "recruiter", "narrative": "cerita", **fields})
    return Facts(report=report, received_at=at, read=read, states=states or States())


def leaving(days: int, **more: object) -> Facts:
    return facts(offer={"departure_on": (TODAY + datetime.timedelta(days)).isoformat()}, **more)  # type: ignore[arg-type]


def texts(of: Facts) -> list[str]:
    return [reason.text for reason in reasons(of, TODAY)]


def test_reports_stand_in_the_order_in_which_they_cannot_wait() -> None:
    begun = States(signal="kept", response="begun")
    order = [
        leaving(0),
        leaving(1),
        facts(urgency="now"),
        facts(urgency="now", read=True),
        leaving(3),
        leaving(6),
        facts(people={"children": 2}, read=True),
        facts(),
        facts(read=True),
        facts(urgency="now", read=True, states=begun),
        facts(urgency="now", read=True, states=States(signal="discarded")),
    ]
    keys = [sort_key(one, TODAY) for one in order]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert [key < URGENT_BELOW for key in keys] == [True] * 4 + [False] * 7
    assert [key < OPEN_BELOW for key in keys] == [True] * 10 + [False]


def test_within_a_band_the_nearest_departure_goes_first_and_then_the_newest() -> None:
    assert sort_key(leaving(1), TODAY) < sort_key(leaving(2), TODAY)
    assert sort_key(leaving(1, at=NOW_S + 5), TODAY) < sort_key(leaving(1), TODAY)
    assert sort_key(leaving(4), TODAY) < sort_key(facts(people={"children": 1}), TODAY)


def test_a_key_fits_into_63_bits_whatever_a_report_says() -> None:
    for date in ("0001-01-01", "9999-12-31"):
        for at in (-1.0, 0.0, 1e18):
            key = sort_key(facts(offer={"departure_on": date}, at=at), TODAY)
            assert 0 <= key < 2**63


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "tanggal berangkat lewat 3 hari"),
        (-1, "berangkat kemarin"),
        (0, "berangkat hari ini"),
        (1, "berangkat besok"),
        (2, "berangkat lusa"),
        (5, "berangkat 5 hari lagi"),
        (40, "berangkat 40 hari lagi"),
    ],
)
def test_the_countdown_is_said_in_days(days: int, words: str) -> None:
    assert texts(leaving(days)) == [words]


def test_the_countdown_moves_with_the_day() -> None:
    report = leaving(3)
    later = TODAY + datetime.timedelta(1)
    assert not is_urgent(report, TODAY)
    assert is_urgent(report, later)
    assert sort_key(report, later) < sort_key(report, TODAY)


def test_every_place_has_its_reasons_in_words() -> None:
    told = facts(
        urgency="now",
        indicators=["child", "confinement", "documents_held", "contact_lost"],
        official_involved=True,
    )
    told = replace(
        told, added_urgent=True, news=True, withdrawn=True, linked=("tiga laporan menyebut nomor yang sama",)
    )
    assert texts(told) == [
        "pelapor: bahaya sekarang",
        "pelapor menambahkan: mendesak",
        "anak di bawah 18",
        "dikurung atau dijaga",
        "hilang kontak",
        "tiga laporan menyebut nomor yang sama",
        "dokumen ditahan",
        "menyebut perangkat desa",
        "ditarik pelapor",
        "ada kabar baru dari pelapor",
    ]
    assert texts(facts(people={"children": 0})) == []


def test_what_linking_says_moves_a_report_up() -> None:
    plain = facts()
    linked = replace(plain, linked=("dua laporan menyebut pelat yang sama",))
    assert sort_key(linked, TODAY) < sort_key(plain, TODAY)


def test_news_brings_a_finished_report_back_until_it_is_read() -> None:
    finished = facts(read=True, states=States(signal="discarded"))
    assert sort_key(finished, TODAY) >= OPEN_BELOW
    assert sort_key(replace(finished, news=True), TODAY) < OPEN_BELOW
    assert sort_key(replace(finished, news=True, added_urgent=True), TODAY) < URGENT_BELOW


def test_a_report_without_a_departure_has_no_day() -> None:
    assert departure_day(facts().report) is None
    assert departure_day(facts(offer={"departure_on": "1970-01-02"}).report) == 1

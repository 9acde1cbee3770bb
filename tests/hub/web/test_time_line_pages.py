"""The time line of a report."""

from __future__ import annotations

import pytest
from flask import Flask

from hub.services import READING_ROLES, AdditionView, AnswerRow, WithdrawalView
from hub.web.time_line_pages import KINDS, events_of
from sync.wire.numbers import WithdrawalReason
from tests.hub.web.conftest import FIRST, STORY, UNKNOWN, Browser, HubInMemory

LINE = f"/reports/{FIRST}/garis-waktu"
WRITTEN = "Kata-kata yang hanya untuk pelapor"


@pytest.fixture
def busy(services: HubInMemory) -> HubInMemory:
    now = services.clock.wall_s()
    services.change(
        FIRST,
        read_at=now + 60,
        acted_on_at=now + 90_000,
        answers=(
            AnswerRow(WRITTEN, True, now + 120, "sari", delivered=True),
            AnswerRow(WRITTEN, False, now + 7_200, "budi", delivered=False),
        ),
        additions=(
            AdditionView("0123456789abcdef.0.2", WRITTEN, True, None, None, now + 600, "http"),
            AdditionView("0123456789abcdef.0.3", WRITTEN, False, None, now + 95_000, now + 96_000, "http"),
        ),
        withdrawal=WithdrawalView(WithdrawalReason.FEAR, None, now + 100_000, now + 359_200),
    )
    return services


def test_all_that_happened_stands_in_the_order_of_time(sari: Browser, busy: HubInMemory) -> None:
    page = sari.read(LINE)
    words = [
        "Dibuat di desa (perkiraan)",
        "Diterima hub lewat",
        "Dibaca pertama kali",
        "Pertanyaan ditulis, sampai di kotak desa",
        "Tambahan mendesak dari pelapor",
        "Jawaban ditulis, menunggu dikirim",
        "Ditandai sudah ditindaklanjuti",
        "Tambahan dari pelapor",
        "Pelapor menarik laporan",
    ]
    table = page.split("<tbody>")[1]
    assert [table.index(one) for one in words] == sorted(table.index(one) for one in words)
    assert f'href="{LINE}"' in sari.read(f"/reports/{FIRST}")


def test_it_quotes_nobody_and_names_nobody(busy: HubInMemory) -> None:
    said = " ".join(event.words for event in events_of(busy.views[FIRST]))
    for word in (WRITTEN, STORY, "sari", "budi"):
        assert word not in said
    assert {event.kind for event in events_of(busy.views[FIRST])} == set(KINDS)


@pytest.mark.parametrize("ending", ["", ".svg", ".png"])
def test_each_look_is_a_look_at_the_report(sari: Browser, busy: HubInMemory, ending: str) -> None:
    response = sari.get(LINE + ending)
    assert response.status_code == 200
    assert busy.called("show_report") == [("show_report", FIRST, "sari")]
    assert sari.client.head(LINE + ending).status_code == 405
    assert sari.get(LINE + ending, {"Sec-Purpose": "prefetch"}).status_code == 503
    assert len(busy.called("show_report")) == 1


def test_files_are_named_without_the_report(sari: Browser, busy: HubInMemory) -> None:
    for ending, kind in (("svg", b"<svg"), ("png", b"\x89PNG")):
        response = sari.get(f"{LINE}.{ending}")
        assert response.data.startswith(kind)
        assert response.headers["Content-Disposition"] == f'attachment; filename="garis-waktu.{ending}"'


def test_only_those_who_may_read_the_report_see_it(app: Flask, services: HubInMemory) -> None:
    for name, account in services.accounts.items():
        browser = Browser(app)
        browser.sign_in(name)
        assert browser.get(LINE).status_code == (
            200 if account.role in READING_ROLES else 404 if account.role == "agency" else 403
        )


def test_an_unknown_report_has_none(sari: Browser) -> None:
    assert sari.get(f"/reports/{UNKNOWN}/garis-waktu").status_code == 404

"""The pages about villages: words, figures and pictures, for those who may read reports."""

from __future__ import annotations

import dataclasses
import datetime
import re

import pytest
from flask import Flask

from content.catalogue import Catalogue
from content.wire_numbers import questions_check
from hub.services import HeldSession, OwnRadio, OwnRadioDay, VillageDay, VillageRow, VillageView
from hub.web.link_words import number, own_picture, percent, village_picture
from sync.wire.session_summary import QuizTotals, RoundTotals, SessionSummary
from tests.hub.web.conftest import Browser, HubInMemory

TODAY = datetime.date(2026, 5, 28)


def row(node: int = 1, **changes: object) -> VillageRow:
    fields: dict[str, object] = {
        "node": node,
        "village": "52.02.08.2001",
        "village_name": "Pringgarata",
        "grade": "good",
        "last_contact_at": 1_780_000_000.0 - 7_200,
        "last_via": "radio",
        "margin_db": 12.4,
        "snr_db": -5.1,
        "rssi_dbm": -104.0,
        "answered_share": 0.93,
    }
    return VillageRow(**{**fields, **changes})  # type: ignore[arg-type]


def day(ago: int, grade: str = "good", *, contact: bool = True) -> VillageDay:
    return VillageDay(
        day=TODAY - datetime.timedelta(days=ago),
        contact=contact,
        grade=grade,
        frames_heard=8,
        questions=5,
        answered_share=0.8,
        snr_db=-5.5,
        rssi_dbm=-104.0,
        hops=1.0,
        envelopes={"radio": 2, "gateway": 0, "http": 1, "courier": 0},
        receipts_sent=5,
        downs_sent=1,
        airtime_ms=2500.0,
    )


def thirty(*last: VillageDay) -> tuple[VillageDay, ...]:
    empty = tuple(day(ago, "unknown", contact=False) for ago in range(29, len(last) - 1, -1))
    return (*empty, *last)


VIEW = VillageView(
    row(), {"radio": 1_779_990_000.0}, thirty(day(3, "weak"), day(2, "medium"), day(1, "unknown"), day(0))
)


def own(share: float | None = 0.03) -> OwnRadio:
    days = tuple(
        OwnRadioDay(TODAY - datetime.timedelta(days=ago), share, 0.2, 90, 120, 7) for ago in range(29, -1, -1)
    )
    return OwnRadio(True, None, 0.1, days)


class TestList:
    def test_every_village_with_its_radio_signal_and_last_contact(
        self, sari: Browser, services: HubInMemory
    ) -> None:
        services.links.rows = [
            row(2, grade="none", village_name="", last_via="gateway", margin_db=None, answered_share=None),
            row(1),
            row(3, grade="unknown", last_contact_at=None, last_via=None),
        ]
        page = " ".join(sari.read("/desa").split())
        assert "Tidak terdengar" in page
        assert "terakhir lewat radio desa lain" in page
        assert "Desa 52.02.08.2001" in page
        assert "sinyal 12 dB di atas batas&nbsp;· 93 % pertanyaan terjawab" in page
        assert "2 jam lalu" in page
        assert "Belum pernah terdengar" in page
        assert re.findall(r'href="/desa/(\d)"', page) == ["2", "1", "3"]

    def test_without_villages_it_says_how_they_come(self, sari: Browser) -> None:
        page = sari.read("/desa")
        assert "Belum ada desa. Administrator mendaftarkannya." in page
        assert "tidak memakai radio sendiri" in page

    def test_the_hubs_own_sending_stands_against_its_limit(
        self, sari: Browser, services: HubInMemory
    ) -> None:
        services.links.own = own()
        page = " ".join(sari.read("/desa").split())
        assert "3,0 % dari waktu; batasnya 10 %" in page
        assert page.count("<rect") == 30
        assert 'height="24.0"' in page  # 3 of 10 in 80

    def test_a_strange_name_is_shown_exactly(self, sari: Browser, services: HubInMemory) -> None:
        services.links.rows = [row(village_name="<b>Desa</b>")]
        services.links.views[1] = VillageView(row(village_name="<b>Desa</b>"), {}, thirty())
        for path in ("/desa", "/desa/1"):
            assert "<b>Desa</b>" not in sari.read(path)


class TestVillage:
    def test_words_figures_and_a_picture_with_its_table(self, sari: Browser, services: HubInMemory) -> None:
        services.links.views[1] = VIEW
        page = " ".join(sari.read("/desa/1").split())
        assert re.search("<h1>Desa (<[^>]+>)?Pringgarata", page)
        assert "12 dB di atas batas (SNR −5,1 dB, RSSI −104 dBm)" in page
        assert "Terakhir lewat kurir</dt><dd>belum pernah" in page
        assert page.count("<rect") == 3
        assert page.count("<circle") == 1
        assert 'role="img"' in page
        assert (
            "1 hari bagus, 1 hari sedang, 1 hari lemah, 1 hari lewat jalan lain, 26 hari tanpa hubungan"
            in page
        )
        assert page.count('<th scope="row">') == 30
        assert "<td>2 radio, 1 internet</td>" in page

    def test_another_number_is_no_page(self, sari: Browser) -> None:
        assert sari.get("/desa/77").status_code == 404
        assert sari.get("/desa/x").status_code == 404

    def test_nothing_is_loaded_from_outside_and_no_style_stands_inline(
        self, sari: Browser, services: HubInMemory
    ) -> None:
        services.links.views[1] = VIEW
        services.links.own = own()
        for path in ("/desa", "/desa/1"):
            assert not re.search(r"<script|https?://|url\(|style=", sari.read(path))


@pytest.mark.parametrize(("name", "status"), [("sari", 200), ("budi", 200), ("ketut", 200), ("auni", 403)])
def test_who_may_read_reports_may_see_villages(app: Flask, name: str, status: int) -> None:
    browser = Browser(app)
    browser.sign_in(name)
    response = browser.get("/desa")
    assert response.status_code == status
    assert ('href="/desa"' in response.text) == (status == 200)


def test_the_list_of_reports_leads_to_the_villages(sari: Browser) -> None:
    assert '<a href="/desa">Desa</a>' in sari.read("/")


class TestPictures:
    def test_days_by_grade(self) -> None:
        picture = village_picture(VIEW.days)
        assert [(bar.look, round(bar.height, 2)) for bar in picture.bars[-5:]] == [
            ("none", 0.0),
            ("weak", 0.33),
            ("medium", 0.67),
            ("other", 0.0),
            ("good", 1.0),
        ]
        assert [bar.name for bar in picture.bars if bar.labelled] == [
            "30 Apr",
            "7 Mei",
            "14 Mei",
            "21 Mei",
            "28 Mei",
        ]

    @pytest.mark.parametrize(
        ("share", "look", "height"),
        [(None, "none", 0.0), (0.05, "good", 0.5), (0.08, "medium", 0.8), (0.2, "weak", 1.0)],
    )
    def test_sending_against_the_limit(self, share: float | None, look: str, height: float) -> None:
        picture = own_picture(own(share))
        assert (picture.bars[0].look, round(picture.bars[0].height, 2)) == (look, height)
        assert picture.levels == ((1.0, "10\u00a0%"), (0.5, "5\u00a0%"))


def test_figures_are_written_as_in_indonesian() -> None:
    assert (percent(0.123, 1), percent(None), number(-7.25), number(None)) == (
        "12,3\u00a0%",
        "–",
        "−7,2",
        "–",
    )


class TestPinReset:
    def test_a_supervisor_gets_a_code_to_read_out(self, app: Flask, services: HubInMemory) -> None:
        services.links.views[1] = VIEW
        browser = Browser(app)
        browser.sign_in("budi")
        page = browser.post("/desa/1/pin", page="/desa/1")
        assert page.status_code == 200
        assert "1234 5678" in page.text
        assert "lewat telepon" in page.text
        assert services.links.resets == [(1, "budi")]

    def test_an_analyst_has_no_such_button_and_no_such_page(
        self, sari: Browser, services: HubInMemory
    ) -> None:
        services.links.views[1] = VIEW
        assert "PIN" not in sari.read("/desa/1")
        assert sari.post("/desa/1/pin", page="/desa/1").status_code == 403
        assert services.links.resets == []


TOTALS = RoundTotals((40,) * 8, (10, 12, 14, 16, 18, 20, 22, 24)), RoundTotals((38,) * 8, (19,) * 8)
CHECK = questions_check(Catalogue().quiz("tawaran"))


def held(check: int = CHECK, **changes: object) -> HeldSession:
    summary = SessionSummary(
        key=1,
        revision=0,
        held_on=datetime.date(2026, 11, 25),
        part=2,
        lessons=frozenset({1, 9}),
        attendance=(3, 9, 6, 2, 1, 8, 7, 3, 0, 1, 0, 0),
        quiz=QuizTotals(1, check, *TOTALS),
    )
    return HeldSession(dataclasses.replace(summary, **changes), "radio", 1_780_000_000.0 - 3600)  # type: ignore[arg-type]


class TestSessions:
    def test_the_villages_pages_tell_how_many_came_and_what_was_learnt(
        self, sari: Browser, services: HubInMemory
    ) -> None:
        services.links.rows, services.links.views[1] = [row(1)], VIEW
        services.links.held = [held()]
        assert "1 sesi penyuluhan, 40 peserta" in sari.read("/desa")
        page = " ".join(sari.read("/desa/1").split())
        assert "Rabu, 25 November 2026, siang atau sore: Cara kerja perekrut, Menolong korban" in page
        assert "40 peserta; jawaban benar +8 dari 100" in page
        assert 'href="/desa/1/sesi"' in page

    def test_one_page_has_attendance_and_gain_by_question(self, sari: Browser, services: HubInMemory) -> None:
        services.links.views[1] = VIEW
        services.links.held = [held()]
        page = " ".join(sari.read("/desa/1/sesi").split())
        assert "<td>3</td><td>9</td><td>6</td><td>2</td><td>20</td>" in page
        assert Catalogue().quiz("tawaran").questions[0].text in page
        assert "<td>25 % (10 dari 40)</td><td>50 % (19 dari 38)</td><td>+25</td>" in page
        assert "lewat radio" in page

    def test_other_questions_and_unknown_material_are_named_as_such(
        self, sari: Browser, services: HubInMemory
    ) -> None:
        services.links.views[1] = VIEW
        services.links.held = [
            held(CHECK ^ 1),
            held(held_on=None, part=0, lessons=frozenset({0, 15}), quiz=None, attendance=(0,) * 12),
            held(quiz=QuizTotals(31, 0, TOTALS[0], None)),
        ]
        page = " ".join(sari.read("/desa/1/sesi").split())
        assert "Soal 1" in page
        assert Catalogue().quiz("tawaran").questions[0].text not in page
        assert "Tanggal tidak diketahui" in page
        assert "pelajaran lain, pelajaran lain" in page
        assert "Kuis lain" in page

    def test_without_any_the_page_says_so(self, sari: Browser, services: HubInMemory) -> None:
        services.links.views[1] = VIEW
        assert "Belum ada ringkasan sesi" in sari.read("/desa/1")
        assert "Belum ada ringkasan sesi" in sari.read("/desa/1/sesi")

"""The page of the duty roster, the wall that rings, and what a report's page says of its rings."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, open_browser
from duty_people import BUDI, KETUT, SARI, WEEK, account
from flask.testing import FlaskClient
from inbox_arrivals import arrive
from selenium.common.exceptions import StaleElementReferenceException
from village import STORY, Region, quick_folder

from hub.duty.models import DutyWay
from hub.duty.ways import MailServer, keep_mail
from hub.web import picture_pages
from tests.hub.web.test_accessibility import served

WAIT_S = 20.0


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        for who in (SARI, BUDI, KETUT):
            account(region, who.name, who.role)
        account(region, "wayan", "analyst", "52.02")
        yield region
        region.close()


class Desk:
    """Somebody who is signed in, without the second that a password takes."""

    def __init__(self, region: Region, name: str) -> None:
        self.client: FlaskClient = region.hub.create_app().test_client()
        with self.client.session_transaction() as session:
            session["id"] = region.hub.store.accounts.begin_session(name)

    def read(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return " ".join(response.text.split())

    def post(self, path: str, *, page: str = "/piket", **typed: Any) -> tuple[int, str]:
        token = self.client.get(page).text.split('name="form_token" value="')[1].split('"')[0]
        response = self.client.post(path, data={"form_token": token, **typed})
        return response.status_code, " ".join(response.text.split())


def test_a_supervisor_plans_the_week_and_special_days(region: Region) -> None:
    budi = Desk(region, "budi")
    assert "Tidak ada yang bertugas sekarang." in budi.read("/piket")
    typed: dict[str, Any] = {"account": "sari", "day": WEEK, "begins": "0.00", "ends": "0.00", "level": "1"}
    assert budi.post("/piket/jadwal", **typed, only_urgent="1")[0] == 303
    page = budi.read("/piket")
    assert "Tingkat 1: <bdi>sari</bdi>" in page
    assert "00.00–00.00 (24 jam), tingkat 1, siaga" in page
    day = (region.hub.store.duty.plan.local_now().date() + timedelta(1)).isoformat()
    assert budi.post("/piket/hari", date=day, account="", what="free")[0] == 303
    assert budi.post("/piket/hari", **{**typed, "account": "wayan"}, date=day, what="extra")[0] == 303
    page = budi.read("/piket")
    assert "seluruh kantor libur" in page
    kept = region.hub.store.duty.roster(who=BUDI)
    gone = [f"hari/{one.number}" for one in kept.changes] + [f"jadwal/{one.number}" for one in kept.shifts]
    for place in gone:
        assert budi.post(f"/piket/{place}/hapus")[0] == 303
    assert "Belum ada giliran" in budi.read("/piket")


def test_what_is_refused_stands_by_its_form_with_what_was_typed(region: Region) -> None:
    budi = Desk(region, "budi")
    for path, typed, words in (
        ("/piket/jadwal", {"account": "sari", "day": ["2"], "begins": "7", "ends": "16.00"}, "07.30"),
        ("/piket/jadwal", {"account": "sari", "day": ["2"], "begins": "7.00", "ends": "8.00"}, "tingkat"),
        ("/piket/jadwal", {"account": "sari", "begins": "7.00", "ends": "8.00", "level": "1"}, "satu hari"),
        ("/piket/hari", {"date": "2001-01-01", "account": "", "what": "free"}, "dua tahun"),
        ("/piket/kontak", {"account": "sari", "mail": "sari", "phone": ""}, "surel"),
    ):
        status, page = budi.post(path, **typed)
        assert status == 422
        assert words in page.split('role="alert">')[1].split("</p>")[0]
    assert 'value="sari"' in page


def test_an_analyst_reads_the_plan_without_forms_and_addresses(region: Region) -> None:
    duty = region.hub.store.duty
    duty.add_shifts("sari", 1, WEEK, (0, 0), False, by=KETUT)
    duty.set_contact("sari", "sari@kantor.example", "", by=KETUT)
    page = Desk(region, "sari").read("/piket")
    assert "<bdi>sari</bdi>" in page
    assert "kantor.example" not in page
    assert 'action="/piket' not in page
    assert "sari@kantor.example" in Desk(region, "ketut").read("/piket")


def test_a_way_that_fails_is_shown(region: Region) -> None:
    store = region.hub.store
    keep_mail(region.hub_folder, MailServer("127.0.0.1", 25, "none", "hub@kantor.example"), "")
    row = {"way": "mail", "used_at": 1.0, "failing_since": store.clock.wall_s(), "problem": "away"}
    store.writer.run(lambda: DutyWay.insert(row).execute(store.database))
    assert "Surel tidak berjalan sejak" in Desk(region, "sari").read("/piket")


def test_the_wall_rings_without_script_until_somebody_sees_it(region: Region) -> None:
    sari = Desk(region, "sari")
    assert 'class="ringing"' not in sari.read("/dinding")
    [name] = arrive(region, STORY, urgency="now")
    wall = sari.read("/dinding")
    assert 'class="ringing" data-rings="1" role="alert"' in wall
    assert '<noscript><meta http-equiv="refresh" content="30; url=/dinding?auto=1"></noscript>' in wall
    assert "Wayan" not in wall
    assert sari.post("/dinding/lihat", page="/dinding")[0] == 303
    assert 'class="ringing"' not in sari.read("/dinding")
    page = sari.read(f"/reports/{name}")
    assert "Panggilan piket" in page
    assert "<bdi>sari</bdi> menekan “Saya lihat”" in page
    assert "Tidak ada yang bertugas untuk desa ini." in page


def test_who_may_not_see_the_village_hears_and_silences_nothing(region: Region) -> None:
    account(region, "ani", "analyst", "53")
    arrive(region, "satu", urgency="now")
    ani = Desk(region, "ani")
    assert 'class="ringing"' not in ani.read("/dinding")
    assert ani.post("/dinding/lihat")[0] == 303
    assert 'class="ringing" data-rings="1"' in Desk(region, "wayan").read("/dinding")


def wait_until(holds: Callable[[], object], what: str) -> None:
    until = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.05)


@pytest.mark.slow
def test_the_wall_sounds_after_one_click_for_each_new_report(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_pages, "WALL_REFRESH_AFTER_S", 1)
    sari = Desk(region, "sari")
    with (
        open_browser(tmp_path / "screen", width=1280, height=800, javascript=True) as screen,
        served(sari.client.application) as site,
    ):
        screen.open(f"{site}/static/hub.css")
        cookie = sari.client.get_cookie("kentongan_hub")
        assert cookie is not None
        screen.driver.add_cookie({"name": cookie.key, "value": cookie.value})
        screen.open(f"{site}/dinding")

        def sounds() -> bool:
            script = (
                "const r = document.getElementById('ring'); return r.loop && !r.paused && r.readyState > 2"
            )
            return bool(screen.driver.execute_script(script))

        def bar(browser: Browser = screen) -> bool:
            return bool(browser.all("main .ringing"))

        arrive(region, "satu", urgency="now")
        wait_until(bar, "no bar after the page was fetched anew")
        assert not sounds(), "a browser lets nothing sound before a click"

        def pressed(selector: str) -> bool:
            # The page is drawn anew each second: a button may be gone before it is pressed.
            with contextlib.suppress(StaleElementReferenceException):
                screen.press(screen.one(selector))
                return True
            return False

        wait_until(lambda: pressed("#allow-sound"), "the sound could not be allowed")
        wait_until(sounds, "no sound after the click")
        wait_until(lambda: pressed(".ringing button"), "the ring could not be ended")
        wait_until(lambda: not bar() and not sounds(), "the ring did not end")
        arrive(region, "dua", urgency="now")
        wait_until(sounds, "the second ring does not sound by itself")
        screen.read_wire()
        assert any(address.endswith("/ring.wav") for address in screen.requested)
        assert [a for a in screen.requested if a.startswith("http") and not a.startswith(site)] == []

"""A report's whole way as two people see it: a villager with an old phone, an officer at a screen."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, installed, open_browser
from processes import command
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException

from sync.records import INDICATORS

START_TIMEOUT_S = 120.0
WAY_TIMEOUT_S = 25.0
"""How long a report or an answer may take over the air at twenty times the speed."""

NARRATIVE = "Ada orang datang ke dusun, mengajak gadis-gadis kerja.\nKatanya <b>tanpa</b> paspor, besok."
TYPED = {
    "narrative": NARRATIVE,
    "observed_on": "2026-11-20",
    "place_text": "dekat pasar Pringgarata",
    "place": "52.02.08.2001",
    "recruiter.name": "Haji Contoh",
    "recruiter.alias": "Pak Bos",
    "recruiter.phone": "0812-0000-0001",
    "recruiter.company": "PT Contoh Jaya",
    "recruiter.social": "Facebook lowongan contoh",
    "recruiter.vehicle_plate": "DR 1234 ZZ",
    "offer.wage_idr": "5 juta",
    "offer.fee_idr": "500 ribu",
    "offer.departure_on": "2026-11-25",
    "offer.route": "Lombok, Batam, lalu kapal",
    "people.women": "3",
    "people.men": "1",
    "people.children": "2",
    "reporter.contact": "0812-0000-0002",
    "reporter.contact_safely": "SMS saja sesudah jam 8 malam",
}
PICKED = {
    "offer.destination": "MY",
    "language": "sas",
}
SHOWN_AT_THE_HUB = (
    *("Perekrut atau calo", "Mendesak", "Menyebut perangkat desa", NARRATIVE),
    *("Jumat, 20 November 2026", "dekat pasar Pringgarata", "52.02.08.2001"),
    *("Haji Contoh", "Pak Bos", "0812-0000-0001", "PT Contoh Jaya", "Facebook lowongan contoh", "DR 1234 ZZ"),
    *("Menunjukkan izin (SIP3MI)\ntidak", "Malaysia (MY)", "pekerja rumah tangga"),
    *("Rp5.000.000", "Rp500.000", "Rabu, 25 November 2026", "Lombok, Batam, lalu kapal"),
    *("Perempuan\n3 orang", "Laki-laki\n1 orang", "Anak\n2 orang"),
    *("tetangga", "0812-0000-0002", "SMS saja sesudah jam 8 malam"),
    *("Boleh diteruskan ke lembaga bantuan\nya", "bahasa Sasak (sas)", "situs desa", "radio LoRa"),
)
ANSWER = "Terima kasih. Petugas datang hari Kamis.\nJangan menyerahkan KTP asli <kepada siapa pun>."


@dataclass(frozen=True)
class RunningDemo:
    """Where the demonstration listens, and how to sign in at its hub."""

    village: str
    facilitator: str
    facilitator_code: str
    hub: str
    user: str
    second_user: str
    password: str


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningDemo]:
    installed("chromium")
    installed("chromedriver")
    options = ("--node-listen", "--facilitator-listen", "--hub-listen")
    ports = [word for option in options for word in (option, "127.0.0.1:0")]
    said = tmp_path / "demo.log"
    with said.open("w") as errors:
        process = subprocess.Popen(
            command("demo", "--speed", "20", *ports),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    try:
        yield RunningDemo(**json.loads(_first_line(process, said)))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        finally:
            is_all_gone = _kill_group(process.pid)
            process.communicate()
    assert process.returncode == 0, said.read_text()
    assert is_all_gone, "the demonstration left processes behind"


def _first_line(process: subprocess.Popen[str], said: Path) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiter:
        waiter.register(process.stdout, selectors.EVENT_READ)
        assert waiter.select(START_TIMEOUT_S), f"no first line: {said.read_text()}"
    return process.stdout.readline()


def _kill_group(group: int) -> bool:
    """Kill what is left of the session that was started; return whether nothing was."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False


def _wait_until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAY_TIMEOUT_S
    while not done():
        assert time.monotonic() < deadline, f"still waiting: {what}"
        time.sleep(0.5)


@pytest.mark.slow
def test_a_report_is_filed_received_answered_and_looked_up_in_two_browsers(
    demo: RunningDemo, tmp_path: Path
) -> None:
    with (
        open_browser(tmp_path / "phone", width=320, height=480, javascript=False, phone=True) as phone,
        open_browser(tmp_path / "screen", width=1280, height=900, javascript=False) as screen,
    ):
        code = _file_a_report(phone, demo)
        _look_up_wrong_codes(phone, demo)
        _watch_it_arrive(phone, demo, code)
        _read_and_answer(screen, demo)
        _read_the_answer(phone, demo, code)

        for browser in (phone, screen):
            browser.read_wire()
        assert phone.driver.get_cookies() == []
        assert "content-security-policy" in phone.header_names, "the wire was not read"
        assert "set-cookie" not in phone.header_names
        assert _foreign(phone.requested, demo.village) == []
        assert _foreign(screen.requested, demo.hub) == []
        places = [*phone.requested, *phone.visited(), phone.driver.title]
        assert len(places) > 10
        assert [place for place in places if code in re.sub("[^0-9]", "", place)] == []
    kept = (tmp_path / "phone" / "Default" / "History").read_bytes()
    assert b"/nomor" in kept, "this is not where the browser keeps its history"
    assert code.encode() not in kept
    assert " ".join(re.findall("....", code)).encode() not in kept


def _foreign(requested: list[str], home: str) -> list[str]:
    # "chrome:" is the page with which the browser itself begins; it comes from the program file.
    # chrome:, chrome-untrusted: and the like are the browser's own pages and never leave it.
    return [url for url in requested if not url.startswith((f"{home}/", "data:", "chrome"))]


def _file_a_report(phone: Browser, demo: RunningDemo) -> str:
    phone.open(demo.village)
    assert _is_sound(phone)
    phone.follow("Lapor")
    assert _is_sound(phone)

    # Refused: the story is missing. What was told before stays.
    _choose(phone, "kind", "recruiter")
    _choose(phone, "urgency", "now")
    assert "Telepon dulu" in phone.text("h1")
    assert "110" in phone.text(".phones")
    phone.follow("Lanjut")
    phone.follow("Lanjut")
    assert _is_sound(phone)
    assert "cerita" in phone.text("#narrative-error")
    phone.follow("Kembali")
    phone.follow("Kembali")
    assert "pilihan Anda" in phone.text(".picked")
    phone.follow("Lanjut")
    phone.follow("Lanjut")
    _tell(phone, "narrative")
    _choose(phone, "official_involved", "yes")

    _part(phone, "Di mana dan kapan")
    phone.type("area_words", "pringgarata")
    phone.follow("Cari")
    assert _is_sound(phone)
    assert "Kabupaten Lombok Tengah" in phone.text()
    _choose(phone, "place", TYPED["place"])
    for names in (["place_text"], ["observed_on"]):
        _tell(phone, *names)
    _part(phone, "Tanda-tanda")
    for _ in range(3):
        for box in phone.all("input[type=checkbox]"):
            phone.press(box)
        phone.follow("Lanjut")
        assert _is_sound(phone)
    _part(phone, "Orang yang mengajak")
    for names in (["recruiter.name", "recruiter.alias"], ["recruiter.phone"], ["recruiter.company"]):
        _tell(phone, *names)
    _choose(phone, "recruiter.licence_shown", "no")
    for names in (["recruiter.social"], ["recruiter.vehicle_plate"]):
        _tell(phone, *names)
    _part(phone, "Kerja yang dijanjikan")
    _choose(phone, "offer.job", "domestic")
    for names in (["offer.destination"], ["offer.departure_on"], ["offer.route"]):
        _tell(phone, *names)
    phone.type("offer.wage_idr", "<banyak>")
    phone.follow("Lanjut")
    assert _is_sound(phone)
    assert "jumlah rupiah" in phone.text("#offer-wage_idr-error")
    assert phone.value("offer.wage_idr") == "<banyak>"
    _tell(phone, "offer.wage_idr", "offer.fee_idr")
    _part(phone, "Siapa yang diajak")
    _tell(phone, "people.women", "people.men", "people.children")
    _part(phone, "Cara menghubungi")
    _choose(phone, "reporter.relation", "neighbour")
    for names in (["reporter.contact"], ["reporter.contact_safely"]):
        _tell(phone, *names)
    _choose(phone, "reporter.refer", "yes")
    _tell(phone, "language")
    assert len(phone.all(".answered")) == 6
    phone.follow("Kirim laporan")
    assert _is_sound(phone)
    assert "sudah tersimpan" in phone.text("h1")
    shown = phone.text(".code")
    code = re.sub("[^0-9]", "", shown)
    assert len(code) == 16

    # A reload sends the same form again: the same receipt, and one report only (see the hub's list).
    phone.driver.refresh()
    assert phone.text(".code") == shown
    assert "belum terkirim" in phone.text()
    return code


def _part(phone: Browser, title: str) -> None:
    phone.follow(title)
    assert _is_sound(phone)


def _choose(phone: Browser, name: str, value: str) -> None:
    """Answer with one tap on a large button."""
    phone.go(phone.one(f"button[name='{name}'][value='{value}']"))
    assert _is_sound(phone)


def _tell(phone: Browser, *names: str) -> None:
    """Fill what this page asks, and go on."""
    for name in names:
        if name in PICKED:
            phone.pick(name, PICKED[name])
        elif phone.one(f"[name='{name}']").get_attribute("type") == "date":
            _type_date(phone, name, TYPED[name])
        else:
            phone.type(name, TYPED[name])
    phone.follow("Lanjut")
    assert _is_sound(phone)


def _type_date(phone: Browser, name: str, text: str) -> None:
    # What a date picker does; its keys differ from language to language.
    field = phone.one(f"[name='{name}']")
    phone.driver.execute_script("arguments[0].value = arguments[1]", field, text)
    assert phone.value(name) == text


def _look_up_wrong_codes(phone: Browser, demo: RunningDemo) -> None:
    for typed, said in (("1234", "Nomor tidak lengkap"), ("1234567890123456", "Nomor tidak ditemukan")):
        phone.open(demo.village)
        phone.follow("Cek laporan saya")
        assert _is_sound(phone)
        phone.type("code", typed)
        phone.follow("Lihat status")
        assert _is_sound(phone)
        assert said in phone.text("[role=alert]")
        assert phone.value("code").replace(" ", "") == typed


def _look_up(phone: Browser, demo: RunningDemo, code: str) -> None:
    phone.open(f"{demo.village}/nomor")
    phone.type("code", code)
    phone.follow("Lihat status")
    assert _is_sound(phone)


def _watch_it_arrive(phone: Browser, demo: RunningDemo, code: str) -> None:
    _look_up(phone, demo, code)
    assert _reached(phone)[0]
    seen = []

    def has_arrived() -> bool:
        phone.driver.refresh()
        seen.append(sum(_reached(phone)))
        return _reached(phone)[2]

    _wait_until(has_arrived, "the report at the hub")
    assert seen == sorted(seen), "the ladder went down"
    assert _reached(phone) == [True, True, True, False, False]
    assert "Belum ada" in phone.text()


def _reached(phone: Browser) -> list[bool]:
    """Return which steps of the ladder a person sees as done."""
    return ["Sudah" in step.text for step in phone.all(".ladder li")]


def _read_and_answer(screen: Browser, demo: RunningDemo) -> None:
    screen.open(demo.hub)
    assert _is_sound(screen)
    screen.type("name", demo.user)
    screen.type("password", "salah")
    screen.follow("Masuk")
    assert "Nama atau kata sandi salah" in screen.text()
    screen.type("password", demo.password)
    screen.follow("Masuk")
    assert _is_sound(screen)
    rows = screen.all(".reports .row")
    assert len(rows) == 1
    assert "Perekrut atau calo" in rows[0].text
    assert "Belum dibaca" in rows[0].text
    screen.go(screen.one(".reports h2 a"))
    assert _is_sound(screen)
    page = screen.text()
    assert [field for field in SHOWN_AT_THE_HUB if field not in page] == []
    assert len(screen.all("article section li")) == len(INDICATORS)

    screen.type("text", "x" * 1001)
    screen.go(screen.one("form[action*=answer] button"))
    assert _is_sound(screen)
    assert screen.one("#text-problem").is_displayed()
    assert len(screen.value("text")) == 1001
    screen.type("text", ANSWER)
    screen.go(screen.one("form[action*=answer] button"))
    assert _is_sound(screen)
    assert "Jawaban sudah disimpan" in screen.text("[role=status]")
    assert ANSWER in screen.text()
    screen.follow("Tandai sudah ditindaklanjuti")
    assert _is_sound(screen)
    assert "sudah ditindaklanjuti" in screen.text("[role=status]")
    assert screen.all("form[action*=acted-on]") == []


def _read_the_answer(phone: Browser, demo: RunningDemo, code: str) -> None:
    _look_up(phone, demo, " ".join(re.findall("....", code)))

    def has_come() -> bool:
        phone.driver.refresh()
        try:
            return all(_reached(phone)) and phone.text(".answer p") == ANSWER
        except (NoSuchElementException, StaleElementReferenceException):
            return False

    _wait_until(has_come, "the answer in the village")
    assert _is_sound(phone)
    assert len(phone.all(".answer")) == 1


def _is_sound(browser: Browser) -> bool:
    """Whether the page has what everybody needs; says what is missing."""
    assert faults_of_page(browser) == []
    return True

"""A whole awareness session: a facilitator with a phone and no script, forty phones, a radio, an officer."""

from __future__ import annotations

import json
import re
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, open_browser
from processes import Scene, run, scene

from content.catalogue import Catalogue

PIN = "271828"
PHONES = 40
LEARNT = 32
"""Phones that answer all rightly after the lessons; the others answer all wrongly."""
PASSWORD = "kentongan bertalu dua kali"
QUESTIONS = Catalogue().quiz("tawaran").questions
WAY_TIMEOUT_S = 40.0
NODE = ("--facilitator-listen", "127.0.0.1:0", "--quick-text")


def fetch(url: str, typed: dict[str, str] | None = None) -> str:
    data = None if typed is None else urllib.parse.urlencode(typed).encode()
    with urllib.request.urlopen(url, data, timeout=30) as answer:
        text: str = answer.read().decode("utf-8")
    return text


def answer_on_a_phone(site: str, number: int) -> bool:
    """Open the short way, answer all questions, and send the same form twice."""
    page = fetch(f"{site}/kuis")
    form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for question in QUESTIONS:
        wrong = "abc"["abc".index(question.answer) - 1]
        form[f"q.{question.key}"] = question.answer if number < LEARNT else wrong
    [action] = re.findall(r'action="(/kuis/\d+)"', page)
    return all("sudah dihitung" in fetch(site + action, form) for _ in range(2))


def give_pin(phone: Browser, site: str) -> None:
    phone.open(site)
    phone.type("pin", PIN)
    phone.follow("Masuk")


def look(phone: Browser) -> None:
    assert faults_of_page(phone) == []


def plan_and_count(phone: Browser) -> None:
    phone.follow("Sesi penyuluhan")
    phone.follow("Rencanakan sesi baru")
    phone.pick("quiz", "tawaran")
    phone.pick("part", "afternoon")
    look(phone)
    phone.follow("Simpan rencana")
    assert "Cara kerja perekrut" in phone.text()
    phone.follow("Isi daftar")
    for cell in (0, 1, 1, 2, 5, 5, 6, 7):
        phone.go(phone.one(f"button[value='{cell}:5']"))
    assert "Hadir: 40 orang" in phone.text("h1")
    look(phone)
    phone.follow("Selesai")


def count_hands_before(phone: Browser) -> None:
    phone.follow("Buka kuis")
    phone.follow("Hitung tangan")
    look(phone)
    for question in QUESTIONS:
        phone.type(question.answer, "10")
        phone.type("abc"["abc".index(question.answer) - 1], "30")
        phone.go(phone.one("main button"))
    assert "Dijawab 40 orang." in phone.text()


def teach(phone: Browser, site: str) -> None:
    """Turn the slides of the lesson from the agenda to its end, which is the agenda."""
    phone.open(f"{site}/sesi/1")
    phone.follow("Tayangkan")
    look(phone)
    for _ in range(3):
        phone.go(phone.one("a[rel=next]"))
    last = phone.text(".turn span").partition("/")[2]
    phone.open(f"{site}/materi/perekrut/{last}?sesi=1")
    phone.follow("Selesai")
    assert phone.driver.current_url == f"{site}/sesi/1"


@pytest.mark.slow
def test_a_session_from_the_first_pin_to_the_hubs_page(tmp_path: Path) -> None:
    with (
        scene(tmp_path) as play,
        open_browser(tmp_path / "phone", width=320, height=480, javascript=False, phone=True) as phone,
    ):
        air = play.start_air()
        hub = play.start_hub("--radio", air[0]).ready["url"]
        node = play.start_node("--radio", air[1], *NODE)
        site = node.ready["facilitator_url"]
        code = json.loads(run("node", "facilitator-code", str(play.node_folder)).stdout)["facilitator_code"]

        phone.open(site)
        assert "Pasang PIN" in phone.text("h1")
        for name, typed in (("code", code), ("new", PIN), ("again", PIN)):
            phone.type(name, typed)
        phone.follow("Pasang PIN")
        plan_and_count(phone)
        count_hands_before(phone)
        teach(phone, site)

        node.kill()  # the power is cut in the middle of the session
        node = play.start_node("--radio", air[1], *NODE)
        site = node.ready["facilitator_url"]
        give_pin(phone, site)
        phone.open(f"{site}/sesi/1/kuis")
        assert "Dijawab 40 orang." in phone.text()
        phone.go(phone.one("form[action$='/akhir/hp'] button"))
        with ThreadPoolExecutor(PHONES) as phones:
            assert all(phones.map(lambda n: answer_on_a_phone(node.ready["url"], n), range(PHONES)))
        phone.open(f"{site}/sesi/1/layar")
        assert f"Kuis akhir: {PHONES} HP sudah menjawab" in phone.text("h1")
        bars = [bar.get_attribute("aria-label") for bar in phone.all(".bars svg")]
        assert bars == [f"Soal {n}: awal 25 persen benar, akhir 80 persen benar" for n in range(1, 9)]

        phone.open(f"{site}/sesi/1")
        assert "80 % (+55)" in phone.text()
        phone.follow("Tutup sesi dan kirim ringkasan")
        assert "Ringkasan sudah dikunci" in phone.text()
        check_the_hubs_page(play, phone, hub)


def check_the_hubs_page(play: Scene, screen: Browser, hub: str) -> None:
    password = play.folder / "password"
    password.write_text(PASSWORD + "\n")
    account = ("--role", "analyst", "--password-file", str(password))
    run("hub", "user", "add", str(play.hub_folder), "sari", *account)
    screen.open(f"{hub}/sign-in")
    screen.type("name", "sari")
    screen.type("password", PASSWORD)
    screen.go(screen.one("main button"))
    deadline = time.monotonic() + WAY_TIMEOUT_S
    while "40 peserta" not in screen.text():
        assert time.monotonic() < deadline, "the summary did not arrive"
        time.sleep(0.3)
        screen.open(f"{hub}/desa/1/sesi")
    page = screen.text()
    assert "Cara kerja perekrut" in page
    assert "25 % (10 dari 40)" in page
    assert "80 % (32 dari 40)" in page
    assert "lewat radio" in page

"""A villager's and a facilitator's day at the real programs, with a picture of each page that guides show."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from browser import Browser
from guide_album import Album
from processes import PATIENCE_S, VILLAGE, Scene, run, run_here, sample_lines, scene

from content.catalogue import Catalogue
from hub.config import HubConfig
from hub.services import SignedIn
from hub.store_wiring import HubStore

PIN = "271828"
STORY = {
    "id": "Seorang laki-laki mengajak dua gadis kerja di kapal. Katanya tanpa paspor. Berangkat Kamis.",
    "en": "A man asks two girls to work on a ship. Without passports, he says. They leave on Thursday.",
}
SPEED = 10.0
"""Of the programs' clocks: radio does not take long, and a PIN of 45 minutes holds for four and a half."""
WARNING = "Waspada tawaran kerja di kapal tanpa paspor. Jangan serahkan KTP asli. Tanya dulu ke desa."
CHANCE = "Pelatihan las gratis di BLK, dua minggu. Daftar di kantor desa sampai akhir bulan."
ANSWER = "Terima kasih. Petugas datang hari Kamis. Jangan menyerahkan KTP asli."


@dataclass
class Village:
    """A box, its hub and the air between them, as separate programs; the people at their screens."""

    play: Scene
    phone: Browser
    screen: Browser
    site: str
    facilitators: str
    hub: str
    first_pin: str


@contextlib.contextmanager
def village(folder: Path, phone: Browser, screen: Browser) -> Iterator[Village]:
    """Start a hub and a box that speak by radio."""
    with scene(folder, speed=SPEED, hub_init=("--second-factor", "nobody")) as play:
        air = play.start_air()
        hub = play.start_hub("--radio", air[0]).ready["url"]
        serve = ("--radio", air[1], "--facilitator-listen", "127.0.0.1:0", "--quick-text")
        node = play.start_node(*serve, "--site-address", "http://10.42.0.1").ready
        code = json.loads(run("node", "facilitator-code", str(play.node_folder)).stdout)
        yield Village(
            play, phone, screen, node["url"], node["facilitator_url"], hub, code["facilitator_code"]
        )


def press(browser: Browser, selector: str) -> None:
    """Press what a selector finds, in whatever language it is written, and wait for the next page."""
    browser.go(browser.one(selector))


def digits_of(phone: Browser) -> str:
    return re.sub("[^0-9]", "", phone.text(".code"))


def villager(at: Village, album: Album, language: str) -> None:
    """A report from the first page to the answer, and what stands around it."""
    phone, site = at.phone, at.site + ("" if language == "id" else f"/{language}")
    phone.open(f"{site}/")
    album.take("home", phone, "body", "main .tile")
    phone.open(f"{site}/telepon")
    album.take("emergency", phone)
    phone.open(f"{site}/sehat")
    album.take("away", phone, "h1", "h2")
    code = report(at, album, site, language)
    look_up(at, album, site, code)


def report(at: Village, album: Album, site: str, language: str) -> str:
    """File a report; return its code, or that of the harmless page, parted by a blank."""
    phone = at.phone
    phone.open(f"{site}/isi")
    album.take("report-what", phone, "main", "main fieldset")
    press(phone, "button[name=kind][value=recruiter]")
    album.take("report-when", phone, "main", "main fieldset")
    press(phone, "button[name=urgency][value=now]")
    album.take("report-numbers", phone, "main", "main form > button")
    press(phone, "main form > button")
    phone.type("narrative", STORY[language])
    album.take("report-story", phone, "main", "main form > button")
    press(phone, "main form > button")
    album.take("report-official", phone, "main", "main fieldset")
    press(phone, "button[name=official_involved][value=no]")
    album.take("report-list", phone, "main h1", "main form > div")
    press(phone, "button[name=go][value=files]")
    album.take("report-files", phone, "main h1", "main form button.tile")
    press(phone, "button[name=go][value=send]")
    album.take("receipt", phone, "main h1", "ol.four")
    album.take("receipt-safe", phone, "main > h2:last-of-type", "main > ul:last-of-type")
    code = digits_of(phone)
    duress = re.findall(r"\b[0-9]{4}\b", phone.text("main > ul:last-of-type"))[0]
    return f"{code} {code[:12]}{duress}"


def look_up(at: Village, album: Album, site: str, codes: str) -> None:
    """Look the report up as its ladder climbs, by digits and by pictures, and under duress."""
    phone = at.phone
    code, duress = codes.split()
    at.play.wait_for_step(code, "received")
    [mine] = [line for line in at.play.hub_lines() if line["report"]["kind"] == "recruiter"][-1:]
    run_here("hub", "answer", str(at.play.hub_folder), mine["id"], ANSWER)
    at.play.wait_for_answer(code)
    phone.open(f"{site}/nomor")
    album.take("look-up", phone, "main h1", "form[action$='/gambar'] button")
    phone.type("code", code)
    press(phone, "main form button")
    album.take("ladder", phone, "main h1", ".answer")
    phone.open(f"{site}/nomor")
    phone.type("code", duress)
    press(phone, "main form button")
    album.take("duress", phone, "main h1", "main ol")
    phone.open(f"{site}/nomor")
    press(phone, "form[action$='/gambar'] button")
    album.take("look-up-pictures", phone, "main h1", "form.grid")


def facilitator(at: Village, album: Album, _language: str) -> None:
    """The facilitator's site, which is Indonesian: PIN, session, quiz, help with a report, news, data."""
    phone, site = at.phone, at.facilitators
    phone.open(site)
    album.take("pin-set", phone, "main")
    for name, typed in (("code", at.first_pin), ("new", PIN), ("again", PIN)):
        phone.type(name, typed)
    phone.follow("Pasang PIN")
    album.take("facilitator-home", phone, most_px=900)
    news(at, album)
    session(at, album)
    walk_in(at, album)
    phone.open(f"{site}/cetak")
    phone.type("wifi_name", "Desa Contoh")
    phone.type("address", "http://10.42.0.1/")
    album.take("prints-settings", phone, "main", "main details")
    phone.follow("Simpan")
    album.take("prints", phone, "main h2", "main h2:nth-of-type(3)")
    phone.open(f"{site}/keadaan")
    album.take("health", phone, "main")
    phone.open(f"{site}/data")
    album.take("carry", phone, "main h1", "main form[action='/data/masuk']")
    phone.open(f"{site}/surat")
    album.take("letters", phone, "main")
    press(phone, "form[action='/kunci'] button")
    album.take("pin-ask", phone, "main")


def news(at: Village, album: Album) -> None:
    """The hub warns and tells of a chance; the facilitator reads it and says so."""
    phone, hub = at.phone, str(at.play.hub_folder)
    if not is_known(at.play.hub_folder):
        at.play.file(sample_lines(1))
        wait_until(lambda: is_known(at.play.hub_folder), "the hub never heard the village")
    warning = ("--public", "--level", "warning", "--topic", "ship", "--villages", VILLAGE)
    made = json.loads(run_here("hub", "bulletin", hub, *warning, WARNING))
    approve(at.play.hub_folder, made["bulletin"])
    run_here("hub", "bulletin", hub, "--opportunity", "training", CHANCE)

    def heard() -> bool:
        phone.open(f"{at.facilitators}/pengumuman")
        return all(text[:20] in phone.text() for text in (WARNING, CHANCE))

    wait_until(heard, "the news never came")
    album.take("notices", phone, "main h1", "main article")
    phone.follow("Sudah kami baca")
    phone.open(f"{at.site}/pengumuman")
    album.take("notices-public", phone, "main h1", "main article")


def is_known(hub_folder: Path) -> bool:
    """Return whether the hub has heard the village's box."""
    with contextlib.closing(sqlite3.connect(hub_folder / "hub.sqlite3")) as database:
        return database.execute("SELECT 1 FROM node WHERE static_public IS NOT NULL").fetchone() is not None


def approve(hub_folder: Path, bulletin: int) -> None:
    """Let a second person send a bulletin."""
    store, ratna = HubStore(HubConfig(hub_folder)), SignedIn("ratna", "supervisor")
    try:
        store.bulletins.approve(
            bulletin, store.bulletins.view(bulletin, who=ratna, first=0, limit=1).seen, who=ratna
        )
    finally:
        store.close()


def wait_until(happened: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.3)


def session(at: Village, album: Album) -> None:
    """Plan a session, count people, show slides, hold the quiz twice, look at the result."""
    phone, screen, site = at.phone, at.screen, at.facilitators
    phone.open(f"{site}/sesi/baru")
    album.take("session-plan", phone, "main")
    phone.pick("quiz", "tawaran")
    phone.follow("Simpan rencana")
    album.take("session-agenda", phone, "main h1", "ol.agenda > li:nth-of-type(4)")
    album.take("session-close", phone, "main h2:last-of-type", "main form:last-of-type")
    phone.follow("Isi daftar")
    for cell in (0, 1, 5, 6):
        press(phone, f"button[value='{cell}:5']")
    album.take("attendance", phone, "main h1", "section.tally")
    phone.open(f"{site}/materi/perekrut/2/petunjuk")
    album.take("hints", phone, "main")
    on_screen(at, "/materi/perekrut/2?sesi=1")
    album.take("slide", screen)
    phone.open(f"{site}/sesi/1/kuis")
    phone.follow("Buka di HP peserta")
    album.take("quiz-open", phone, "main h1", "main h2:nth-of-type(2)")
    phone.open(f"{at.site}/kuis")
    album.take("quiz-phone", phone, "main")
    phone.open(f"{site}/sesi/1/kuis")
    phone.follow("Tutup kuis di HP")
    for round_path, right in (("awal", 6), ("akhir", 15)):
        by_hand(at, album, round_path, right)
    on_screen(at, "/sesi/1/layar")
    album.take("big-screen-result", screen, most_px=760)


def on_screen(at: Village, path: str) -> None:
    """Show a page of the facilitator's site on the big screen, with the PIN where it asks for one."""
    at.screen.open(at.facilitators + path)
    if at.screen.all("[name=pin]"):
        at.screen.type("pin", PIN)
        at.screen.follow("Masuk")
        at.screen.open(at.facilitators + path)


def by_hand(at: Village, album: Album, round_path: str, right: int) -> None:
    """Count hands for a whole round: so many of twenty are right."""
    phone, answers = at.phone, Catalogue().quiz("tawaran").questions
    phone.open(f"{at.facilitators}/sesi/1/kuis/{round_path}/1")
    for number, question in enumerate(answers, 1):
        for letter in "abc":
            wrong = (20 - right) // 2
            phone.type(letter, str(right if letter == question.answer else wrong))
        if (round_path, number) == ("awal", 1):
            album.take("quiz-hands", phone, "main")
        press(phone, "main form button")


def walk_in(at: Village, album: Album) -> None:
    """Help somebody with a report, and hand the slip over."""
    phone, site = at.phone, at.facilitators
    phone.open(f"{site}/bantu-lapor")
    album.take("help-report", phone, "main")
    phone.open(f"{site}/formulir-kertas")
    album.take("paper-form", phone, "main h1", "ol.paper > li:nth-of-type(5)")
    phone.open(f"{site}/lapor-warga")
    album.take("help-report-form", phone, "main", "main fieldset")
    press(phone, "button[name=kind][value=missing]")
    press(phone, "main fieldset > div:last-of-type button")
    phone.type("narrative", "Anak tetangga kerja di luar negeri. Tiga bulan tidak ada kabar.")
    press(phone, "main form > button")
    press(phone, "button[name=official_involved][value=no]")
    press(phone, "button[name=go][value=send]")
    album.take("help-report-slip", phone, ".slip")

"""What comes after a report and what comes with it, in a browser with scripts off.

By radio: an addition and a withdrawal. By courier: a photo and recordings, bytes at the hub without what the
phone had written into them, and an officer who sees and hears them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Browser, faults_of_page, open_browser
from click.testing import CliRunner
from processes import PATIENCE_S, Scene, scene
from small_media import SECRET, jpeg

from hub.config import HubConfig
from hub.store_wiring import HubStore
from kentongan import main

pytestmark = pytest.mark.slow
PASSWORD = "kata-sandi-untuk-uji-1"
SOUNDS = Path(__file__).parents[1] / "data" / "sounds"


def command(*arguments: str) -> None:
    """Run a command in this process, which has loaded it already."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output


def wait_until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, f"still waiting: {what}"
        time.sleep(0.3)


def file_report(phone: Browser, village: str) -> None:
    """Tell the least, up to the list from which it is sent."""
    phone.open(f"{village}/isi")
    for name, value in (("kind", "recruiter"), ("urgency", "info")):
        phone.go(phone.one(f"button[name='{name}'][value='{value}']"))
    phone.type("narrative", "Ada yang mengajak ke luar negeri.")
    phone.follow("Lanjut")
    phone.go(phone.one("button[name='official_involved'][value='no']"))


def code_on(phone: Browser) -> str:
    code = re.sub("[^0-9]", "", phone.text(".code"))
    assert len(code) == 16
    return code


def open_status(phone: Browser, village: str, code: str) -> None:
    phone.open(f"{village}/nomor")
    phone.type("code", code)
    phone.follow("Lihat status")
    assert faults_of_page(phone) == []


def sign_in(phone: Browser, hub: str) -> None:
    phone.open(hub)
    phone.type("name", "sari")
    phone.type("password", PASSWORD)
    phone.follow("Masuk")
    phone.go(phone.one(".reports h2 a"))


def add_officer(village: Scene) -> None:
    file = village.folder / "password"
    file.write_text(PASSWORD)
    folder = str(village.hub_folder)
    command("hub", "user", "add", folder, "sari", "--role", "analyst", "--password-file", str(file))


def test_an_addition_and_a_withdrawal_by_radio(tmp_path: Path) -> None:
    with scene(tmp_path) as place:
        add_officer(place)
        near, far = place.start_air()
        hub = place.start_hub("--radio", far)
        village = place.start_node("--radio", near, "--quick-text").ready["url"]
        with open_browser(tmp_path / "phone", width=320, height=480, javascript=False, phone=True) as phone:
            file_report(phone, village)
            phone.follow("Kirim laporan")
            code = code_on(phone)
            open_status(phone, village, code)
            phone.follow("Tambah keterangan")
            assert faults_of_page(phone) == []
            phone.type("text", "Mobilnya hitam, pelat DR 0000 XX.")
            phone.pick("urgent", "yes")
            phone.follow("Kirim")
            assert "Tambahan Anda sudah tersimpan" in phone.text("h1")
            assert faults_of_page(phone) == []
            phone.follow("Lihat status")
            assert "Tambahan ke-1" in phone.text()
            phone.follow("Tarik laporan ini")
            assert faults_of_page(phone) == []
            phone.pick("reason", "2")
            phone.follow("Ya, tarik laporan")
            assert faults_of_page(phone) == []
            phone.follow("Lihat status")

            def both_arrived() -> bool:
                phone.driver.refresh()
                lines = [item.text for item in phone.all("main ul li")]
                return len(lines) == 2 and all("Sampai di kantor petugas" in line for line in lines)

            wait_until(both_arrived, "addition and withdrawal at the hub")
            assert "Laporan ini Anda tarik" in phone.text()

            places = [*phone.visited(), phone.driver.title]
            assert [one for one in places if code in re.sub("[^0-9]", "", one)] == []
            sign_in(phone, hub.ready["url"])
            seen = phone.text()
            for words in (
                "Pelapor menarik laporan ini",
                "3 × 24 jam",
                "takut atau diancam",
                "Mobilnya hitam, pelat DR 0000 XX.",
                "radio LoRa",
            ):
                assert words in seen
            assert faults_of_page(phone) == []
        [line] = place.hub_lines()
        assert [one["text"] for one in line["additions"]] == ["Mobilnya hitam, pelat DR 0000 XX."]
        assert line["additions"][0]["via"] == "radio"
        assert line["withdrawn_at"] > line["received_at"] - 3600


def test_a_photo_and_a_recording_by_courier(tmp_path: Path) -> None:
    photo = tmp_path / "IMG_RAHASIA.jpg"
    photo.write_bytes(jpeg((1600, 1200)))
    with scene(tmp_path) as place:
        add_officer(place)
        hub = place.start_hub()
        village = place.start_node("--quick-text").ready["url"]
        with open_browser(tmp_path / "phone", width=320, height=480, javascript=False, phone=True) as phone:
            file_report(phone, village)
            phone.follow("Kirim dengan foto atau suara")
            assert faults_of_page(phone) == []
            phone.one("[name=photo]").send_keys(str(photo))
            phone.one("[name=photo2]").send_keys(str(SOUNDS / "README.md"))
            phone.one("[name=voice]").send_keys(str(SOUNDS / "suara.ogg"))
            phone.follow("Kirim laporan")
            assert "bukan foto" in phone.text("#photo2-error")
            assert faults_of_page(phone) == []
            phone.follow("Kirim laporan")  # the good ones are there still
            code = code_on(phone)
            open_status(phone, village, code)
            assert "menunggu internet atau kurir" in phone.text()

            phone.follow("Tambah keterangan")
            phone.one("[name=voice]").send_keys(str(SOUNDS / "suara.m4a"))
            phone.follow("Kirim")
            assert "Tambahan Anda sudah tersimpan" in phone.text("h1")

            stick, back = str(tmp_path / "stick.ktg"), str(tmp_path / "back.ktg")
            command("node", "courier-export", str(place.node_folder), stick)
            command("hub", "courier-import", str(place.hub_folder), stick)
            command("hub", "courier-export", str(place.hub_folder), back)
            command("node", "courier-import", str(place.node_folder), back)
            open_status(phone, village, code)
            assert "sudah sampai di kantor petugas" in phone.text()
            assert "menunggu internet" not in phone.text()

            sign_in(phone, hub.ready["url"])
            assert faults_of_page(phone) == []
            script = "return [...document.images].map(image => [image.naturalWidth, image.naturalHeight])"
            wait_until(lambda: phone.driver.execute_script(script) == [[1280, 960]], "the photo on the phone")
            _play(phone)

        store = HubStore(HubConfig(place.hub_folder))
        try:
            [view] = store.work.all_reports()
            told = [
                store.work.show_attachment(of, one.number, by="sari")
                for of in (view.id, *(addition.id for addition in view.additions))
                for one in store.work.attachments_of(of)
            ]
        finally:
            store.close()
    assert len(told) == 3
    for content in told:
        for word in (SECRET, b"RAHASIA", b"Exif", b"GPS", b"http://ns.adobe.com", b"-08.5833"):
            assert word not in content
    everything = Path(stick).read_bytes() + b"".join(
        file.read_bytes() for file in place.node_folder.rglob("*") if file.is_file()
    )
    assert SECRET not in everything
    assert json.dumps("Ada yang mengajak").encode() not in everything


def _play(screen: Browser) -> None:
    """Let every sound of the page play to its end; no handler, for scripts of the page are off."""
    screen.driver.execute_script(
        "for (const s of document.querySelectorAll('audio')) { s.muted = true; s.play() }"
    )
    state = "return [...document.querySelectorAll('audio')].map(s => s.ended && s.duration > 0.9)"
    wait_until(lambda: screen.driver.execute_script(state) == [True, True], "the sounds to end")

"""Whole stories over Telegram: from the first message to the report at a real hub, with the real programs and
an emulator of Telegram's interface that others wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bot_api import Person, emulator
from click.testing import CliRunner
from processes import VILLAGE, Program, Scene, run_here, scene

from kentongan import main

pytestmark = pytest.mark.slow
TOKEN = "123456789:AAErahasiaTokenUntukUji_0000000000"
CHAT = 7_770_001_234
NAME = "Namakunyata"
STORY = "Ada orang yang mengajak anak tetangga bekerja ke luar negeri tanpa surat."


def start_bot(village: Scene, url: str, name: str, node: Path, *options: str) -> Program:
    """A bot over a box, as a process of its own."""
    folder = village.folder / name
    done = CliRunner().invoke(main, ["bot", "token", str(folder)], input=TOKEN + "\n")
    assert done.exit_code == 0, done.output
    return village._start(name, "bot", "telegram", str(folder), "--node", str(node), "--api", url, *options)


def report(person: Person) -> str:
    """Report the least; return the receipt code."""
    person.say("/start")
    assert "tidak terkunci" in person.reads("tidak terkunci")  # said before anything is asked
    person.press("go:report")
    person.reads("Tentang apa")
    person.press("v:recruiter")
    person.reads("Seberapa mendesak")
    person.press("v:info")
    person.reads("Ceritakan")
    person.say(STORY)
    person.reads("Di mana kejadiannya?")
    person.press("v:")
    person.reads("perangkat desa")
    person.press("v:no")
    person.reads("Ini yang akan dikirim")
    person.press("send")
    code = re.search("[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}", person.reads("Nomor tanda terima:"))
    assert code is not None
    return code.group()


def start_relay(village: Scene, hub: Program) -> Path:
    """The box at the hub that stands in for the village's, as a process of its own; return its folder."""
    paper, folder = village.folder / "relay.json", village.folder / "relay"
    hub_folder = str(village.hub_folder)
    run_here("hub", "enrol", hub_folder, "--village", VILLAGE, "--relay", "--out", str(paper))
    run_here("node", "init", str(folder), "--enrolment", str(paper))
    internet = (
        "--hub",
        hub.ready["url"],
        "--internet-every",
        "0.03",
        "--duty-cycle",
        "1",
        "--wait",
        "0",
        "0",
    )
    village._start("relay-node", "node", "serve", str(folder), "--listen", "127.0.0.1:0", *internet)
    return folder


def test_a_report_its_status_and_deletion_at_the_second_of_two_boxes(tmp_path: Path) -> None:
    """The relay at the hub begins with somebody and is killed in the middle; the village's box goes on, and
    hands the bot back. For the hub seconds are minutes: it lends a turn for 90 s."""
    with scene(tmp_path, speed=300.0) as village, emulator() as url:
        hub = village.start_hub()
        village.speed = 2.0
        relay = start_relay(village, hub)
        relay_options = ("--at-hub", "--shared")
        relay_bot = start_bot(village, url, "relay-bot", relay, *relay_options)
        other = Person(url, TOKEN, CHAT + 1, "Oranglain")
        other.say("/start")
        other.reads("Yang menjawab di sini sekarang: hub")
        other.reads("Apa yang Anda perlukan?")
        other.press("go:report")
        other.reads("Tentang apa")
        village.start_node("--hub", hub.ready["url"], "--internet-every", "0.03")
        relay_bot.kill()
        other.press("v:recruiter")
        bot = start_bot(village, url, "bot", village.node_folder, "--shared")
        other.reads("mungkin SUDAH tersimpan di sana")
        person = Person(url, TOKEN, CHAT, NAME)
        code = report(person)
        assert "Yang menyimpan: kotak desa." in person.reads("Nomor tanda terima:")
        digits = code.replace(" ", "")
        village.wait_for_step(digits, "received")
        (line,) = village.hub_lines()
        assert line["report"]["narrative"] == STORY
        assert line["report"]["channel"] == "telegram"
        person.share_position(-8.5833, 116.1167)
        person.reads("Lokasi itu tidak dicatat")  # nobody asked for it
        person.say("/cek")
        person.reads("Tulis 16 angka")
        person.say(code)
        assert "✓ Sampai di kantor petugas" in person.reads("Sampai mana laporan Anda")
        person.say("/hapus")
        person.wait_for(lambda texts: "tidak terkunci" in texts[-1], "what Telegram sees")
        person.press("forget")
        person.reads("sudah dihapus")
        person.reads("Hapus sendiri")
        assert len(person.screen()) == 2
        assert not person.mine()
        bot.stop()
        relay_bot = start_bot(village, url, "relay-bot", relay, *relay_options)
        other.say("/cek")
        other.reads("Tulis 16 angka")
        other.say(code)
        other.reads("Kode dari yang satu tidak dikenal oleh yang lain")
        relay_bot.stop()
        assert [one["report"]["narrative"] for one in village.hub_lines()] == [STORY]
        doctor = CliRunner().invoke(main, ["bot", "doctor", str(tmp_path / "bot")])
        assert doctor.exit_code == 1
        assert "the bot was stopped" in doctor.output
        secrets = [str(CHAT), NAME, TOKEN, digits, code, STORY]
        told = bot.log.read_text() + doctor.output
        for file in (tmp_path / "bot").iterdir():
            if file.name != "telegram.token":
                told += file.read_bytes().decode("latin-1")
        assert not [secret for secret in secrets if secret in told]

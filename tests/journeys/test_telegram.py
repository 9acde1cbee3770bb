"""Whole stories over Telegram: from the first message to the report at a real hub, with the real programs and
an emulator of Telegram's interface that others wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bot_api import Person, emulator
from click.testing import CliRunner
from processes import Program, Scene, scene

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


def test_a_report_its_status_and_deletion(tmp_path: Path) -> None:
    with scene(tmp_path, speed=2.0) as village, emulator() as url:
        hub = village.start_hub()
        village.start_node("--hub", hub.ready["url"], "--internet-every", "0.03")
        bot = start_bot(village, url, "bot", village.node_folder)
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
        doctor = CliRunner().invoke(main, ["bot", "doctor", str(tmp_path / "bot")])
        assert doctor.exit_code == 1
        assert "the bot was stopped" in doctor.output
        secrets = [str(CHAT), NAME, TOKEN, digits, code, STORY]
        told = bot.log.read_text() + doctor.output
        for file in (tmp_path / "bot").iterdir():
            if file.name != "telegram.token":
                told += file.read_bytes().decode("latin-1")
        assert not [secret for secret in secrets if secret in told]

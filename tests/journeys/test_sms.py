"""A report by SMS through real programs and an emulated modem, and the bot killed in the middle."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest
from processes import PATIENCE_S, Program, Scene, scene
from running_modem import RunningModem

from bots.sms.doctor import examine
from sync.clock import SystemClock
from sync.handin import HandIn

pytestmark = pytest.mark.slow
VILLAGER = "+6281200003141"
UNIX_S = 1_780_000_000
CODE = re.compile("[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}")
FIRST = "LAPOR ada calo rahasiakata menawarkan kerja ke Kamboja"
MORE = "rahasiakata namanya Pak Anu, berangkat besok"
SECOND = "BAHAYA adik saya rahasiakata dikurung di dekat pasar"


def start_bot(village: Scene, path: Path) -> Program:
    """The SMS bot beside the village's node."""
    return village._start(
        "sms",
        "bot",
        "sms",
        str(village.folder / "sms"),
        "--node",
        str(village.node_folder),
        "--modem",
        f"serial:{path}",
    )


def answer(modem: RunningModem, words: str) -> str:
    """Wait for an SMS with these words that the network takes; others before it are let pass."""
    while True:
        sent = modem.sent.get(timeout=PATIENCE_S)
        assert sent.to.endswith("81200003141")
        assert sent.part is None
        if words in sent.text:
            return sent.text


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found.group().replace(" ", "")


def wait_for_sealed(village: Scene) -> None:
    deadline = time.monotonic() + PATIENCE_S
    with HandIn(village.node_folder) as node:
        while node.status()["reports_waiting"] != "some":
            assert time.monotonic() < deadline
            time.sleep(0.05)


def wait_for_empty_card(modem: RunningModem) -> None:
    deadline = time.monotonic() + PATIENCE_S
    used = [1]
    while used[-1]:
        modem.do(lambda it: used.append(len(it.store_named("SM").slots)))
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stories(village: Scene) -> list[str]:
    return sorted(line["report"]["narrative"] for line in village.hub_lines())


def wait_for_follow_ups(village: Scene) -> None:
    """Wait until the hub shows the addition to the first report and the withdrawal of the second."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        first, second = sorted(village.hub_lines(), key=lambda line: line["report"]["narrative"])
        if "additions" in first and "withdrawn_at" in second:
            break
        assert time.monotonic() < deadline
        time.sleep(0.3)
    assert [one["text"] for one in first["additions"]] == [MORE]


def test_reports_by_sms_reach_the_hub_once_also_when_the_bot_is_killed(tmp_path: Path) -> None:
    modem = RunningModem(tmp_path / "ttyModem")
    try:
        with scene(tmp_path) as village:
            with socket.create_server(("127.0.0.1", 0)) as free:
                village._ports["hub"] = f"127.0.0.1:{free.getsockname()[1]}"
            village.start_node("--hub", f"http://{village._ports['hub']}", "--internet-every", "0.05")
            bot = start_bot(village, modem.path)

            # Sealed, and killed while the answer is on its way. There is no hub yet: what is sealed waits.
            modem.modem.settings.sending_s = 3.0
            modem.do(lambda it: it.deliver(VILLAGER, FIRST, UNIX_S))
            wait_for_sealed(village)
            bot.kill()
            modem.modem.settings.sending_s = 0.05
            bot = start_bot(village, modem.path)
            text = answer(modem, "Nomor:")
            assert "kotak desa" in text
            code = code_in(text)

            village.start_hub()
            village.wait_for_step(code, "received")
            modem.do(lambda it: it.deliver(VILLAGER, f"CEK {code}", UNIX_S + 60))
            answer(modem, "Sampai di kantor petugas")
            modem.do(lambda it: it.deliver(VILLAGER, SECOND, UNIX_S + 120))
            second = code_in(answer(modem, "Mendesak"))
            assert second != code
            village.wait_for_step(second, "received")
            assert stories(village) == [told.partition(" ")[2] for told in (FIRST, SECOND)]

            modem.do(lambda it: it.deliver(VILLAGER, f"TAMBAH {code} {MORE}", UNIX_S + 180))
            answer(modem, "Tambahan Anda")
            modem.do(lambda it: it.deliver(VILLAGER, f"TARIK {second}", UNIX_S + 240))
            answer(modem, "Penarikan Anda")
            wait_for_follow_ups(village)

            wait_for_empty_card(modem)
            assert bot.stop() == ""
            assert bot.process.returncode == 0
            assert examine(tmp_path / "sms", SystemClock().wall_s())[0]["problem"] == "it was stopped"
            kept = b"".join(p.read_bytes() for p in (tmp_path / "sms").iterdir()) + bot.log.read_bytes()
            for secret in (b"rahasiakata", b"81200003141", code.encode(), second.encode()):
                assert secret not in kept
    finally:
        modem.stop()

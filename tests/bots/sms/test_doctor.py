"""`kentongan bot doctor` on an SMS bot: every trouble of the modem, the box and the process has its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.sms.counts import STATUS_FILE, Counts
from bots.sms.doctor import STALE_S, examine, is_sms_folder
from bots.sms.folder import KEY_FILE, FolderUnusable, open_folder
from firmware_bridge.at_errors import Trouble
from firmware_bridge.modem_health import ModemHealth
from firmware_bridge.sms_credit import Credit


def healthy() -> ModemHealth:
    return ModemHealth(
        port_problem=None, is_ready=True, sim_is_ready=True, network="1", signal_dbm=-70, store_size=20
    )


def wrong(folder: Path, now_s: float = 1000) -> list[str]:
    return [f"{f['problem']}: {f['do']}" for f in examine(folder, now_s) if not f["ok"]]


def test_a_bot_that_is_well_has_no_findings(tmp_path: Path) -> None:
    open_folder(tmp_path)
    Counts().write(tmp_path, healthy(), 1000)
    assert is_sms_folder(tmp_path)
    assert wrong(tmp_path) == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"port_problem": "the modem is unplugged: plug it in"}, "unplugged"),
        ({"network": "2"}, Trouble.NO_NETWORK.value.partition(":")[0]),
        ({"store_used": 20}, Trouble.STORE_FULL.value.partition(":")[0]),
        ({"credit": Credit.OUT}, Trouble.NO_CREDIT.value.partition(":")[0]),
        ({"sim": Trouble.NO_SIM}, Trouble.NO_SIM.value.partition(":")[0]),
    ],
)
def test_each_trouble_of_the_modem_is_shown(tmp_path: Path, facts: dict[str, object], words: str) -> None:
    open_folder(tmp_path)
    health = healthy()
    for name, value in facts.items():
        setattr(health, name, value)
    Counts().write(tmp_path, health, 1000)
    assert any(words in line for line in wrong(tmp_path))


def test_a_box_that_takes_nothing_and_answers_not_sent_are_shown(tmp_path: Path) -> None:
    open_folder(tmp_path)
    counts = Counts()
    counts.waiting = 3
    counts.add("unsent")
    counts.write(tmp_path, healthy(), 1000)
    assert "3 messages wait" in wrong(tmp_path)[0]
    assert "not sent: 1 times" in wrong(tmp_path)[1]


def test_a_bot_that_does_not_run_is_shown(tmp_path: Path) -> None:
    open_folder(tmp_path)
    assert "never run" in wrong(tmp_path)[0]
    Counts().write(tmp_path, healthy(), 1000)
    assert "old" in wrong(tmp_path, 1000 + STALE_S + 1)[0]
    Counts().write(tmp_path, healthy(), 1000, runs=False)
    assert "stopped" in wrong(tmp_path)[0]
    assert (tmp_path / STATUS_FILE).stat().st_mode & 0o077 == 0


def test_the_key_stays_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    key = open_folder(tmp_path)
    assert open_folder(tmp_path) == key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    for damage in ("xx", "00"):
        (tmp_path / KEY_FILE).write_text(damage)
        with pytest.raises(FolderUnusable, match="damaged"):
            open_folder(tmp_path)

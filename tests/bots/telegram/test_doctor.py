"""`kentongan bot doctor`: what is wrong, and what to do, out of the folder alone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from telegram_stub import TOKEN, Bench, run

from bots.telegram.doctor import STALE_S, examine
from bots.telegram.folder import TOKEN_FILE, FolderUnusable, keep_token, open_folder
from bots.telegram.polling import Revoked
from bots.telegram.status import STATES, STATUS_FILE


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def wrong(bench: Bench) -> dict[str, str]:
    now = bench.clock.wall_s()
    return {f["check"]: f["problem"] for f in examine(bench.folder, now) if not f["ok"]}


def test_a_folder_without_a_token_says_how_to_give_one(tmp_path: Path) -> None:
    (only,) = examine(tmp_path, 0)
    assert "kentongan bot token" in only["do"]
    with pytest.raises(FolderUnusable, match="looks like"):
        keep_token(tmp_path, "rahasia-yang-salah")


def test_a_bot_that_never_ran_and_one_that_runs(bench: Bench) -> None:
    assert wrong(bench) == {"bot": "it has never run here"}
    run(bench, bench_polls(bench))
    bench.bot.status.becomes("polling")
    assert wrong(bench) == {}
    bench.clock.advance(STALE_S + 1)
    assert wrong(bench) == {"bot": "it does not run: its status is old"}


async def bench_polls(bench: Bench) -> None:
    await bench.bot.polling.once()


@pytest.mark.parametrize("state", [state for state, problem in STATES.items() if problem])
def test_every_state_that_is_wrong_is_shown_with_what_to_do(bench: Bench, state: str) -> None:
    bench.bot.status.becomes(state)
    (found,) = [f for f in examine(bench.folder, bench.clock.wall_s()) if not f["ok"]]
    assert found["problem"] == STATES[state]
    assert found["do"]
    asyncio.run(bench.bot.close())


def test_counts_that_somebody_should_see_are_shown(bench: Bench) -> None:
    run(bench, bench.say(*["x"] * 40))
    assert "flood" in wrong(bench)


def test_a_lost_day_is_shown(bench: Bench) -> None:
    run(bench, bench_polls(bench))
    bench.clock.advance(40 * 3600)
    again = bench.restarted()
    run(again, bench_polls(again))
    assert "older messages are lost" in wrong(again)["messages"]


def test_a_token_that_others_can_read_is_shown(bench: Bench) -> None:
    (bench.folder / TOKEN_FILE).chmod(0o644)
    assert f"mode of {TOKEN_FILE}" in wrong(bench)
    asyncio.run(bench.bot.close())


def test_a_token_of_systemd_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_token(tmp_path / "bot", TOKEN)
    (tmp_path / "telegram-token").write_text("42:" + "b" * 40)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert open_folder(tmp_path / "bot").bot_id == 42


def test_the_status_says_that_a_token_was_revoked(bench: Bench) -> None:
    from telegram_stub import error

    bench.telegram.fail("getMe", error(401, "Unauthorized"))
    with pytest.raises(Revoked):
        run(bench, bench_polls(bench))
    status: dict[str, Any] = json.loads((bench.folder / STATUS_FILE).read_text())
    assert status["state"] == "revoked"

"""`kentongan bot doctor` for SMS: what the status file shows, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bots.sms.counts import STATUS_FILE
from bots.sms.folder import KEY_FILE, FolderUnusable, open_folder

STALE_S = 600.0
"""A bot that runs writes its status every half minute."""
START = "start it: kentongan bot sms DIR --node NODE --modem PORT"


def is_sms_folder(folder: Path) -> bool:
    """Whether a folder is that of an SMS bot."""
    return (folder / KEY_FILE).exists()


def _finding(check: str, problem: str | None = None, do: str | None = None) -> dict[str, Any]:
    return {"check": check, "ok": problem is None, "problem": problem, "do": do}


def examine(folder: Path, now_s: float) -> list[dict[str, Any]]:
    """Return one finding a check, as `node doctor` does: {"check", "ok", "problem", "do"}."""
    try:
        open_folder(folder)
        status = json.loads((folder / STATUS_FILE).read_text("utf-8"))
    except FolderUnusable as error:
        return [_finding("bot's folder", "the folder holds no usable bot", str(error))]
    except (OSError, ValueError):
        return [_finding("bot", "it has never run here", START)]
    return list(_findings(status, now_s))


def _findings(status: dict[str, Any], now_s: float) -> Iterator[dict[str, Any]]:
    if not status["runs"]:
        yield _finding("bot", "it was stopped", START)
    elif abs(now_s - status["written_at"]) > STALE_S:
        yield _finding("bot", "it does not run: its status is old", START)
    else:
        yield _finding("bot")
    problems = status["modem"]["problems"]
    for problem in problems:
        problem, _, do = str(problem).partition(": ")
        yield _finding("modem", problem, do or "look at the modem, its aerial and its card")
    if not problems:
        yield _finding("modem")
    if status["waiting"]:
        yield _finding(
            "box",
            f"{status['waiting']} messages wait on the card: the box takes nothing",
            "see that kentongan node serve runs and has room; they are tried again by themselves",
        )
    else:
        yield _finding("box")
    for name, what, do in (
        ("unsent", "answers were not sent", "look at the credit and the signal; the reports are kept"),
        ("hub_away", "the hub was not reached for bulletins", "see that kentongan hub serve runs"),
        ("faults", "messages met a fault of the program", "send the log of the bot to its makers"),
    ):
        count = int(status["counts"].get(name, 0))
        if count:
            yield _finding(name, f"{what}: {count} times since the start", do)

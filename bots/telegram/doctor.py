"""`kentongan bot doctor` for Telegram: what the status file and the folder show, and what to do."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bots.telegram.folder import KEY_FILE, TOKEN_FILE, FolderUnusable, open_folder
from bots.telegram.status import STATES, STATUS_FILE

STALE_S = 600.0
"""A bot that runs writes its status more often."""
_DO: Final = {
    "waiting": "nothing: it goes on by itself when the other box gives the bot back",
    "offline": "look at this box's internet; messages wait at Telegram for 24 hours, not longer",
    "slowed": "nothing: it goes on when Telegram allows",
    "conflict": "stop the other process, or revoke the token with @BotFather and give each box its own",
    "revoked": "get a new token from @BotFather and give it to kentongan bot token DIR",
    "stopped": "start it: kentongan bot telegram DIR --node NODE",
}
_COUNTED: Final = {
    "flood": ("somebody sent very many messages at once", "nothing: they are not answered meanwhile"),
    "faults": ("conversations ended with a fault of the program", "send the log of the bot to its makers"),
    "unreadable": ("updates could not be read and were passed over", "update the program"),
    "too_many_requests": ("Telegram asked to slow down", "nothing, if it is seldom"),
    "server_errors": ("Telegram had faults of its own", "nothing: it was tried again"),
    "hub_away": ("the hub was not reached for bulletins", "see that kentongan hub serve runs"),
    "unsent": ("messages were refused by Telegram and not sent", "send the log of the bot to its makers"),
}


def _finding(check: str, problem: str | None = None, do: str | None = None) -> dict[str, Any]:
    return {"check": check, "ok": problem is None, "problem": problem, "do": do}


def examine(folder: Path, now_s: float) -> list[dict[str, Any]]:
    """Return one finding a check, as `node doctor` does: {"check", "ok", "problem", "do"}."""
    try:
        open_folder(folder)
    except FolderUnusable as error:
        return [_finding("bot's folder", "the folder holds no usable bot", str(error))]
    return [*_modes(folder), *_running(folder, now_s)]


def _modes(folder: Path) -> Iterator[dict[str, Any]]:
    for name in (TOKEN_FILE, KEY_FILE):
        file = folder / name
        if file.exists():
            open_to_all = stat.S_IMODE(file.stat().st_mode) & 0o077
            yield (
                _finding(f"mode of {name}", "others on this machine can read it", f"chmod 600 {file}")
                if open_to_all
                else _finding(f"mode of {name}")
            )


def _running(folder: Path, now_s: float) -> Iterator[dict[str, Any]]:
    try:
        status = json.loads((folder / STATUS_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        yield _finding("bot", "it has never run here", _DO["stopped"])
        return
    state = str(status["state"])
    problem = STATES.get(state)
    if state not in ("stopped", "revoked") and abs(now_s - status["written_at"]) > STALE_S:
        yield _finding("bot", "it does not run: its status is old", _DO["stopped"])
    else:
        yield _finding("bot", problem, None if problem is None else _DO[state])
    gap = status.get("gap")
    if gap is not None and now_s - gap[1] < 7 * 86400:
        yield _finding(
            "messages",
            "nobody asked Telegram for more than a day: older messages are lost",
            "people are told when they write; for long outages let the hub have the bot",
        )
    for name, (problem, do) in _COUNTED.items():
        count = int(status["counts"].get(name, 0))
        if count:
            yield _finding(name.replace("_", " "), f"{problem}: {count} times since the start", do)

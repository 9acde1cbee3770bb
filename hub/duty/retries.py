"""Messages that are tried again when they do not go: when the next try is, and when nobody tries any more.

A row of such a message has `tries`, `next_try_at`, `sent_at`, `ended_at` and `problem`.
"""

from __future__ import annotations

from typing import Any, Final

WAITS_S: Final = (60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400)
"""Seconds to the next try; after the last one it is given up: about two days."""


def still_tried(model: Any) -> Any:
    """Return the condition that a message was neither sent nor given up."""
    return model.sent_at.is_null() & model.ended_at.is_null()


def after_try(tries_before: int, problem: str | None, now: float) -> dict[str, object]:
    """Return what to write into the row of a message that was tried just now; no `problem`: it went."""
    tries = tries_before + 1
    values: dict[str, object] = {"tries": tries, "problem": problem}
    if problem is None:
        values["sent_at"] = now
    elif tries > len(WAITS_S):
        values["ended_at"] = now
    else:
        values["next_try_at"] = now + WAITS_S[tries - 1]
    return values

"""Ages and waits in words, no finer than anybody needs."""

from __future__ import annotations

from bots.texts import N_, say

HOUR_S = 3600
DAY_S = 24 * HOUR_S
FRESH = N_("kurang dari satu jam lalu")
HOURS = N_("%(n)s jam lalu")
YESTERDAY = N_("kemarin")
DAYS = N_("%(n)s hari lalu")
MONTHS = N_("lebih dari %(n)s bulan lalu")
WAIT_MINUTES = N_("%(n)s menit")
WAIT_HOURS = N_("%(n)s jam")


def age_in_words(language: str, age_s: float) -> str:
    """Say how long ago something was."""
    if age_s < HOUR_S:
        return say(language, FRESH)
    if age_s < DAY_S:
        return say(language, HOURS, n=int(age_s // HOUR_S))
    days = int(age_s // DAY_S)
    if days == 1:
        return say(language, YESTERDAY)
    if days < 60:
        return say(language, DAYS, n=days)
    return say(language, MONTHS, n=days // 30)


def wait_in_words(language: str, wait_s: int) -> str:
    """Say how long to wait, rounded up, so that nobody comes back too early."""
    if wait_s <= HOUR_S:
        return say(language, WAIT_MINUTES, n=max(1, -(-wait_s // 60)))
    return say(language, WAIT_HOURS, n=-(-wait_s // HOUR_S))

"""Ages in Indonesian words."""

from __future__ import annotations

HOUR_S = 3600
DAY_S = 24 * HOUR_S


def age_in_words(age_s: int) -> str:
    """Say how long ago something was, no finer than anybody needs."""
    if age_s < HOUR_S:
        return "kurang dari satu jam lalu"
    if age_s < DAY_S:
        return f"{age_s // HOUR_S} jam lalu"
    days = age_s // DAY_S
    if days == 1:
        return "kemarin"
    if days < 60:
        return f"{days} hari lalu"
    return f"lebih dari {days // 30} bulan lalu"


def wait_in_words(wait_s: int) -> str:
    """Say how long to wait, rounded up, so that nobody comes back too early."""
    if wait_s <= 60:
        return "1 menit"
    if wait_s <= HOUR_S:
        return f"{-(-wait_s // 60)} menit"
    return f"{-(-wait_s // HOUR_S)} jam"

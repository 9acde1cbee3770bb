"""Ages in the words of the page's language."""

from __future__ import annotations

from village_node.web.languages import translate

HOUR_S = 3600
DAY_S = 24 * HOUR_S


def age_in_words(age_s: int) -> str:
    """Say how long ago something was, no finer than anybody needs."""
    if age_s < HOUR_S:
        return translate("kurang dari satu jam lalu")
    if age_s < DAY_S:
        return translate("%(n)s jam lalu", n=age_s // HOUR_S)
    days = age_s // DAY_S
    if days == 1:
        return translate("kemarin")
    if days < 60:
        return translate("%(n)s hari lalu", n=days)
    return translate("lebih dari %(n)s bulan lalu", n=days // 30)


def wait_in_words(wait_s: int) -> str:
    """Say how long to wait, rounded up, so that nobody comes back too early."""
    if wait_s <= 60:
        return translate("%(n)s menit", n=1)
    if wait_s <= HOUR_S:
        return translate("%(n)s menit", n=-(-wait_s // 60))
    return translate("%(n)s jam", n=-(-wait_s // HOUR_S))

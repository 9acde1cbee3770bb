"""The week in three sentences, and numbers as they are written in a weekly report."""

from __future__ import annotations

from hub.languages import N_, counted
from hub.pictures.drawing import grouped
from hub.weekly.facts import HIDDEN, Facts
from sync.areas.table import area_names


def number(count: int) -> str:
    """Return a count in words of who looks, or that it is not shown."""
    return N_("tidak ditunjukkan") if count == HIDDEN else grouped(count)


def area(code: str) -> str:
    """Return the name of an area, or its code; an empty one is the whole region."""
    return area_names().name_of(code) or code if code else N_("seluruh wilayah hub")


def usual(count: int, low: int | None, high: int | None) -> str:
    """Return how a count stands to what is usual."""
    if low is None or high is None:
        return N_("belum cukup minggu untuk tahu berapa yang biasa")
    span = {"low": grouped(low), "high": grouped(high)}
    if count > high:
        return N_("lebih dari biasanya, %(low)s sampai %(high)s", **span)
    if count < low:
        return N_("kurang dari biasanya, %(low)s sampai %(high)s", **span)
    return N_("seperti biasanya, %(low)s sampai %(high)s", **span)


def sentences(facts: Facts) -> tuple[str, str, str]:
    """Return the week in three sentences."""
    return _outside(facts) if facts.outside else _inside(facts)


def _inside(facts: Facts) -> tuple[str, str, str]:
    reports, urgent, signals, waiting = facts.reports, facts.urgent, facts.signals, facts.waiting
    districts = sum(one.now > 0 for one in reports.districts)
    first = N_(
        "%(reports)s dari %(districts)s, minggu sebelumnya %(before)s: %(usual)s.",
        reports=_reports(reports.total),
        districts=counted("%(count)s kabupaten atau kota", districts),
        before=grouped(reports.before),
        usual=usual(reports.total, reports.low, reports.high),
    )
    if urgent.rang:
        rang = N_(
            "%(urgent)s, %(in_time)s dibaca dalam 15 menit",
            urgent=counted("%(count)s laporan mendesak", urgent.rang),
            in_time=grouped(urgent.in_time),
        )
    else:
        rang = N_("Minggu ini tidak ada laporan mendesak yang menunggu dibaca")
    second = N_(
        "%(rang)s; %(signals)s, %(closed)s.",
        rang=rang,
        signals=_signals(signals.raised),
        closed=_closed(facts),
    )
    if not any((waiting.urgent_unread, waiting.signals_late, waiting.referrals_late, facts.rights.overdue)):
        return first, second, N_("Saat dihitung tidak ada yang mendesak atau lewat tenggat.")
    third = N_(
        "Saat dihitung masih menunggu: %(urgent)s belum dibaca; lewat tenggat: %(signals)s, %(referrals)s, "
        "%(rights)s.",
        urgent=counted("%(count)s laporan mendesak", waiting.urgent_unread),
        signals=counted("%(count)s sinyal", waiting.signals_late),
        referrals=counted("%(count)s rujukan", waiting.referrals_late),
        rights=counted("%(count)s permintaan hak", facts.rights.overdue),
    )
    return first, second, third


def _reports(total: int) -> str:
    return counted("%(number)s laporan", total, number=grouped(total))


def _signals(raised: int) -> str:
    return counted("%(count)s sinyal baru", raised)


def _closed(facts: Facts) -> str:
    true, false = facts.signals.true, facts.signals.false
    return N_("%(true)s ditutup sebagai benar dan %(false)s tidak benar", true=true, false=false)


def _outside(facts: Facts) -> tuple[str, str, str]:
    total, raised = facts.reports.total, facts.signals.raised
    if total == HIDDEN:
        first = N_("Minggu ini ada kurang dari 11 laporan.")
    else:
        first = N_(
            "Minggu ini ada %(reports)s, dibulatkan ke atas.",
            reports=_reports(total),
        )
    if raised == HIDDEN:
        second = N_("Kurang dari 11 sinyal peringatan dini diangkat.")
    else:
        second = N_("%(signals)s peringatan dini diangkat, dibulatkan ke atas.", signals=_signals(raised))
    told = facts.bulletins
    third = N_(
        "%(sent)s dikirim; dari %(villages)s yang dituju, %(seen)s menyatakan sudah melihatnya.",
        sent=counted("%(count)s buletin", told.sent),
        villages=counted("%(count)s kotak desa", told.villages),
        seen=grouped(told.seen),
    )
    return first, second, third

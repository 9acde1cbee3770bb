"""A weekly report in words: what page and PDF both show, in the language of who looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hub.languages import N_, counted, joined, translate
from hub.learning.measures import wilson
from hub.picture_services import MOST_COUNTED, SILENT_AFTER_DAYS
from hub.pictures.drawing import Picture, Table, grouped
from hub.pictures.weeks import week_in_words
from hub.web.learning_pages import share_words
from hub.web.local_time import LocalTime, duration
from hub.web.report_words import KIND_WORDS
from hub.web.score_words import BAND_WORDS
from hub.web.signal_words import CLOCK_WORDS, SHORT_SORT_WORDS
from hub.weekly.facts import HIDDEN, District, Facts
from hub.weekly.pictures import draw_last_weeks, draw_where, week_of
from hub.weekly.services import KeptReport, name_of
from hub.weekly.summary import area, number, sentences

MOST_DISTRICTS: Final = 12
MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Section:
    """One part of a report: sentences, and a table or a picture or both."""

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Told:
    """A whole report. `mark` says for whom it is, `correction` that it was made again, or nothing."""

    title: str
    week: str
    hub: str
    areas: str
    mark: str
    correction: str
    made: str
    sentences: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


def tell(kept: KeptReport, hub: str, local: LocalTime) -> Told:
    """Return a report in words; those of pictures and tables are translated where they are drawn."""
    facts = kept.facts
    dated = week_in_words(week_of(facts.week))
    return Told(
        title=N_("Laporan mingguan %(week)s", week=name_of(facts.week)),
        week=dated,
        hub=hub,
        areas=joined(", ", (area(code) for code in facts.areas)) if facts.areas else area(""),
        mark=N_("Untuk luar kantor: angka kecil tidak ditunjukkan")
        if facts.outside
        else N_("Untuk petugas. Jangan diteruskan."),
        correction=_correction(kept),
        made=N_("Dihitung %(moment)s", moment=local.moment(facts.counted_at)),
        sentences=sentences(facts),
        sections=tuple(_outside(facts, dated) if facts.outside else _inside(facts, dated)),
        notes=tuple(_notes(facts)),
    )


def _correction(kept: KeptReport) -> str:
    if kept.version > 1:
        return N_("Koreksi: versi %(version)s. Versi 1 tetap disimpan.", version=kept.version)
    if kept.latest > 1:
        return N_("Versi pertama. Ada koreksi: versi %(version)s.", version=kept.latest)
    return ""


def _inside(facts: Facts, dated: str) -> Iterator[Section]:
    yield _reports(facts, dated)
    yield _districts(facts)
    yield Section(N_("Laporan mendesak"), tuple(_urgent(facts)))
    yield _signals(facts)
    yield Section(N_("Buletin dan kotak desa"), tuple(_villages(facts)))
    yield Section(counted("Rujukan", 2), tuple(_referrals(facts)))
    if facts.series:
        yield _series(facts)
    yield Section(N_("Yang dipelajari"), tuple(_learned(facts)))
    yield _waiting(facts)
    yield Section(N_("Hak orang atas datanya (UU 27/2022)"), tuple(_rights(facts)))
    if facts.reports.total:
        yield Section(N_("Peta"), picture=draw_where(facts, dated))


def _outside(facts: Facts, dated: str) -> Iterator[Section]:
    yield _reports(facts, dated)
    yield _districts(facts)
    if facts.urgent.rang != HIDDEN and facts.urgent.in_time != HIDDEN:
        text = N_(
            "%(in_time)s dari %(rang)s laporan mendesak dibaca dalam 15 menit; dibulatkan ke atas.",
            in_time=grouped(facts.urgent.in_time),
            rang=grouped(facts.urgent.rang),
        )
        yield Section(N_("Laporan mendesak"), (text,))
    found, told = facts.signals, facts.bulletins
    rows = [
        (N_("Sinyal diangkat"), number(found.raised)),
        (N_("Sinyal ditutup sebagai benar"), number(found.true)),
        (N_("Sinyal ditutup sebagai tidak benar"), number(found.false)),
        (N_("Buletin dikirim"), number(told.sent)),
        (N_("Kotak desa yang menerima buletin"), number(told.delivered)),
        (N_("Kotak desa yang menyatakan sudah melihat"), number(told.seen)),
        (N_("Rujukan dibuat"), number(facts.referrals.made)),
        (N_("Rujukan dijawab"), number(facts.referrals.answered)),
    ]
    table = Table(N_("Peringatan dini dan rujukan"), (N_("Apa"), N_("Jumlah")), tuple(rows))
    yield Section(N_("Peringatan dini dan rujukan"), table=table)
    yield Section(N_("Peta"), picture=draw_where(facts, dated))


def _reports(facts: Facts, dated: str) -> Section:
    told = facts.reports
    heads: tuple[str, ...] = (N_("Jenis"), N_("Minggu ini"))
    rows: list[tuple[str, ...]] = [(KIND_WORDS.get(kind, kind), number(now)) for kind, now, _ in told.kinds]
    rows.append((N_("Semua"), number(told.total)))
    if not facts.outside:
        heads = (*heads, N_("Minggu sebelumnya"))
        before = [*(before for _, _, before in told.kinds), told.before]
        rows = [(*row, grouped(old)) for row, old in zip(rows, before, strict=True)]
    table = Table(N_("Laporan menurut jenis"), heads, tuple(rows))
    return Section(counted("Laporan", 2), table=table, picture=draw_last_weeks(facts, dated))


def _districts(facts: Facts) -> Section:
    rows = sorted(facts.reports.districts, key=lambda one: (-one.now, -one.before, one.code))
    shown, rest = rows[:MOST_DISTRICTS], rows[MOST_DISTRICTS:]
    lines = []
    if facts.outside:
        lines.append(
            N_("Ditunjukkan hanya yang angkanya cukup besar, paling banyak %(most)s.", most=MOST_DISTRICTS)
        )
    elif rest:
        lines.append(
            N_(
                "%(districts)s lain: %(now)s minggu ini, %(before)s minggu sebelumnya.",
                districts=counted("%(count)s kabupaten atau kota", len(rest)),
                now=grouped(sum(one.now for one in rest)),
                before=grouped(sum(one.before for one in rest)),
            )
        )
    elif not shown:
        lines.append(N_("Tidak ada laporan minggu ini dan minggu sebelumnya."))
    heads: tuple[str, ...] = (N_("Kabupaten atau kota"), N_("Minggu ini"))
    if not facts.outside:
        heads = (*heads, N_("Minggu sebelumnya"), N_("Biasanya"))
    told = tuple(_district(one, facts.outside) for one in shown)
    table = Table(N_("Laporan menurut wilayah"), heads, told)
    return Section(N_("Dari mana"), tuple(lines), table if shown else None)


def _district(one: District, outside: bool) -> tuple[str, ...]:
    name = f"{area(one.code)} ({one.code})"
    if outside:
        return name, number(one.now)
    if one.low is None or one.high is None:
        return name, grouped(one.now), grouped(one.before), N_("belum diketahui")
    span = N_("%(low)s sampai %(high)s", low=grouped(one.low), high=grouped(one.high))
    if one.now > one.high:
        span = N_("%(span)s: lebih", span=span)
    elif one.now < one.low:
        span = N_("%(span)s: kurang", span=span)
    return name, grouped(one.now), grouped(one.before), span


def _urgent(facts: Facts) -> Iterator[str]:
    told = facts.urgent
    if not told.rang:
        yield N_("Tidak ada laporan mendesak yang menunggu dibaca minggu ini.")
        return
    yield N_(
        "%(rang)s; %(read)s sudah dibaca, %(in_time)s dalam 15 menit seperti dijanjikan.",
        rang=counted("%(count)s laporan mendesak", told.rang),
        read=grouped(told.read),
        in_time=grouped(told.in_time),
    )
    if told.median_s is not None:
        yield N_("Separuhnya dibaca dalam %(time)s atau kurang.", time=duration(told.median_s))


def _signals(facts: Facts) -> Section:
    told = facts.signals
    sorts = [
        N_("%(sort)s: %(count)s", sort=SHORT_SORT_WORDS.get(sort, N_("Dari petugas")), count=grouped(count))
        for sort, count in told.sorts
    ]
    raised = counted("%(count)s sinyal diangkat", told.raised)
    lines = [
        N_("%(raised)s (%(sorts)s).", raised=raised, sorts=joined("; ", sorts))
        if sorts
        else N_("%(raised)s.", raised=raised),
        N_(
            "Ditutup: %(true)s benar, %(false)s tidak benar, %(unknown)s tidak diketahui. Masih terbuka: "
            "%(open)s, %(late)s lewat tenggat.",
            true=grouped(told.true),
            false=grouped(told.false),
            unknown=grouped(told.unknown),
            open=grouped(told.open),
            late=grouped(told.late),
        ),
    ]
    rows = tuple(
        (CLOCK_WORDS[name], grouped(met), grouped(known - met)) for name, met, known in told.clocks if known
    )
    heads = (N_("Jam 7-1-7"), N_("Ditepati"), N_("Terlewat"))
    caption = N_("Jam 7-1-7 dari sinyal yang diangkat atau ditutup minggu ini")
    return Section(counted("Sinyal", 2), tuple(lines), Table(caption, heads, rows) if rows else None)


def _villages(facts: Facts) -> Iterator[str]:
    told, boxes = facts.bulletins, facts.villages
    yield (
        N_(
            "%(sent)s dikirim ke %(villages)s; %(delivered)s menerimanya, %(seen)s menyatakan sudah melihat.",
            sent=counted("%(count)s buletin", told.sent),
            villages=counted("%(count)s kotak desa", told.villages),
            delivered=grouped(told.delivered),
            seen=grouped(told.seen),
        )
        if told.sent
        else N_("Tidak ada buletin yang dikirim.")
    )
    yield N_(
        "%(silent)s dari %(boxes)s lebih dari %(days)s hari tidak terdengar saat dihitung.",
        silent=grouped(boxes.silent),
        boxes=counted("%(count)s kotak desa", boxes.boxes),
        days=SILENT_AFTER_DAYS,
    )
    if not facts.judged:
        yield N_("Pengawasan mingguan belum menilai minggu ini: desa yang diam belum diketahui.")
        return
    if boxes.quiet:
        yield N_("Lebih sepi dari biasanya, dengan kotak yang hidup: %(names)s.", names=_named(boxes.quiet))
    if boxes.offline:
        yield N_("Tidak terdengar lagi sejak minggu ini: %(names)s.", names=_named(boxes.offline))
    if not boxes.quiet and not boxes.offline:
        yield N_("Tidak ada desa yang menjadi diam menurut pengawasan mingguan.")


def _named(codes: Sequence[str]) -> str:
    names = joined(", ", (f"{area(code)} ({code})" for code in codes[:MOST_NAMED]))
    rest = len(codes) - MOST_NAMED
    return N_("%(names)s dan %(rest)s lain", names=names, rest=rest) if rest > 0 else names


def _referrals(facts: Facts) -> Iterator[str]:
    told = facts.referrals
    yield N_(
        "Dibuat: %(made)s. Dijawab lembaga: %(answered)s.",
        made=grouped(told.made),
        answered=grouped(told.answered),
    )
    yield N_(
        "Tenggatnya dalam minggu ini: %(due)s, %(done)s sudah dijawab. Lewat tenggat saat dihitung: "
        "%(late)s.",
        due=grouped(told.due),
        done=grouped(told.due_answered),
        late=grouped(told.late),
    )


def _series(facts: Facts) -> Section:
    rows = []
    for one in facts.series:
        now, before = (N_("tidak ada angka") if n is None else grouped(n) for n in (one.now, one.before))
        where = N_("%(name)s, %(office)s (%(area)s)", name=one.name, office=one.office, area=area(one.unit))
        rows.append((where, now, before, N_("lebih dari biasanya") if one.unusual else ""))
    heads = (N_("Seri"), N_("Minggu ini"), N_("Minggu sebelumnya"), N_("Pengawasan"))
    title = N_("Angka lembaga lain")
    return Section(title, table=Table(title, heads, tuple(rows)))


def _learned(facts: Facts) -> Iterator[str]:
    told = facts.learned
    share = wilson(told.true, told.decided)
    yield N_(
        "Sinyal yang benar, dari yang ditutup sebagai benar atau tidak benar dalam %(weeks)s minggu: "
        "%(share)s.",
        weeks=told.weeks,
        share=share_words(share),
    )
    for band, confirmed, of in told.bands:
        if of:
            yield N_(
                "Laporan tingkat %(band)s yang terbukti saat diverifikasi: %(share)s.",
                band=BAND_WORDS.get(band, band),
                share=share_words(wilson(confirmed, of)),
            )


def _waiting(facts: Facts) -> Section:
    told = facts.waiting
    staff, heads_of = N_("analis"), N_("penyelia")
    rows = [
        (N_("Laporan mendesak yang belum dibaca"), _most(told.urgent_unread), N_("petugas piket")),
        (N_("Laporan yang belum dibaca"), _most(told.unread), staff),
        (N_("Dibaca, belum dijawab atau ditindaklanjuti"), _most(told.undone), staff),
        (N_("Sinyal yang belum ditutup"), grouped(told.signals), N_("analis dan penyelia")),
        (N_("Sinyal lewat tenggat"), grouped(told.signals_late), heads_of),
        (N_("Buletin yang menunggu persetujuan"), grouped(told.bulletins), N_("orang kedua")),
        (N_("Rujukan lewat tenggat"), grouped(told.referrals_late), N_("lembaga mitra")),
        (N_("Permintaan hak yang berjalan"), grouped(told.rights), heads_of),
    ]
    title = N_("Apa menunggu siapa")
    return Section(title, table=Table(title, (N_("Apa"), N_("Jumlah"), N_("Menunggu")), tuple(rows)))


def _most(count: int) -> str:
    if count <= MOST_COUNTED:
        return grouped(count)
    return N_("lebih dari %(number)s", number=grouped(MOST_COUNTED))


def _rights(facts: Facts) -> Iterator[str]:
    told = facts.rights
    yield N_(
        "Masuk: %(opened)s. Selesai: %(closed)s, %(in_time)s dalam 3 x 24 jam. Berjalan: %(running)s, lewat "
        "tenggat: %(overdue)s.",
        opened=grouped(told.opened),
        closed=grouped(told.closed),
        in_time=grouped(told.in_time),
        running=grouped(told.running),
        overdue=grouped(told.overdue),
    )


def _notes(facts: Facts) -> Iterator[str]:
    yield N_(
        "Laporan dihitung dalam minggu ketika dibuat, sejauh sudah datang: yang dibawa kurir dapat "
        "menyusul. Laporan adalah yang dikatakan orang, belum terbukti. Tidak ada desa atau kelompok orang "
        "yang dinilai."
    )
    if facts.outside:
        yield N_(
            "Angka di bawah 11 tidak ditunjukkan, juga angka lain yang dapat membukanya; yang lain "
            "dibulatkan ke atas ke kelipatan lima. Versi ini selalu dari hitungan pertama."
        )
    else:
        yield N_(
            "Biasanya: di antara angka itu sembilan dari sepuluh minggu, menurut aturan pengawasan mingguan. "
            "Laporan mendesak dihitung bila masih belum dibaca ketika piket dipanggil."
        )


def plain(told: Told) -> Told:
    """Return a report with all texts of its own in the language of who looks."""
    return Told(
        title=translate(told.title),
        week=translate(told.week),
        hub=told.hub,
        areas=translate(told.areas),
        mark=translate(told.mark),
        correction=translate(told.correction),
        made=translate(told.made),
        sentences=tuple(map(translate, told.sentences)),
        sections=tuple(
            Section(translate(one.title), tuple(map(translate, one.lines)), _plain(one.table), one.picture)
            for one in told.sections
        ),
        notes=tuple(map(translate, told.notes)),
    )


def _plain(table: Table | None) -> Table | None:
    if table is None:
        return None
    return Table(
        translate(table.caption),
        tuple(map(translate, table.headings)),
        tuple(tuple(map(translate, row)) for row in table.rows),
    )

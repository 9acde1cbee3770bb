"""Signals of the early warning in the words of the pages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.languages import N_
from hub.pictures.signal_chart import date_of_week
from hub.warning.clocks import BOTTLENECKS
from hub.warning.risk import LEVEL_WORDS, cell_of
from hub.warning.services import PERSON, RULES, SignalRow, SignalStepView
from hub.web.local_time import date_in_words
from hub.web.report_words import COUNTRY_WORDS, KIND_WORDS
from sync.areas.table import area_names

STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": N_("terbuka"),
        "verification": N_("verifikasi"),
        "assessment": N_("penilaian risiko"),
        "response": N_("tanggapan"),
        "closed": N_("ditutup"),
    }
)
MOVE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verification": N_("Verifikasi"),
        "assessment": N_("Terverifikasi: nilai risikonya"),
        "response": N_("Mulai tanggapan"),
    }
)
BACK_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": N_("Kembali ke terbuka"),
        "verification": N_("Kembali ke verifikasi"),
        "assessment": N_("Kembali ke penilaian risiko"),
    }
)
VERDICT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"true": N_("benar"), "false": N_("tidak benar"), "unknown": N_("tidak diketahui")}
)
OUTCOME_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prevented": N_("keberangkatan atau perekrutan dicegah"),
        "rescued": N_("korban ditolong"),
        "handed_over": N_("diserahkan ke lembaga yang berwenang"),
        "warned": N_("desa diperingatkan"),
        "explained": N_("ada penjelasan lain"),
        "data_error": N_("salah data atau kotak desa rusak"),
        "no_contact": N_("tidak dapat diperiksa"),
        "other": N_("lain, tertulis dalam alasan"),
    }
)
SHORT_SORT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"excess": N_("Kenaikan"), "silence": N_("Diam"), "offline": N_("Tidak terdengar")}
)
AREA_LEVEL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "village": N_("desa"),
        "sub-district": N_("kecamatan"),
        "district": N_("kabupaten atau kota"),
        "province": N_("provinsi"),
        "region": N_("seluruh wilayah"),
    }
)
CLOCK_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "detect": N_("Terdeteksi dalam 7 hari"),
        "notify": N_("Diverifikasi dalam 1 hari"),
        "respond": N_("Ditanggapi dalam 7 hari"),
        "all": N_("Ketiganya"),
    }
)
CLOCK_STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "met": N_("tepat waktu"),
        "missed": N_("terlewat"),
        "running": N_("masih berjalan"),
        "overdue": N_("sudah lewat, belum selesai"),
        "not_known": N_("belum dapat dihitung"),
        "not_needed": N_("tidak perlu"),
    }
)
_INDICATOR_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "act": N_("tindakan"),
        "means": N_("cara"),
        "purpose": N_("tujuan"),
    }
)


def category_words(group: str, value: str) -> str:
    """Return of what reports a series is made."""
    if group == "kind":
        return KIND_WORDS.get(value, value)
    if group == "destination":
        return N_("tujuan %(country)s", country=COUNTRY_WORDS.get(value, value))
    if group == "indicators":
        return N_("kelompok tanda: %(value)s", value=_INDICATOR_GROUPS.get(value, value))
    if group == "recruiter":
        return N_("orang yang diperhatikan nomor %(value)s", value=value)
    if group == "other":
        return N_("data lembaga lain nomor %(value)s", value=value)
    return N_("semua laporan")


def area_words(unit: str) -> str:
    """Return the name and code of an area; the whole region for none."""
    if not unit:
        return AREA_LEVEL_WORDS["region"]
    return f"{area_names().name_of(unit) or unit} ({unit})"


def rule_words(rule: str) -> str:
    """Return the name of a rule; of a person for none."""
    if rule == "kentongan":
        return N_("aturan Kentongan")
    return N_("aturan %(rule)s", rule=rule) if rule not in ("", PERSON) else N_("petugas")


def move_words(state: str, to: str) -> str:
    """Return what the button of a step says."""
    if state == "closed":
        return N_("Buka lagi")
    goes_back = list(STATE_WORDS).index(to) < list(STATE_WORDS).index(state)
    return BACK_WORDS[to] if goes_back else MOVE_WORDS[to]


def by_words(name: str) -> str:
    """Return who did it; the weekly rules in words."""
    return N_("aturan mingguan") if name == RULES else name


def title_words(row: SignalRow) -> str:
    """Return what a signal is about, in one line."""
    if row.title:
        return row.title
    if not row.sort:
        return N_("Sinyal dari petugas")
    if row.group in ("", "all"):
        return SHORT_SORT_WORDS[row.sort]
    return N_(
        "%(sort)s: %(what)s", sort=SHORT_SORT_WORDS[row.sort], what=category_words(row.group, row.value)
    )


def step_words(step: SignalStepView) -> str:
    """Return one line of the history in words."""
    say = {
        "raised": _raised,
        "seen again": lambda s: N_("Terlihat lagi dalam minggu dari %(week)s", week=_week(s.becomes)),
        "nothing new": lambda s: N_(
            "Terlihat lagi dalam minggu dari %(week)s, tanpa hal baru", week=_week(s.becomes)
        ),
        "moved": lambda s: N_("Menjadi %(state)s", state=STATE_WORDS.get(s.becomes, s.becomes)),
        "closed": _closed,
        "reopened": lambda s: N_("Dibuka lagi"),
        "assessed": _assessed,
        "monitor": _monitor,
        "assigned": _assigned,
        "commented": lambda s: N_("Komentar"),
        "report added": lambda s: N_("Laporan dimasukkan"),
        "report removed": lambda s: N_("Laporan dikeluarkan"),
        "response done": lambda s: N_("Tanggapan selesai"),
        "bottleneck": _bottleneck,
        "folded": lambda s: N_("Menyatu ke sinyal %(number)s", number=s.becomes),
        "took in": lambda s: N_("Menerima isi sinyal %(number)s", number=s.becomes),
        "separated": _separated,
    }
    return say[step.what](step) if step.what in say else step.what


def _week(text: str) -> str:
    return date_of_week(int(text)) if text.isdecimal() else text


def _raised(step: SignalStepView) -> str:
    if step.becomes:
        return N_("Diangkat dari minggu dari %(week)s", week=_week(step.becomes))
    return N_("Diangkat oleh petugas")


def _closed(step: SignalStepView) -> str:
    verdict, _, outcome = step.becomes.partition(" ")
    return N_(
        "Ditutup sebagai %(verdict)s: %(outcome)s",
        verdict=VERDICT_WORDS.get(verdict, verdict),
        outcome=OUTCOME_WORDS.get(outcome, outcome),
    )


def _assessed(step: SignalStepView) -> str:
    cell = cell_of(step.becomes)
    if cell is None:
        return N_("Risiko dinilai")
    return N_(
        "Risiko dinilai: %(level)s (kemungkinan %(likelihood)s, akibat %(consequence)s)",
        level=LEVEL_WORDS[cell.level],
        likelihood=cell.likelihood,
        consequence=cell.consequence,
    )


def _monitor(step: SignalStepView) -> str:
    if not step.becomes:
        return N_("Pemantauan diakhiri")
    day = datetime.date(1970, 1, 1) + datetime.timedelta(int(step.becomes))
    return N_("Dipantau sampai %(day)s", day=date_in_words(day))


def _assigned(step: SignalStepView) -> str:
    return N_("Dipegang %(name)s", name=step.becomes) if step.becomes else N_("Tidak dipegang siapa pun")


def _bottleneck(step: SignalStepView) -> str:
    clock, _, why = step.becomes.partition(" ")
    return N_(
        "Hambatan, %(clock)s: %(why)s",
        clock=CLOCK_WORDS.get(clock, clock).lower(),
        why=BOTTLENECKS.get(why, why),
    )


def _separated(step: SignalStepView) -> str:
    if step.was:
        return N_("Dipisahkan dari sinyal %(number)s", number=step.was)
    return N_("Satu temuan dipisahkan menjadi sinyal %(number)s", number=step.becomes)

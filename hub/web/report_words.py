"""A report in words: the label of every field, and its value as it is shown."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from markupsafe import Markup, escape

from hub.languages import N_, counted, figures
from hub.web.local_time import date_in_words
from hub.web.shown_text import show_text
from sync.records import INDICATORS, Indicator, Report

NOT_SAID: Final = N_("tidak disebut")

KIND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "recruiter": N_("Perekrut atau calo"),
        "departure": N_("Rencana keberangkatan"),
        "victim": N_("Korban"),
        "missing": N_("Orang hilang kontak"),
        "document": N_("Dokumen"),
        "other": N_("Lain-lain"),
    }
)
URGENCY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "now": N_("Mendesak: ada bahaya sekarang, atau berangkat dalam 48 jam"),
        "soon": N_("Segera: dalam waktu sekitar satu bulan"),
        "info": N_("Informasi: tanpa tanggal"),
    }
)
URGENCY_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {"now": N_("Mendesak"), "soon": N_("Segera"), "info": N_("Informasi")}
)
CHANNEL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "web": N_("situs desa"),
        "telegram": N_("Telegram"),
        "sms": N_("SMS"),
        "facilitator": N_("fasilitator"),
        "paper": N_("formulir kertas"),
        "hub": "hub",
    }
)
JOB_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "domestic": N_("pekerja rumah tangga"),
        "caregiver": N_("perawat lansia atau anak"),
        "plantation": N_("perkebunan"),
        "construction": N_("bangunan"),
        "factory": N_("pabrik"),
        "fishing": N_("kapal ikan"),
        "hospitality": N_("hotel atau restoran"),
        "online": N_("pekerjaan online"),
        "entertainment": N_("hiburan"),
        "driver": N_("sopir"),
        "marriage": N_("pernikahan"),
        "other": N_("lain-lain"),
    }
)
RELATION_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "self": N_("orang yang mengalami sendiri"),
        "family": N_("keluarga"),
        "neighbour": N_("tetangga"),
        "official": N_("perangkat desa"),
        "facilitator": N_("fasilitator"),
        "other": N_("lain-lain"),
    }
)
GROUP_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"act": N_("Perbuatan"), "means": N_("Cara"), "purpose": N_("Tujuan (eksploitasi)")}
)
VIA_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "radio": N_("radio LoRa"),
        "http": N_("internet"),
        "courier": N_("kurir (ponsel atau USB)"),
        "collect": N_("ponsel dengan ODK Collect"),
    }
)
LANGUAGE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": N_("bahasa Indonesia"),
        "jv": N_("bahasa Jawa"),
        "su": N_("bahasa Sunda"),
        "sas": N_("bahasa Sasak"),
        "mad": N_("bahasa Madura"),
        "ban": N_("bahasa Bali"),
        "bug": N_("bahasa Bugis"),
        "ace": N_("bahasa Aceh"),
        "bew": N_("bahasa Betawi"),
        "bhp": N_("bahasa Bima"),
        "bjn": N_("bahasa Banjar"),
        "btk": N_("bahasa Batak"),
        "day": N_("bahasa Dayak"),
        "gay": N_("bahasa Gayo"),
        "gor": N_("bahasa Gorontalo"),
        "ljp": N_("bahasa Lampung"),
        "mak": N_("bahasa Makassar"),
        "mdr": N_("bahasa Mandar"),
        "min": N_("bahasa Minangkabau"),
        "mkn": N_("bahasa Melayu Kupang"),
        "mqy": N_("bahasa Manggarai"),
        "ms": N_("bahasa Melayu"),
        "mui": N_("bahasa Palembang"),
        "nia": N_("bahasa Nias"),
        "osi": N_("bahasa Osing"),
        "rej": N_("bahasa Rejang"),
        "sda": N_("bahasa Toraja"),
        "smw": N_("bahasa Sumbawa"),
        "tet": N_("bahasa Tetun"),
        "xbr": N_("bahasa Sumba"),
        "en": N_("bahasa Inggris"),
    }
)
COUNTRY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AE": N_("Uni Emirat Arab"),
        "AU": N_("Australia"),
        "BH": N_("Bahrain"),
        "BN": N_("Brunei"),
        "CN": N_("Tiongkok"),
        "DE": N_("Jerman"),
        "HK": N_("Hong Kong"),
        "ID": N_("Indonesia"),
        "IQ": N_("Irak"),
        "IT": N_("Italia"),
        "JO": N_("Yordania"),
        "JP": N_("Jepang"),
        "KH": N_("Kamboja"),
        "KR": N_("Korea Selatan"),
        "KW": N_("Kuwait"),
        "LA": N_("Laos"),
        "LB": N_("Lebanon"),
        "LY": N_("Libya"),
        "MM": N_("Myanmar"),
        "MO": N_("Makau"),
        "MY": N_("Malaysia"),
        "NZ": N_("Selandia Baru"),
        "OM": N_("Oman"),
        "PG": N_("Papua Nugini"),
        "PH": N_("Filipina"),
        "PL": N_("Polandia"),
        "QA": N_("Qatar"),
        "SA": N_("Arab Saudi"),
        "SD": N_("Sudan"),
        "SG": N_("Singapura"),
        "SY": N_("Suriah"),
        "TH": N_("Thailand"),
        "TL": N_("Timor-Leste"),
        "TR": N_("Turki"),
        "TW": N_("Taiwan"),
        "VN": N_("Vietnam"),
    }
)


@dataclass(frozen=True)
class Line:
    """One field: its label and its value as HTML."""

    label: str
    value: Markup


@dataclass(frozen=True)
class Section:
    """Fields that belong together."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class IndicatorGroup:
    """The ticked signs of one group: act, means or purpose."""

    title: str
    indicators: tuple[Indicator, ...]


def in_words(words: Mapping[str, str], code: str) -> str:
    """Return the words for a code; a code from a later version is shown as it is."""
    return words.get(code, code)


def village_in_words(name: str) -> str:
    """Return a village as a page calls it."""
    return N_("Desa %(village)s", village=name)


def _date(value: object) -> Markup:
    return escape(date_in_words(datetime.date.fromisoformat(str(value))))


def _rupiah(value: object) -> Markup:
    return escape("Rp" + figures(value))


def _text(value: object) -> Markup:
    return show_text(str(value)) if value != "" else escape(N_("(dikirim kosong)"))


def _choice(words: Mapping[str, str]) -> Callable[[object], Markup]:
    return lambda value: escape(in_words(words, str(value)))


def _code_and_words(words: Mapping[str, str]) -> Callable[[object], Markup]:
    def show(value: object) -> Markup:
        name = words.get(str(value))
        return Markup("{} ({})").format(name, show_text(str(value))) if name else show_text(str(value))

    return show


def _yes_or_no(yes: str = N_("ya"), no: str = N_("tidak")) -> Callable[[object], Markup]:
    return lambda value: escape(yes if value else no)


def _people(value: object) -> Markup:
    return escape(counted("%(count)s orang", int(str(value))))


def _degrees(value: object) -> Markup:
    return escape(f"{int(str(value)) / 100_000:.5f}°")


@dataclass(frozen=True)
class _Field:
    section: str
    label: str
    show: Callable[[object], Markup]
    when_absent: str | None = None


_EVENT: Final = N_("Kejadian")
_RECRUITER: Final = N_("Perekrut")
_OFFER: Final = N_("Tawaran")
_PEOPLE: Final = N_("Orang yang terlibat")
_REPORTER: Final = N_("Pelapor")

REPORTER_SECTION: Final = _REPORTER
"""Title of the section about whoever reported."""

_FIELDS: Final[Mapping[str, _Field]] = MappingProxyType(
    {
        "kind": _Field(_EVENT, N_("Jenis laporan"), _choice(KIND_WORDS)),
        "urgency": _Field(_EVENT, N_("Urgensi"), _choice(URGENCY_WORDS), NOT_SAID),
        "observed_on": _Field(_EVENT, N_("Tanggal kejadian"), _date, NOT_SAID),
        "place": _Field(_EVENT, N_("Kode wilayah kejadian"), _text),
        "place_text": _Field(_EVENT, N_("Tempat kejadian"), _text),
        "position.lat_e5": _Field(_EVENT, N_("Lintang"), _degrees),
        "position.lon_e5": _Field(_EVENT, N_("Bujur"), _degrees),
        "official_involved": _Field(_EVENT, N_("Perangkat desa disebut terlibat"), _yes_or_no()),
        "recruiter.name": _Field(_RECRUITER, N_("Nama"), _text),
        "recruiter.alias": _Field(_RECRUITER, N_("Nama lain"), _text),
        "recruiter.phone": _Field(_RECRUITER, N_("Telepon"), _text),
        "recruiter.company": _Field(_RECRUITER, N_("Perusahaan"), _text),
        "recruiter.social": _Field(_RECRUITER, N_("Media sosial"), _text),
        "recruiter.vehicle_plate": _Field(_RECRUITER, N_("Pelat kendaraan"), _text),
        "recruiter.licence_shown": _Field(_RECRUITER, N_("Menunjukkan izin (SIP3MI)"), _yes_or_no()),
        "offer.destination": _Field(_OFFER, N_("Negara tujuan"), _code_and_words(COUNTRY_WORDS)),
        "offer.job": _Field(_OFFER, N_("Pekerjaan"), _choice(JOB_WORDS)),
        "offer.wage_idr": _Field(_OFFER, N_("Upah sebulan yang dijanjikan"), _rupiah),
        "offer.fee_idr": _Field(_OFFER, N_("Uang yang diminta"), _rupiah),
        "offer.departure_on": _Field(_OFFER, N_("Tanggal berangkat"), _date),
        "offer.route": _Field(_OFFER, N_("Rute"), _text),
        "people.women": _Field(_PEOPLE, N_("Perempuan"), _people),
        "people.men": _Field(_PEOPLE, N_("Laki-laki"), _people),
        "people.children": _Field(_PEOPLE, N_("Anak"), _people),
        "reporter.relation": _Field(_REPORTER, N_("Hubungan dengan korban"), _choice(RELATION_WORDS)),
        "reporter.contact": _Field(_REPORTER, N_("Kontak"), _text, NOT_SAID),
        "reporter.contact_safely": _Field(_REPORTER, N_("Cara menghubungi dengan aman"), _text, NOT_SAID),
        "reporter.refer": _Field(
            _REPORTER,
            N_("Boleh diteruskan ke lembaga bantuan"),
            _yes_or_no(N_("ya"), N_("tidak: jangan diteruskan")),
            N_("tidak disebut: tanyakan dulu sebelum meneruskan"),
        ),
        "channel": _Field(_REPORTER, N_("Melapor lewat"), _choice(CHANNEL_WORDS)),
        "language": _Field(_REPORTER, N_("Bahasa laporan"), _code_and_words(LANGUAGE_WORDS)),
    }
)
"""In the order in which they are shown. An absent field is left out unless that it is absent matters."""


def field_words(path: str) -> tuple[str, str]:
    """Return the title of the section and the label of a field; raise KeyError for one shown apart."""
    return _FIELDS[path].section, _FIELDS[path].label


SHOWN_APART: Final = ("narrative", "indicators")
"""Fields that have a place of their own on the page."""


def report_sections(report: Report) -> tuple[Section, ...]:
    """Return every field of the report that was said, grouped and in words."""
    said = dict(_flat(report.to_json()))
    sections: dict[str, list[Line]] = {}
    for path, field in _FIELDS.items():
        lines = sections.setdefault(field.section, [])
        if path in said:
            lines.append(Line(field.label, field.show(said[path])))
        elif field.when_absent is not None:
            lines.append(Line(field.label, escape(field.when_absent)))
    return tuple(Section(title, tuple(lines)) for title, lines in sections.items() if lines)


def indicator_groups(report: Report) -> tuple[IndicatorGroup, ...]:
    """Return the ticked signs by group, in the order of the contract."""
    ticked = report.indicators or frozenset()
    return tuple(
        IndicatorGroup(title, signs)
        for group, title in GROUP_WORDS.items()
        if (signs := tuple(sign for sign in INDICATORS if sign.group == group and sign.code in ticked))
    )


def _flat(fields: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


FORWARDED_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "kept": N_("tidak diteruskan: pelapor tidak mau"),
        "refused": N_("tidak diteruskan: bentuk atau panjangnya ditolak"),
        "saved": N_("diteruskan, belum dikirim"),
        "on_its_way": N_("diteruskan, dalam perjalanan"),
        "received": N_("diteruskan dan diterima"),
        "read": N_("diteruskan dan dibaca"),
        "acted_on": N_("diteruskan dan ditindaklanjuti"),
    }
)
"""How far a report got at the hub above this one."""

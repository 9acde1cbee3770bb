"""A report in Indonesian words: the label of every field, and its value as it is shown."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from markupsafe import Markup, escape

from hub.web.local_time import date_in_words
from hub.web.shown_text import show_text
from sync.records import INDICATORS, Indicator, Report

NOT_SAID: Final = "tidak disebut"

KIND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "recruiter": "Perekrut atau calo",
        "departure": "Rencana keberangkatan",
        "victim": "Korban",
        "missing": "Orang hilang kontak",
        "document": "Dokumen",
        "other": "Lain-lain",
    }
)
URGENCY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "now": "Mendesak: ada bahaya sekarang, atau berangkat dalam 48 jam",
        "soon": "Segera: dalam waktu sekitar satu bulan",
        "info": "Informasi: tanpa tanggal",
    }
)
URGENCY_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {"now": "Mendesak", "soon": "Segera", "info": "Informasi"}
)
CHANNEL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "web": "situs desa",
        "telegram": "Telegram",
        "sms": "SMS",
        "facilitator": "fasilitator",
        "paper": "formulir kertas",
        "hub": "hub",
    }
)
JOB_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "domestic": "pekerja rumah tangga",
        "caregiver": "perawat lansia atau anak",
        "plantation": "perkebunan",
        "construction": "bangunan",
        "factory": "pabrik",
        "fishing": "kapal ikan",
        "hospitality": "hotel atau restoran",
        "online": "pekerjaan online",
        "entertainment": "hiburan",
        "driver": "sopir",
        "marriage": "pernikahan",
        "other": "lain-lain",
    }
)
RELATION_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "self": "orang yang mengalami sendiri",
        "family": "keluarga",
        "neighbour": "tetangga",
        "official": "perangkat desa",
        "facilitator": "fasilitator",
        "other": "lain-lain",
    }
)
GROUP_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"act": "Perbuatan", "means": "Cara", "purpose": "Tujuan (eksploitasi)"}
)
VIA_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"radio": "radio LoRa", "http": "internet", "courier": "kurir (ponsel atau USB)"}
)
LANGUAGE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "bahasa Indonesia",
        "jv": "bahasa Jawa",
        "su": "bahasa Sunda",
        "sas": "bahasa Sasak",
        "mad": "bahasa Madura",
        "ban": "bahasa Bali",
        "bug": "bahasa Bugis",
        "ace": "bahasa Aceh", "bew": "bahasa Betawi", "bhp": "bahasa Bima", "bjn": "bahasa Banjar",
        "btk": "bahasa Batak", "day": "bahasa Dayak", "gay": "bahasa Gayo",
        "gor": "bahasa Gorontalo", "ljp": "bahasa Lampung", "mak": "bahasa Makassar",
        "mdr": "bahasa Mandar", "min": "bahasa Minangkabau", "mkn": "bahasa Melayu Kupang",
        "mqy": "bahasa Manggarai", "ms": "bahasa Melayu", "mui": "bahasa Palembang",
        "nia": "bahasa Nias", "osi": "bahasa Osing", "rej": "bahasa Rejang", "sda": "bahasa Toraja",
        "smw": "bahasa Sumbawa", "tet": "bahasa Tetun", "xbr": "bahasa Sumba",
        "en": "bahasa Inggris",
    }
)  # fmt: skip
COUNTRY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AE": "Uni Emirat Arab", "AU": "Australia", "BH": "Bahrain", "BN": "Brunei", "CN": "Tiongkok",
        "DE": "Jerman", "HK": "Hong Kong", "ID": "Indonesia", "IQ": "Irak", "IT": "Italia",
        "JO": "Yordania", "JP": "Jepang", "KH": "Kamboja", "KR": "Korea Selatan", "KW": "Kuwait",
        "LA": "Laos", "LB": "Lebanon", "LY": "Libya", "MM": "Myanmar", "MO": "Makau", "MY": "Malaysia",
        "NZ": "Selandia Baru", "OM": "Oman", "PG": "Papua Nugini", "PH": "Filipina", "PL": "Polandia",
        "QA": "Qatar", "SA": "Arab Saudi", "SD": "Sudan", "SG": "Singapura", "SY": "Suriah",
        "TH": "Thailand", "TL": "Timor-Leste", "TR": "Turki", "TW": "Taiwan", "VN": "Vietnam",
    }
)  # fmt: skip


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


def _date(value: object) -> Markup:
    return escape(date_in_words(datetime.date.fromisoformat(str(value))))


def _rupiah(value: object) -> Markup:
    return escape("Rp" + f"{value:,}".replace(",", "."))


def _text(value: object) -> Markup:
    return show_text(str(value)) if value != "" else Markup("(dikirim kosong)")


def _choice(words: Mapping[str, str]) -> Callable[[object], Markup]:
    return lambda value: escape(in_words(words, str(value)))


def _code_and_words(words: Mapping[str, str]) -> Callable[[object], Markup]:
    def show(value: object) -> Markup:
        name = words.get(str(value))
        return Markup("{} ({})").format(name, show_text(str(value))) if name else show_text(str(value))

    return show


def _yes_or_no(yes: str = "ya", no: str = "tidak") -> Callable[[object], Markup]:
    return lambda value: escape(yes if value else no)


def _people(value: object) -> Markup:
    return escape(f"{value} orang")


def _degrees(value: object) -> Markup:
    return escape(f"{int(str(value)) / 100_000:.5f}°")


@dataclass(frozen=True)
class _Field:
    section: str
    label: str
    show: Callable[[object], Markup]
    when_absent: str | None = None


_EVENT: Final = "Kejadian"
_RECRUITER: Final = "Perekrut"
_OFFER: Final = "Tawaran"
_PEOPLE: Final = "Orang yang terlibat"
_REPORTER: Final = "Pelapor"

REPORTER_SECTION: Final = _REPORTER
"""Title of the section about whoever reported."""

_FIELDS: Final[Mapping[str, _Field]] = MappingProxyType(
    {
        "kind": _Field(_EVENT, "Jenis laporan", _choice(KIND_WORDS)),
        "urgency": _Field(_EVENT, "Urgensi", _choice(URGENCY_WORDS), NOT_SAID),
        "observed_on": _Field(_EVENT, "Tanggal kejadian", _date, NOT_SAID),
        "place": _Field(_EVENT, "Kode wilayah kejadian", _text),
        "place_text": _Field(_EVENT, "Tempat kejadian", _text),
        "position.lat_e5": _Field(_EVENT, "Lintang", _degrees),
        "position.lon_e5": _Field(_EVENT, "Bujur", _degrees),
        "official_involved": _Field(_EVENT, "Perangkat desa disebut terlibat", _yes_or_no()),
        "recruiter.name": _Field(_RECRUITER, "Nama", _text),
        "recruiter.alias": _Field(_RECRUITER, "Nama lain", _text),
        "recruiter.phone": _Field(_RECRUITER, "Telepon", _text),
        "recruiter.company": _Field(_RECRUITER, "Perusahaan", _text),
        "recruiter.social": _Field(_RECRUITER, "Media sosial", _text),
        "recruiter.vehicle_plate": _Field(_RECRUITER, "Pelat kendaraan", _text),
        "recruiter.licence_shown": _Field(_RECRUITER, "Menunjukkan izin (SIP3MI)", _yes_or_no()),
        "offer.destination": _Field(_OFFER, "Negara tujuan", _code_and_words(COUNTRY_WORDS)),
        "offer.job": _Field(_OFFER, "Pekerjaan", _choice(JOB_WORDS)),
        "offer.wage_idr": _Field(_OFFER, "Upah sebulan yang dijanjikan", _rupiah),
        "offer.fee_idr": _Field(_OFFER, "Uang yang diminta", _rupiah),
        "offer.departure_on": _Field(_OFFER, "Tanggal berangkat", _date),
        "offer.route": _Field(_OFFER, "Rute", _text),
        "people.women": _Field(_PEOPLE, "Perempuan", _people),
        "people.men": _Field(_PEOPLE, "Laki-laki", _people),
        "people.children": _Field(_PEOPLE, "Anak", _people),
        "reporter.relation": _Field(_REPORTER, "Hubungan dengan korban", _choice(RELATION_WORDS)),
        "reporter.contact": _Field(_REPORTER, "Kontak", _text, NOT_SAID),
        "reporter.contact_safely": _Field(_REPORTER, "Cara menghubungi dengan aman", _text, NOT_SAID),
        "reporter.refer": _Field(
            _REPORTER,
            "Boleh diteruskan ke lembaga bantuan",
            _yes_or_no("ya", "tidak: jangan diteruskan"),
            "tidak disebut: tanyakan dulu sebelum meneruskan",
        ),
        "channel": _Field(_REPORTER, "Melapor lewat", _choice(CHANNEL_WORDS)),
        "language": _Field(_REPORTER, "Bahasa laporan", _code_and_words(LANGUAGE_WORDS)),
    }
)
"""In the order in which they are shown. An absent field is left out unless that it is absent matters."""

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
        "kept": "tidak diteruskan: pelapor tidak mau",
        "saved": "diteruskan, belum dikirim",
        "on_its_way": "diteruskan, dalam perjalanan",
        "received": "diteruskan dan diterima",
        "read": "diteruskan dan dibaca",
        "acted_on": "diteruskan dan ditindaklanjuti",
    }
)
"""How far a report got at the hub above this one."""

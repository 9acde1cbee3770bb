"""What of a report or a case may be passed on, in words; the least that each kind of agency needs. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.languages import N_, counted
from hub.services import ReportView
from hub.web.local_time import date_in_words
from hub.web.report_words import (
    COUNTRY_WORDS,
    JOB_WORDS,
    KIND_WORDS,
    LANGUAGE_WORDS,
    RELATION_WORDS,
    URGENCY_SHORT,
)
from sync.areas.table import area_names
from sync.records import INDICATORS

YES, NO = "ya", "tidak"


@dataclass(frozen=True)
class Field:
    """Something that can be passed on. `key` is its path in a report, or "case." and what of a case."""

    key: str
    group: str
    label: str


_EVENT, _RECRUITER, _OFFER = N_("Kejadian"), N_("Perekrut"), N_("Tawaran")
_PEOPLE, _REPORTER, _CASE = N_("Orang yang terlibat"), N_("Pelapor"), N_("Kasus")

FIELDS: Final = (
    Field("kind", _EVENT, N_("Jenis laporan")),
    Field("urgency", _EVENT, N_("Urgensi")),
    Field("received_on", _EVENT, N_("Tanggal sampai di hub")),
    Field("observed_on", _EVENT, N_("Tanggal kejadian")),
    Field("place", _EVENT, N_("Wilayah kejadian")),
    Field("place_text", _EVENT, N_("Tempat kejadian")),
    Field("position", _EVENT, N_("Titik lokasi")),
    Field("indicators", _EVENT, N_("Tanda-tanda")),
    Field("narrative", _EVENT, N_("Cerita pelapor")),
    Field("additions", _EVENT, N_("Tambahan dari pelapor")),
    Field("official_involved", _EVENT, N_("Perangkat desa disebut terlibat")),
    Field("recruiter.name", _RECRUITER, N_("Nama")),
    Field("recruiter.alias", _RECRUITER, N_("Nama lain")),
    Field("recruiter.phone", _RECRUITER, N_("Telepon")),
    Field("recruiter.company", _RECRUITER, N_("Perusahaan")),
    Field("recruiter.social", _RECRUITER, N_("Media sosial")),
    Field("recruiter.vehicle_plate", _RECRUITER, N_("Pelat kendaraan")),
    Field("recruiter.licence_shown", _RECRUITER, N_("Menunjukkan izin (SIP3MI)")),
    Field("offer.destination", _OFFER, N_("Negara tujuan")),
    Field("offer.job", _OFFER, N_("Pekerjaan")),
    Field("offer.wage_idr", _OFFER, N_("Upah sebulan yang dijanjikan")),
    Field("offer.fee_idr", _OFFER, N_("Uang yang diminta")),
    Field("offer.departure_on", _OFFER, N_("Tanggal berangkat")),
    Field("offer.route", _OFFER, N_("Rute")),
    Field("people.women", _PEOPLE, N_("Perempuan")),
    Field("people.men", _PEOPLE, N_("Laki-laki")),
    Field("people.children", _PEOPLE, N_("Anak")),
    Field("reporter.relation", _REPORTER, N_("Hubungan dengan korban")),
    Field("reporter.contact", _REPORTER, N_("Kontak")),
    Field("reporter.contact_safely", _REPORTER, N_("Cara menghubungi dengan aman")),
    Field("language", _REPORTER, N_("Bahasa laporan")),
    Field("case.title", _CASE, N_("Judul kasus")),
    Field("case.people", _CASE, N_("Orang yang diperhatikan")),
    Field("case.places", _CASE, N_("Tempat")),
)
BY_KEY: Final[Mapping[str, Field]] = MappingProxyType({field.key: field for field in FIELDS})

_ALWAYS: Final = (
    *("kind", "urgency", "place", "indicators", "offer.destination", "offer.departure_on"),
    *("people.women", "people.men", "people.children"),
)
DEFAULTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # Who licenses and supervises firms: the firm and the offer.
        "kp2mi": (*_ALWAYS, "recruiter.company", "recruiter.licence_shown", "offer.job", "offer.fee_idr"),
        # Who investigates: who did what, and where.
        "polri": (
            *(*_ALWAYS, "observed_on", "place_text", "narrative", "recruiter.name", "recruiter.alias"),
            *("recruiter.phone", "recruiter.company", "recruiter.vehicle_plate", "offer.route"),
        ),
        # Who protects abroad: where somebody is or will arrive.
        "kemlu": (*_ALWAYS, "offer.job", "offer.route", "narrative"),
        # Who protects people: what happened to whom, not who did it.
        "ppa": (*_ALWAYS, "narrative", "reporter.relation"),
        "lpsk": (*_ALWAYS, "narrative", "reporter.relation"),
        "hub": _ALWAYS,
        "other": _ALWAYS,
    }
)
"""The least that each kind of agency needs. Nobody's contact is among it: an officer ticks that."""


def raw_values(view: ReportView, received_on: str) -> dict[str, object]:
    """Return everything of a report that can be passed on and was said, by key; `received_on` is ISO 8601."""
    said = dict(_flat(view.report.to_json()))
    if view.report.position is not None:
        at = view.report.position
        said["position"] = (at.lat_e5 / 100_000, at.lon_e5 / 100_000)
    if view.additions:
        said["additions"] = [one.text for one in view.additions if one.text]
    said.setdefault("place", view.village)
    said["received_on"] = received_on
    return {key: value for key, value in said.items() if key in BY_KEY}


def in_words(key: str, value: object) -> str:
    """Return a value as an agency reads it."""
    match key:
        case "kind" | "urgency" | "offer.job" | "reporter.relation" | "language" | "offer.destination":
            return _CODES[key].get(str(value), str(value))
        case "received_on" | "observed_on" | "offer.departure_on":
            return date_in_words(datetime.date.fromisoformat(str(value)))
        case "place":
            return area_in_words(str(value))
        case "position" if isinstance(value, tuple):
            return f"{value[0]:.5f}, {value[1]:.5f}"
        case "indicators" if isinstance(value, list):
            return "\n".join(sign.id for sign in INDICATORS if sign.code in value)
        case "additions" if isinstance(value, list):
            return "\n\n".join(value)
        case "offer.wage_idr" | "offer.fee_idr":
            return "Rp" + f"{value:,}".replace(",", ".")
        case "people.women" | "people.men" | "people.children" if isinstance(value, int):
            return counted("%(count)s orang", value)
        case _ if isinstance(value, bool):
            return YES if value else NO
        case _:
            return str(value)


def area_in_words(code: str) -> str:
    """Return an area with those above it, the smallest first, and its code."""
    names = area_names()
    found = [names.name_of(code[:size]) for size in (13, 8, 5, 2) if size <= len(code)]
    return f"{', '.join(name for name in found if name)} ({code})"


_CODES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "kind": KIND_WORDS,
        "urgency": URGENCY_SHORT,
        "offer.job": JOB_WORDS,
        "offer.destination": COUNTRY_WORDS,
        "reporter.relation": RELATION_WORDS,
        "language": LANGUAGE_WORDS,
    }
)


def _flat(fields: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value

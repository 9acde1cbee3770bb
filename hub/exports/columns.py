"""What a row of an export holds, with its header and HXL hashtag; which of it tells of people. Pure.

`docs/exports.md` lists the hashtags; a test holds it to this module.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.cases.states import OUTCOME, RESPONSE, RISK, SIGNAL, VERIFICATION, States
from hub.exports.tables import Cell
from hub.languages import N_
from hub.web.report_words import JOB_WORDS, KIND_WORDS, RELATION_WORDS, URGENCY_SHORT
from hub.web.state_words import STAGE_WORDS, VALUE_WORDS
from sync.areas.table import area_names
from sync.records import Report

CASE_STATES: Final = {"open": N_("terbuka"), "closed": N_("selesai"), "merged": N_("digabung")}
_LIST: Final = "; "


@dataclass(frozen=True)
class ReportRecord:
    """One report as it is exported. `additions` are texts, `case` a number or empty."""

    id: str
    village: str
    received_on: datetime.date
    report: Report
    states: States
    assignee: str
    case: str
    withdrawn: bool
    corrected: bool
    """Whether it names somebody wrongly, who is not in `report` and `additions` then."""
    from_shut_out: bool
    """Whether its box was shut out by then, and a person took it in."""
    additions: tuple[str, ...]


@dataclass(frozen=True)
class CaseRecord:
    """One case as it is exported; of its reports those that the account may see."""

    number: str
    title: str
    state: str
    outcome: str
    opened_on: datetime.date
    opened_by: str
    villages: tuple[str, ...]
    kinds: tuple[str, ...]
    reports: int
    open_tasks: int
    late_tasks: int
    people: tuple[str, ...]
    phones: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column. `personal` ones hold names, phones, places of people or free text."""

    header: str
    hashtag: str
    value: Callable[[Any], Cell]
    personal: bool = False


def _field(path: str, words: dict[str, str] | None = None) -> Callable[[ReportRecord], Cell]:
    def value(row: ReportRecord) -> Cell:
        found: Any = row.report
        for name in path.split("."):
            found = None if found is None else getattr(found, name)
        if found is None:
            return ""
        if isinstance(found, bool):
            return "ya" if found else "tidak"
        if isinstance(found, int):
            return found
        return str((words or {}).get(found, found))

    return value


def _state(name: str) -> Callable[[ReportRecord], Cell]:
    return lambda row: VALUE_WORDS[name][row.states.value(name)]


def _area(level: int, *, named: bool) -> Callable[[ReportRecord], Cell]:
    def value(row: ReportRecord) -> Cell:
        code = ".".join(row.village.split(".")[:level])
        return (area_names().name_of(code) or "") if named else code

    return value


def _indicators(row: ReportRecord) -> Cell:
    return _LIST.join(str(one) for one in _listed(row.report.to_json().get("indicators")))


def _listed(found: object) -> Sequence[object]:
    return found if isinstance(found, list) else ()


def _degrees(which: str) -> Callable[[ReportRecord], Cell]:
    def value(row: ReportRecord) -> Cell:
        position = row.report.position
        return "" if position is None else f"{getattr(position, which) / 100_000:.5f}"

    return value


REPORT_COLUMNS: Final = (
    Column("Nomor", "#meta+id", lambda row: row.id),
    Column("Kasus", "#meta+case+id", lambda row: row.case),
    Column("Tanggal sampai di hub", "#date+received", lambda row: row.received_on.isoformat()),
    Column("Tanggal kejadian", "#date+occurred", _field("observed_on")),
    Column("Jenis laporan", "#event+type", _field("kind", dict(KIND_WORDS))),
    Column("Urgensi", "#severity+urgency", _field("urgency", dict(URGENCY_SHORT))),
    Column("Tahap", "#status+stage", lambda row: STAGE_WORDS[row.states.stage]),
    Column("Sinyal", "#status+signal", _state(SIGNAL)),
    Column("Verifikasi", "#status+verification", _state(VERIFICATION)),
    Column("Risiko", "#severity+risk", _state(RISK)),
    Column("Tindakan", "#status+response", _state(RESPONSE)),
    Column("Hasil", "#status+outcome", _state(OUTCOME)),
    Column("Ditarik pelapor", "#status+withdrawn", lambda row: "ya" if row.withdrawn else "tidak"),
    Column("Orang salah disebut", "#status+corrected", lambda row: "ya" if row.corrected else "tidak"),
    Column("Dari kotak yang dicabut", "#status+unproven", lambda row: "ya" if row.from_shut_out else "tidak"),
    Column("Kode provinsi", "#adm1+code", _area(1, named=False)),
    Column("Provinsi", "#adm1+name", _area(1, named=True)),
    Column("Kode kabupaten", "#adm2+code", _area(2, named=False)),
    Column("Kabupaten atau kota", "#adm2+name", _area(2, named=True)),
    Column("Kode desa", "#adm4+code", lambda row: row.village),
    Column("Desa", "#adm4+name", _area(4, named=True)),
    Column("Kode wilayah kejadian", "#loc+event+code", _field("place")),
    Column("Tanda-tanda", "#indicator+code+list", _indicators),
    Column("Perangkat desa disebut terlibat", "#indicator+official", _field("official_involved")),
    Column("Menunjukkan izin (SIP3MI)", "#indicator+licence", _field("recruiter.licence_shown")),
    Column("Negara tujuan", "#country+destination+code", _field("offer.destination")),
    Column("Pekerjaan", "#activity+job", _field("offer.job", dict(JOB_WORDS))),
    Column("Upah sebulan (rupiah)", "#value+wage+idr", _field("offer.wage_idr")),
    Column("Biaya (rupiah)", "#value+fee+idr", _field("offer.fee_idr")),
    Column("Rencana berangkat", "#date+departure", _field("offer.departure_on")),
    Column("Perempuan", "#affected+f", _field("people.women")),
    Column("Laki-laki", "#affected+m", _field("people.men")),
    Column("Anak", "#affected+children", _field("people.children")),
    Column("Hubungan pelapor", "#respondee+relation", _field("reporter.relation", dict(RELATION_WORDS))),
    Column("Setuju dirujuk", "#respondee+refer", _field("reporter.refer")),
    Column("Melapor lewat", "#channel+type", _field("channel")),
    Column("Bahasa", "#meta+lang", _field("language")),
    Column("Dipegang", "#contact+staff+name", lambda row: row.assignee, personal=True),
    Column("Cerita pelapor", "#description+narrative", _field("narrative"), personal=True),
    Column("Tambahan pelapor", "#description+added", lambda row: "\n\n".join(row.additions), personal=True),
    Column("Tempat kejadian", "#loc+event+description", _field("place_text"), personal=True),
    Column("Lintang", "#geo+lat", _degrees("lat_e5"), personal=True),
    Column("Bujur", "#geo+lon", _degrees("lon_e5"), personal=True),
    Column("Perekrut", "#contact+recruiter+name", _field("recruiter.name"), personal=True),
    Column("Nama lain perekrut", "#contact+recruiter+alias", _field("recruiter.alias"), personal=True),
    Column("Telepon perekrut", "#contact+recruiter+phone", _field("recruiter.phone"), personal=True),
    Column("Media sosial perekrut", "#contact+recruiter+social", _field("recruiter.social"), personal=True),
    Column("Perusahaan", "#org+recruiter+name", _field("recruiter.company"), personal=True),
    Column("Pelat kendaraan", "#item+vehicle+plate", _field("recruiter.vehicle_plate"), personal=True),
    Column("Jalur", "#description+route", _field("offer.route"), personal=True),
    Column("Kontak pelapor", "#contact+reporter", _field("reporter.contact"), personal=True),
    Column(
        "Cara menghubungi yang aman",
        "#contact+reporter+safely",
        _field("reporter.contact_safely"),
        personal=True,
    ),
)

CASE_COLUMNS: Final = (
    Column("Nomor", "#meta+case+id", lambda row: row.number),
    Column("Keadaan", "#status+state", lambda row: CASE_STATES.get(row.state, row.state)),
    Column("Hasil", "#status+outcome", lambda row: VALUE_WORDS[OUTCOME].get(row.outcome, row.outcome)),
    Column("Dibuka", "#date+opened", lambda row: row.opened_on.isoformat()),
    Column("Laporan", "#event+num", lambda row: row.reports),
    Column("Jenis laporan", "#event+type+list", lambda row: _LIST.join(KIND_WORDS[k] for k in row.kinds)),
    Column(
        "Kode kabupaten",
        "#adm2+code+list",
        lambda row: _LIST.join(sorted({".".join(v.split(".")[:2]) for v in row.villages})),
    ),
    Column("Tugas terbuka", "#activity+num+open", lambda row: row.open_tasks),
    Column("Tugas terlambat", "#activity+num+late", lambda row: row.late_tasks),
    Column("Judul", "#description+title", lambda row: row.title, personal=True),
    Column("Dibuka oleh", "#contact+staff+name", lambda row: row.opened_by, personal=True),
    Column(
        "Orang yang perlu diperhatikan",
        "#contact+interest+name+list",
        lambda row: _LIST.join(row.people),
        personal=True,
    ),
    Column(
        "Telepon mereka", "#contact+interest+phone+list", lambda row: _LIST.join(row.phones), personal=True
    ),
    Column("Tempat", "#loc+name+list", lambda row: _LIST.join(row.places), personal=True),
)


def chosen(columns: Sequence[Column], *, personal: bool) -> tuple[Column, ...]:
    """Return the columns of an export."""
    return tuple(column for column in columns if personal or not column.personal)


def head(columns: Sequence[Column]) -> list[list[Cell]]:
    """Return the row of headers and the row of HXL hashtags."""
    return [[column.header for column in columns], [column.hashtag for column in columns]]


def cells(columns: Sequence[Column], record: ReportRecord | CaseRecord) -> list[Cell]:
    """Return a record as a row; of a report that was taken back nothing that tells of people."""
    silent = isinstance(record, ReportRecord) and record.withdrawn
    return ["" if silent and column.personal else column.value(record) for column in columns]

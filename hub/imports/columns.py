"""What columns of other systems mean here, and rows as cases. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.cases.case_services import TITLE_MAX_CHARACTERS
from hub.imports.reading import Table
from hub.languages import N_

SOURCE_ID_MAX_CHARACTERS: Final = 120
TARGETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": N_("Nomor kasus di sumber"),
        "title": N_("Judul"),
        "date": N_("Tanggal"),
        "status": N_("Keadaan di sumber"),
        "place": N_("Tempat"),
        "kind": N_("Jenis"),
        "person": N_("Orang yang bersangkutan"),
        "phone": N_("Telepon orang itu"),
        "recruiter": N_("Perekrut"),
        "recruiter_phone": N_("Telepon perekrut"),
        "organisation": N_("Perusahaan"),
        "destination": N_("Negara tujuan"),
        "story": N_("Uraian"),
    }
)
"""What a column can mean; several columns of one meaning are joined."""

_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "kentongancaseid caseid id nomorkasus nokasus nomor no idkasus noregister nomorregister "
        "casenumber",
        "title": "judul title perkara ringkasan",
        "date": "tanggal date casincomingreferraldate htedate tanggalkejadian tanggallapor tgl",
        "status": "status casstatus keadaan",
        "place": "tempat lokasi kabupaten kecamatan desa htecity htestate htestreet "
        "viclocationofrecruitment location",
        "kind": "jenis kategori kentongankind victypeofexploitation victraffickingstatus jeniskasus type",
        "person": "nama namakorban korban prsfirstname prssecondname prsmiddlename name",
        "phone": "telepon nohp hp nomorhp prsmobilephone prshomephone phone",
        "recruiter": "perekrut namaperekrut calo pelaku terlapor kentonganrecruitername "
        "kentonganrecruiteralias",
        "recruiter_phone": "teleponperekrut kentonganrecruiterphone hpperekrut",
        "organisation": "perusahaan pt p3mi perorganisation company",
        "destination": "negaratujuan tujuan negara kentongandestination destination",
        "story": "uraian kronologi keterangan cerita htedescription casincomingreferraldetails "
        "ccocasecomment description",
    }
)
_MEANS: Final = {name: target for target, names in _HEADERS.items() for name in names.split()}


def propose_columns(table: Table) -> tuple[str, ...]:
    """Return what each column means by its header; an empty text for one that is left out.

    A column without any cell is left out: HTCDS has a hundred of them.
    """
    found = []
    for place, name in enumerate(table.header):
        filled = any(row[place] for row in table.rows)
        found.append(_MEANS.get(re.sub(r"[\W_]", "", name.lower()), "") if filled else "")
    return tuple(found)


@dataclass(frozen=True)
class CaseDraft:
    """One row as the case that it would be. `told` is by target; `problems` are in words, and `blocked` tells
    whether one of them keeps it from being imported."""

    number: int
    source_id: str
    title: str
    told: Mapping[str, str]
    problems: tuple[str, ...]
    blocked: bool


def drafts(
    table: Table, columns: Sequence[str], source: str, is_known: Callable[[str], str | None]
) -> list[CaseDraft]:
    """Return each row as it would stand. `is_known` gives the case that an id of the source already has."""
    seen: dict[str, int] = {}
    found = []
    for number, row in enumerate(table.rows, 2):
        told: dict[str, str] = {}
        for target, cell in zip(columns, row, strict=True):
            if target in TARGETS and cell:
                joint = "\n" if target == "story" else ", " if target == "place" else " "
                told[target] = f"{told[target]}{joint}{cell}" if target in told else cell
        found.append(_draft(number, told, source, seen, is_known))
    return found


def _draft(
    number: int,
    told: dict[str, str],
    source: str,
    seen: dict[str, int],
    is_known: Callable[[str], str | None],
) -> CaseDraft:
    source_id = " ".join(told.get("id", "").split())
    stops: list[str] = []
    if not source_id:
        stops.append(N_("Nomor kasus di sumber kosong."))
    elif len(source_id) > SOURCE_ID_MAX_CHARACTERS:
        stops.append(N_("Nomor kasus lebih dari %(most)s huruf.", most=SOURCE_ID_MAX_CHARACTERS))
    elif source_id in seen:
        stops.append(N_("Nomor ini sudah ada di baris %(seen)s.", seen=seen[source_id]))
    elif (case := is_known(source_id)) is not None:
        stops.append(N_("Sudah diimpor sebagai kasus %(case)s.", case=case))
    seen.setdefault(source_id, number)
    notes = []
    title = " ".join(told.get("title", "").split())
    if not title:
        title = f"{source} {source_id}"
        notes.append(N_("Tanpa judul: ditulis sumber dan nomornya."))
    if len(title) > TITLE_MAX_CHARACTERS:
        title = title[: TITLE_MAX_CHARACTERS - 1] + "…"
        notes.append(N_("Judul dipotong sampai %(most)s huruf.", most=TITLE_MAX_CHARACTERS))
    if "date" in told and not _is_date(told["date"]):
        notes.append(N_("Tanggal tidak terbaca: disimpan seperti tertulis."))
    return CaseDraft(number, source_id, title, told, (*stops, *notes), bool(stops))


def _is_date(text: str) -> bool:
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            datetime.datetime.strptime(text, form)  # noqa: DTZ007 - only whether it is a day
        except ValueError:
            continue
        return True
    return False

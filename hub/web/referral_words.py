"""Referrals in Indonesian words."""

from __future__ import annotations

from typing import Final

from hub.languages import N_
from hub.referrals.fields import FIELDS, Field

STATE_WORDS: Final = {
    "waiting": N_("Menunggu persetujuan orang kedua"),
    "sent": N_("Terkirim"),
    "taken": N_("Diterima lembaga"),
    "answered": N_("Dijawab lembaga"),
    "refused": N_("Ditolak lembaga"),
    "withdrawn": N_("Ditarik"),
    "replaced": N_("Diganti versi baru"),
    "declined": N_("Tidak disetujui"),
}
LIST_WORDS: Final = {
    "late": N_("Terlambat"),
    "open": N_("Menunggu jawaban"),
    "waiting": N_("Menunggu persetujuan"),
    "done": N_("Selesai"),
}
STEP_WORDS: Final = {
    "proposed": N_("Diusulkan, menunggu persetujuan orang kedua"),
    "sent": N_("Dikirim"),
    "approved": N_("Disetujui dan dikirim"),
    "declined": N_("Tidak disetujui"),
    "opened": N_("Dibuka lembaga"),
    "taken": N_("Diterima lembaga"),
    "answered": N_("Dijawab lembaga"),
    "refused": N_("Ditolak lembaga"),
    "withdrawn": N_("Ditarik"),
    "replaced": N_("Diganti versi"),
}
REASON_WORDS: Final = {
    "AdditionalServicesRequired": N_("perlu layanan lain"),
    "MigrationOrChangeOfLocation": N_("orangnya pindah tempat"),
    "Other": N_("lainnya"),
}
FORM_WORDS: Final = {
    "pdf": "PDF",
    "csv": "HTCDS 2.0, CSV",
    "xlsx": "HTCDS 2.0, XLSX",
    "json": "HTCDS 2.0, JSON",
}
PROPOSAL_WORDS: Final = {"name": N_("nama"), "phone": N_("nomor"), "place": N_("tempat")}


def field_groups(present: frozenset[str]) -> list[tuple[str, list[Field]]]:
    """Return the fields in which there is something, by group."""
    groups: dict[str, list[Field]] = {}
    for field in FIELDS:
        if field.key in present:
            groups.setdefault(field.group, []).append(field)
    return list(groups.items())


def about_in_words(about: str) -> str:
    """Return what a referral is about."""
    kind, _, name = about.partition(" ")
    return N_("Kasus %(number)s", number=name) if kind == "case" else N_("Laporan %(name)s", name=name)

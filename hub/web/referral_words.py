"""Referrals in Indonesian words."""

from __future__ import annotations

from typing import Final

from hub.referrals.fields import FIELDS, Field

STATE_WORDS: Final = {
    "waiting": "Menunggu persetujuan orang kedua",
    "sent": "Terkirim",
    "taken": "Diterima lembaga",
    "answered": "Dijawab lembaga",
    "refused": "Ditolak lembaga",
    "withdrawn": "Ditarik",
    "replaced": "Diganti versi baru",
    "declined": "Tidak disetujui",
}
LIST_WORDS: Final = {
    "late": "Terlambat",
    "open": "Menunggu jawaban",
    "waiting": "Menunggu persetujuan",
    "done": "Selesai",
}
STEP_WORDS: Final = {
    "proposed": "Diusulkan, menunggu persetujuan orang kedua",
    "sent": "Dikirim",
    "approved": "Disetujui dan dikirim",
    "declined": "Tidak disetujui",
    "opened": "Dibuka lembaga",
    "taken": "Diterima lembaga",
    "answered": "Dijawab lembaga",
    "refused": "Ditolak lembaga",
    "withdrawn": "Ditarik",
    "replaced": "Diganti versi",
}
REASON_WORDS: Final = {
    "AdditionalServicesRequired": "perlu layanan lain",
    "MigrationOrChangeOfLocation": "orangnya pindah tempat",
    "Other": "lainnya",
}
FORM_WORDS: Final = {
    "pdf": "PDF",
    "csv": "HTCDS 2.0, CSV",
    "xlsx": "HTCDS 2.0, XLSX",
    "json": "HTCDS 2.0, JSON",
}
PROPOSAL_WORDS: Final = {"name": "nama", "phone": "nomor", "place": "tempat"}


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
    return f"{'Kasus' if kind == 'case' else 'Laporan'} {name}"

"""States of reports in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.cases.states import ASSIGNED, OUTCOME, RESPONSE, RISK, SIGNAL, VERIFICATION, Step
from hub.languages import N_

STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        SIGNAL: N_("Sinyal"),
        VERIFICATION: N_("Verifikasi"),
        RISK: N_("Risiko"),
        RESPONSE: N_("Tindakan"),
        OUTCOME: N_("Hasil"),
        ASSIGNED: N_("Dipegang"),
    }
)
VALUE_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        SIGNAL: {"new": N_("baru"), "kept": N_("dipakai"), "discarded": N_("disisihkan")},
        VERIFICATION: {
            "not_begun": N_("belum mulai"),
            "under_way": N_("sedang diperiksa"),
            "confirmed": N_("terbukti benar"),
            "refuted": N_("terbukti tidak benar"),
            "unverifiable": N_("tidak dapat diperiksa"),
        },
        RISK: {
            "not_assessed": N_("belum dinilai"),
            "low": N_("rendah"),
            "moderate": N_("sedang"),
            "high": N_("tinggi"),
            "very_high": N_("sangat tinggi"),
        },
        RESPONSE: {
            "none": N_("belum ada"),
            "planned": N_("direncanakan"),
            "begun": N_("sudah mulai"),
            "done": N_("selesai"),
            "not_needed": N_("tidak perlu"),
        },
        OUTCOME: {
            "open": N_("belum ada"),
            "safe": N_("orangnya selamat"),
            "departed": N_("terlanjur berangkat"),
            "handed_over": N_("diserahkan ke lembaga lain"),
            "unfounded": N_("tidak terbukti"),
            "no_contact": N_("tidak dapat dihubungi"),
            "other": N_("lain"),
        },
    }
)
STAGE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "new": N_("Baru"),
        "kept": N_("Diperiksa"),
        "responding": N_("Ditindak"),
        "closed": N_("Selesai"),
        "discarded": N_("Disisihkan"),
    }
)


def step_in_words(step: Step) -> str:
    """Return what a step changed, such as "Risiko: belum dinilai → tinggi"."""
    values = VALUE_WORDS.get(step.state, {})
    was, becomes = (values.get(value, value or N_("tidak ada")) for value in (step.was, step.becomes))
    taken_back = N_("Dibatalkan: ") if step.undoes is not None else ""
    return f"{taken_back}{STATE_WORDS.get(step.state, step.state)}: {was} \u2192 {becomes}"

"""States of reports in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.cases.states import ASSIGNED, OUTCOME, RESPONSE, RISK, SIGNAL, VERIFICATION, Step

STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        SIGNAL: "Sinyal",
        VERIFICATION: "Verifikasi",
        RISK: "Risiko",
        RESPONSE: "Tindakan",
        OUTCOME: "Hasil",
        ASSIGNED: "Dipegang",
    }
)
VALUE_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        SIGNAL: {"new": "baru", "kept": "dipakai", "discarded": "disisihkan"},
        VERIFICATION: {
            "not_begun": "belum mulai",
            "under_way": "sedang diperiksa",
            "confirmed": "terbukti benar",
            "refuted": "terbukti tidak benar",
            "unverifiable": "tidak dapat diperiksa",
        },
        RISK: {
            "not_assessed": "belum dinilai",
            "low": "rendah",
            "moderate": "sedang",
            "high": "tinggi",
            "very_high": "sangat tinggi",
        },
        RESPONSE: {
            "none": "belum ada",
            "planned": "direncanakan",
            "begun": "sudah mulai",
            "done": "selesai",
            "not_needed": "tidak perlu",
        },
        OUTCOME: {
            "open": "belum ada",
            "safe": "orangnya selamat",
            "departed": "terlanjur berangkat",
            "handed_over": "diserahkan ke lembaga lain",
            "unfounded": "tidak terbukti",
            "no_contact": "tidak dapat dihubungi",
            "other": "lain",
        },
    }
)
STAGE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "new": "Baru",
        "kept": "Diperiksa",
        "responding": "Ditindak",
        "closed": "Selesai",
        "discarded": "Disisihkan",
    }
)


def step_in_words(step: Step) -> str:
    """Return what a step changed, such as "Risiko: belum dinilai → tinggi"."""
    values = VALUE_WORDS.get(step.state, {})
    was, becomes = (values.get(value, value or "tidak ada") for value in (step.was, step.becomes))
    taken_back = "Dibatalkan: " if step.undoes is not None else ""
    return f"{taken_back}{STATE_WORDS.get(step.state, step.state)}: {was} \u2192 {becomes}"

"""What series of other offices count, and the methods that may watch them, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.languages import N_

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "passports": N_("Permohonan paspor"),
        "refusals": N_("Penolakan di perbatasan"),
        "deportations": N_("Pemulangan deportan"),
        "flights": N_("Penerbangan"),
        "ferries": N_("Kapal feri"),
        "cases": N_("Kasus lembaga lain"),
        "other": N_("Lain-lain"),
    }
)
"""What is counted, in words."""
OWN_RULE: Final = "kentongan"
METHODS: Final = (
    "farrington",
    "farringtonFlexible",
    "earsC",
    "cusum",
    "glrnb",
    "glrpois",
    "bayes",
    "rki",
    OWN_RULE,
)
"""The names in `hub.signals.methods`, which only those load who detect: it brings SciPy."""
TOO_SHORT, TOO_EMPTY = "short", "empty"
PROBLEM_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        TOO_SHORT: N_("Belum cukup minggu untuk cara ini: belum diawasi."),
        TOO_EMPTY: N_("Lebih dari separuh minggu setahun terakhir tanpa angka: tidak diawasi."),
    }
)
"""Why a series cannot be judged."""

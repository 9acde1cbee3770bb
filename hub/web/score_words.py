"""The triage score in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.languages import N_
from hub.risk.scoring import HIGH, LOW, MEDIUM, URGENT
from hub.risk.services import Override
from hub.risk.weights import ACT, MEANS, PURPOSE

BAND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {URGENT: N_("mendesak"), HIGH: N_("tinggi"), MEDIUM: N_("sedang"), LOW: N_("rendah")}
)
"""The most pressing first."""
ELEMENT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {ACT: N_("Perbuatan"), MEANS: N_("Cara"), PURPOSE: N_("Tujuan (eksploitasi)")}
)
DONE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "band": N_("Tingkat triase diganti."),
        "band-undo": N_("Penggantian dibatalkan; riwayatnya tetap."),
        "draw-excused": N_("Dikeluarkan dari undian; alasannya dicatat."),
        "draw-restored": N_("Dimasukkan lagi ke undian."),
    }
)


def override_in_words(change: Override) -> str:
    """Return what a change of the band did."""
    if change.becomes:
        return N_("tingkat triase menjadi %(band)s", band=BAND_WORDS[change.becomes])
    return N_("tingkat triase menurut skor lagi")

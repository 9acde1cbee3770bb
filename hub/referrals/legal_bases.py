"""Kinds of agencies, and on what law a referral may rest where nobody consented. Pure.

Each basis says what of it was seen in a source and what was not: article numbers change, and an officer
decides. The choice is kept in the dossier with the words that stood here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.languages import N_

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kp2mi": N_("KP2MI, BP3MI atau P4MI"),
        "polri": "Polri",
        "kemlu": N_("Kemlu atau perwakilan RI"),
        "ppa": N_("SAPA atau UPTD PPA"),
        "lpsk": N_("LPSK"),
        "hub": N_("hub wilayah lain"),
        "other": N_("lembaga lain"),
    }
)


@dataclass(frozen=True)
class LegalBasis:
    """One ground in law. `source` says where it was read, `unverified` what of it nobody saw there."""

    key: str
    words: str
    source: str
    unverified: str = ""

    @property
    def in_words(self) -> str:
        """Return the words with the mark of what was not verified."""
        return (
            N_("%(words)s (belum diperiksa: %(unverified)s)", words=self.words, unverified=self.unverified)
            if self.unverified
            else self.words
        )


LEGAL_BASES: Final = (
    LegalBasis(
        "tppo",
        N_("UU 21/2007 Pasal 2: dugaan tindak pidana perdagangan orang"),
        N_("teks UU 21/2007"),
        N_("apakah pasal ini diganti KUHP (UU 1/2023) sejak 2 Januari 2026"),
    ),
    LegalBasis(
        "protection",
        N_("UU 21/2007 Pasal 44: identitas saksi dan korban tetap dirahasiakan oleh penerima"),
        N_("teks UU 21/2007"),
        N_("pasal yang mewajibkan penerusan kepada lembaga perlindungan"),
    ),
    LegalBasis(
        "pdp",
        N_("UU 27/2022 Pasal 20: dasar pemrosesan selain persetujuan"),
        N_("teks UU 27/2022, berlaku penuh sejak 17 Oktober 2024"),
        N_("huruf mana pada Pasal 20 yang dipakai; tulis alasannya"),
    ),
    LegalBasis(
        "pmi",
        N_("UU 18/2017: pelindungan pekerja migran Indonesia dan calonnya"),
        N_("teks UU 18/2017 (Pasal 5, 13, 30, 81 dan 83 terbaca)"),
        N_("pasal tentang penerusan laporan; perubahan ketiga UU ini"),
    ),
)
BASES: Final[Mapping[str, LegalBasis]] = MappingProxyType({basis.key: basis for basis in LEGAL_BASES})

"""The risk of a signal: likelihood times consequence, five steps each, and what belongs to it. Pure.

The form is that of WHO's rapid risk assessment; the words are of our own subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from hub.languages import N_

STEPS: Final = 5
LOW, MODERATE, HIGH, VERY_HIGH = "low", "moderate", "high", "very_high"
LEVELS: Final = (LOW, MODERATE, HIGH, VERY_HIGH)
_UP_TO: Final = ((4, LOW), (6, MODERATE), (8, HIGH), (10, VERY_HIGH))
"""The highest sum of both steps for each level."""


class Cell(NamedTuple):
    """One cell of the matrix: both from 1 to 5."""

    likelihood: int
    consequence: int

    @property
    def level(self) -> str:
        """Return one of `LEVELS`; it never falls when one of the two grows."""
        return next(level for most, level in _UP_TO if sum(self) <= most)

    @property
    def is_high(self) -> bool:
        """Return whether it is high or very high."""
        return self.level in (HIGH, VERY_HIGH)


def cell_of(text: str) -> Cell | None:
    """Return the cell that a button names ("4-3"), or None."""
    first, _, second = text.partition("-")
    steps = [str(step) for step in range(1, STEPS + 1)]
    return Cell(int(first), int(second)) if first in steps and second in steps else None


LIKELIHOOD_WORDS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        1: (N_("sangat kecil"), N_("hampir pasti ada penjelasan lain")),
        2: (N_("kecil"), N_("ada penjelasan lain yang lebih mungkin")),
        3: (N_("mungkin"), N_("sama mungkin benar dan tidak")),
        4: (N_("besar"), N_("beberapa sumber yang tidak saling mengenal berkata sama")),
        5: (N_("hampir pasti"), N_("sudah dipastikan atau sedang terjadi")),
    }
)
"""How likely it is that people are being trafficked: the step in a word, and how to tell it."""
CONSEQUENCE_WORDS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        1: (N_("sangat ringan"), N_("tidak ada orang yang terancam")),
        2: (N_("ringan"), N_("satu orang ditawari, belum menyerahkan apa pun")),
        3: (N_("sedang"), N_("beberapa orang ditawari, atau uang dan dokumen sudah diserahkan")),
        4: (N_("berat"), N_("orang akan segera berangkat, atau sudah dibawa pergi")),
        5: (N_("sangat berat"), N_("anak, kekerasan, penyekapan, atau banyak orang sekaligus")),
    }
)
"""What happens to people if it is true and nobody does anything."""
LEVEL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        LOW: N_("risiko rendah"),
        MODERATE: N_("risiko sedang"),
        HIGH: N_("risiko tinggi"),
        VERY_HIGH: N_("risiko sangat tinggi"),
    }
)
SHORT_LEVEL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {LOW: N_("rendah"), MODERATE: N_("sedang"), HIGH: N_("tinggi"), VERY_HIGH: N_("sangat tinggi")}
)
GUIDANCE: Final[Mapping[str, str]] = MappingProxyType(
    {
        LOW: N_("Ditangani dalam kerja biasa: pantau sampai tanggal tertentu, tanya fasilitator desa."),
        MODERATE: N_(
            "Dalam seminggu: tugaskan satu orang, hubungi fasilitator dan perangkat yang dipercaya, "
            "siapkan sosialisasi di desa."
        ),
        HIGH: N_(
            "Dalam 24 jam: peringatkan desa sekitar dengan buletin, rujuk ke lembaga yang berwenang, "
            "penyelia mengikuti tiap hari."
        ),
        VERY_HIGH: N_(
            "Sekarang: telepon polisi dan lembaga perlindungan, cegah keberangkatan, kirim buletin bahaya, "
            "pimpinan kantor diberi tahu."
        ),
    }
)
"""Which response belongs to a cell of each level."""

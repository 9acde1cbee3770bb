"""Links in words, and the bars of their pictures."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.languages import N_, counted, figures, joined
from hub.pictures.weeks import MONTHS
from hub.services import OwnRadio, OwnRadioDay, VillageDay

GRADE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "good": N_("Radio bagus"),
        "medium": N_("Radio sedang"),
        "weak": N_("Radio lemah"),
        "none": N_("Tidak terdengar"),
        "unknown": N_("Radio tidak terukur"),
    }
)
DAY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "good": N_("bagus"),
        "medium": N_("sedang"),
        "weak": N_("lemah"),
        "none": N_("tidak terdengar"),
        "unknown": N_("lewat jalan lain"),
    }
)
VIA_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"radio": N_("radio"), "gateway": N_("radio desa lain"), "http": N_("internet"), "courier": N_("kurir")}
)
"""`gateway`: another village's box heard it on the radio and passed it on by internet."""
ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "good": N_("Tidak ada yang perlu dilakukan."),
        "medium": N_("Laporan sampai, kadang lebih lambat. Minta fasilitator memeriksa antena bila sempat."),
        "weak": N_(
            "Laporan bisa lama sampai. Minta fasilitator memasang antena lebih tinggi dan di luar, jauh "
            "dari seng. Bila tetap lemah, perlu radio perantara di antara desa dan hub."
        ),
        "none": N_(
            "Lebih dari sehari tidak terdengar. Telepon fasilitator: apakah kotak dan radio menyala, "
            "apakah antena terpasang? Sementara itu laporan menunggu dengan aman di kotak, dan kurir dapat "
            "membawanya."
        ),
        "unknown": N_("Radio desa ini tidak terdengar langsung dalam sehari terakhir, atau tidak dipakai."),
    }
)
_HEIGHTS: Final[Mapping[str, float]] = MappingProxyType({"good": 1.0, "medium": 2 / 3, "weak": 1 / 3})


@dataclass(frozen=True)
class Bar:
    """One day of a picture: `height` 0 to 1, `look` one of good, medium, weak, none, other."""

    name: str
    height: float
    look: str
    labelled: bool


@dataclass(frozen=True)
class Picture:
    """Bars with the words beside their levels, and one sentence for those who hear it."""

    name: str
    levels: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]
    summary: str


def short_date(day: datetime.date) -> str:
    """Return such as "5 Mei"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def percent(share: float | None, digits: int = 0) -> str:
    """Return such as "93 %" that no line end parts, or a dash when nothing was measured."""
    return "\u2013" if share is None else figures(f"{100 * share:.{digits}f}") + "\u00a0%"


def number(value: float | None, digits: int = 1) -> str:
    """Return a figure with a decimal comma and a true minus, or a dash when nothing was measured."""
    return "\u2013" if value is None else figures(f"{value:.{digits}f}").replace("-", "\u2212")


def village_picture(days: Iterable[VillageDay]) -> Picture:
    """Draw a node's radio by day: bars for grades, a dot for a day on other ways, nothing without contact."""
    days = tuple(days)
    bars = []
    for day in days:
        look = "none" if not day.contact else "other" if day.grade == "unknown" else day.grade
        bars.append(_bar(days, day, _HEIGHTS.get(day.grade, 0.0), look))
    counts = {word: sum(d.contact and d.grade == grade for d in days) for grade, word in DAY_WORDS.items()}
    counts[N_("tanpa hubungan")] = sum(not day.contact for day in days)
    summary = joined(
        ", ", (counted("%(count)s hari %(word)s", n, word=word) for word, n in counts.items() if n)
    )
    levels = tuple((height, DAY_WORDS[grade]) for grade, height in _HEIGHTS.items())
    return Picture(counted("Radio %(count)s hari ini", len(days)), levels, tuple(bars), summary)


def own_picture(radio: OwnRadio) -> Picture:
    """Draw how much of the time the hub's own radio sent, against what it may."""
    bars, highest = [], 0.0
    for day in radio.days:
        used = (day.sending_share or 0.0) / radio.duty_cycle
        highest = max(highest, used)
        look = (
            "none"
            if day.sending_share is None
            else "good"
            if used < 0.75
            else "medium"
            if used < 1
            else "weak"
        )
        bars.append(_bar(radio.days, day, min(1.0, used), look))
    levels = ((1.0, percent(radio.duty_cycle)), (0.5, percent(radio.duty_cycle / 2)))
    summary = N_(
        "paling banyak %(percent)s dari waktu dalam sehari", percent=percent(highest * radio.duty_cycle, 1)
    )
    return Picture(counted("Waktu kirim %(count)s hari ini", len(radio.days)), levels, tuple(bars), summary)


def _bar(
    days: tuple[VillageDay, ...] | tuple[OwnRadioDay, ...],
    day: VillageDay | OwnRadioDay,
    height: float,
    look: str,
) -> Bar:
    ago = (days[-1].day - day.day).days
    return Bar(short_date(day.day), height, look, labelled=ago % 7 == 0)

"""The radio in a facilitator's words: how good, what to do, and a picture of the last days.

Days and words only (design D8): how much was sent on a day would tell that somebody reported then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sync.link_quality import Grade, grade_of_answers, grade_of_margin, share

PICTURE_DAYS = 14
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
BUSY_CHANNEL = 0.25
FULL_CHANNEL = 0.40
"""Shares of the time in use from which Meshtastic's firmware keeps its own chatter back, and all of it
(`polite_channel_util_percent` and `max_channel_util_percent` in its airtime.h)."""

GRADE_WORDS = {
    Grade.GOOD: "bagus",
    Grade.MEDIUM: "sedang",
    Grade.WEAK: "lemah",
    Grade.NONE: "tidak ada",
    Grade.UNKNOWN: "belum ada ukuran",
}
_SAYINGS = {
    Grade.GOOD: "Pusat mendengar kotak ini dengan baik. Tidak ada yang perlu dilakukan.",
    Grade.MEDIUM: "Laporan tetap sampai, kadang lebih lambat.",
    Grade.WEAK: "Laporan tetap aman, tetapi bisa lama sampai.",
    Grade.NONE: "Pusat tidak menjawab lewat radio. Laporan tetap aman dan menunggu.",
    Grade.UNKNOWN: "Kotak belum sempat bertanya kepada pusat. Muat ulang halaman ini beberapa menit lagi.",
}
_ANTENNA = (
    "Periksa antena: tegak, terpasang kencang, dan tidak patah.",
    "Taruh antena setinggi mungkin, dekat jendela atau di luar, jauh dari atap seng dan benda logam.",
)
_ADVICE = {
    Grade.GOOD: (),
    Grade.MEDIUM: _ANTENNA,
    Grade.WEAK: (*_ANTENNA, "Kalau besok masih lemah, hubungi petugas."),
    Grade.NONE: (
        "Jangan cabut antena selama radio menyala: radio bisa rusak.",
        *_ANTENNA,
        "Tanyakan kepada petugas apakah radio di pusat menyala.",
        "Kalau berhari-hari begini, bawa laporan dengan berkas kurir. Petugas tahu caranya.",
    ),
    Grade.UNKNOWN: (),
}
_NOT_CONNECTED = (
    "Radio tidak terhubung ke kotak. Laporan tetap aman dan menunggu.",
    ("Periksa kabel antara radio dan kotak.", "Periksa apakah radio menyala. Kalau tidak, hubungi petugas."),
)
_SIGNAL_WORDS = {Grade.GOOD: "kuat", Grade.MEDIUM: "cukup", Grade.WEAK: "tipis"}
_ANSWER_WORDS = {
    Grade.GOOD: "hampir selalu",
    Grade.MEDIUM: "sering",
    Grade.WEAK: "jarang",
    Grade.NONE: "tidak pernah",
}
_USE_WORDS = (
    (0.25, "kurang dari seperempat jatah"),
    (0.50, "seperempat sampai setengah jatah"),
    (0.75, "setengah sampai tiga perempat jatah"),
    (1.00, "lebih dari tiga perempat jatah"),
)
_HEIGHTS = {Grade.GOOD: 3, Grade.MEDIUM: 2, Grade.WEAK: 1}


@dataclass(frozen=True)
class DayBar:
    """One day of the picture: `height` from 0 to 3, `number` its day of the month."""

    date: str
    number: int
    grade: Grade
    word: str
    height: int


@dataclass(frozen=True)
class RadioPart:
    """What the page says of the radio. `bars` is empty when the box does not know the date."""

    grade: Grade
    word: str
    saying: str
    advice: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    bars: tuple[DayBar, ...]
    summary: str


def radio_part(status: Mapping[str, Any]) -> RadioPart | None:
    """Return what to say of the radio in a status (see `village_node.health`), None where there is none."""
    link, radio = status.get("link"), status.get("radio")
    if link is None or radio is None:
        return None
    grade = Grade(link["grade"])
    saying, advice = _SAYINGS[grade], _ADVICE[grade]
    if not radio["connected"]:
        grade = Grade.NONE
        saying, advice = _NOT_CONNECTED
    bars = _bars(link)
    return RadioPart(grade, GRADE_WORDS[grade], saying, advice, _facts(link), bars, _summary(bars))


def _facts(link: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    now = link["last_24_hours"] or {}
    unknown = GRADE_WORDS[Grade.UNKNOWN]
    margin, hops, used = (now.get(f"{name}_mean") for name in ("margin_db", "hops", "channel_used"))
    answers = grade_of_answers(now.get("questions_asked", 0), now.get("questions_answered", 0))
    return (
        ("Kekuatan sinyal", unknown if margin is None else _SIGNAL_WORDS[grade_of_margin(margin)]),
        ("Pusat menjawab", _ANSWER_WORDS.get(answers, unknown)),
        ("Jalan ke pusat", unknown if hops is None else _way(round(hops))),
        ("Saluran radio", unknown if used is None else _channel(used)),
        ("Waktu kirim terpakai, tujuh hari ini", _use(link) or unknown),
    )


def _way(hops: int) -> str:
    return "langsung" if hops == 0 else f"lewat {hops} radio perantara"


def _channel(used: float) -> str:
    if used < BUSY_CHANNEL:
        return "sepi"
    return "ramai" if used < FULL_CHANNEL else "penuh: kiriman menunggu giliran"


def _use(link: Mapping[str, Any]) -> str | None:
    """Say how much of the allowed time was used in a week, in quarters: finer would count reports."""
    week = link["days"][-7:]
    hours = sum(day["hours_observed"] for day in week)
    sent_h = sum(day["airtime_ms"] for day in week) / 3_600_000
    used = share(sent_h, hours * link["duty_cycle"])
    if used is None:
        return None
    return next((words for below, words in _USE_WORDS if used < below), "seluruh jatah: kiriman menunggu")


def _bars(link: Mapping[str, Any]) -> tuple[DayBar, ...]:
    if link["today"] is None:
        return ()
    today = date.fromisoformat(link["today"])
    grades = {day["date"]: Grade(day["grade"]) for day in link["days"]}
    bars = []
    for ago in reversed(range(PICTURE_DAYS)):
        day = today - timedelta(days=ago)
        grade = grades.get(day.isoformat(), Grade.UNKNOWN)
        name = f"{day.day} {_MONTHS[day.month - 1]}"
        bars.append(DayBar(name, day.day, grade, GRADE_WORDS[grade], _HEIGHTS.get(grade, 0)))
    return tuple(bars)


def _summary(bars: tuple[DayBar, ...]) -> str:
    """Say the picture in one sentence, for those who hear it."""
    counts = [(sum(bar.grade is grade for bar in bars), word) for grade, word in GRADE_WORDS.items()]
    return ", ".join(f"{count} hari {word}" for count, word in counts if count)

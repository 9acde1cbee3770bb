"""Text as one says it: whole sentences, and in Indonesian telephone numbers, dates, times and money in words.

A notice is written by people in many ways; each must be understood by who only hears it, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_SPELT = ("PMI", "TKI", "TKW", "WNI", "KK")
"""Said letter by letter; a speaking program would read some of them as words."""
_COUNTED = (
    r"rupiah|ribu|juta|miliar|triliun|persen|ringgit|dolar|riyal|orang|anak|korban|laporan|kasus|desa|"
    r"keluarga|hari|bulan|tahun|jam|menit|meter|km|kilometer|kg|kilogram|gram|liter|huruf|lembar|buah"
)
"""What stands after a number that is said as one: 500 orang."""
_DASH = "[-\u2013]"
_HOUR = r"([01]?\d|2[0-3])[.:]([0-5]\d)"
_DATE = re.compile(r"(?<![\w.,/-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?![\w/-]|[.,]\d)")
_YEAR_FIRST = re.compile(r"(?<![\w.,/-])(\d{4})-(\d{2})-(\d{2})(?![\w/-]|[.,]\d)")
_MONEY = re.compile(
    r"(?<!\w)Rp\.? ?(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)(?:,(?:00|-)(?!\d))?"
    r"( (?:ribu|juta|miliar|triliun)(?!\w))?"
)
_TIME = re.compile(
    rf"(?<!\w)(pukul|jam) {_HOUR}(?:\s*(?:{_DASH}|sampai|s/d|s\.d\.)\s*{_HOUR})?(?![\d.,]\d|\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|\(0|0)\d*+(?: ?[-.()]{1,2} ?\d{2,}+| \d{3,}+)*+(?!\w)")
_LEAST_PHONE_DIGITS = 7
_RANGE = re.compile(rf"(?<![\w.,/-])(\d{{1,2}}) ?{_DASH} ?(\d{{1,2}})(?![\w/-]|[.,]\d)")
_PLAIN = re.compile(rf"(?<![\w.,/-])(\d{{3,}})(?![\w/-]|[.,]\d)(?!\s(?:{_COUNTED})(?!\w))")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(rf"(?<!\w)(?:(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{{2,8}}|{'|'.join(_SPELT)})(?!\w)")


def sentences(parts: Iterable[str]) -> str:
    """Return texts as sentences that follow each other; empty ones are left out."""
    blocks = (" ".join(part.split()) for part in parts)
    return " ".join(block if block[-1] in ".?!:" else f"{block}." for block in blocks if block)


def said_in_indonesian(text: str) -> str:
    """Return a text for a voice: the same words, with numbers as one says them and no signs that direct it.

    "0812-0000-1234" becomes "0 8 1 2, 0 0 0 0, 1 2 3 4", "5-12-2026" "5 Desember 2026", "Rp 4.000"
    "4.000 rupiah", "pukul 08.30" "pukul 8 lewat 30 menit". What is none of them stays as it is.
    """
    # Two brackets tell espeak-ng that sounds follow; letters that are not seen tell it to speak otherwise.
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    clean = " ".join(clean.translate({ord("["): "(", ord("]"): ")"}).split())
    for pattern, said in _STEPS:
        clean = pattern.sub(said, clean)
    return clean


def _date(found: re.Match[str]) -> str:
    return _day(found, found[1], found[3], found[4])


def _year_first(found: re.Match[str]) -> str:
    return _day(found, found[3], found[2], found[1])


def _day(found: re.Match[str], day: str, month: str, year: str) -> str:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return found[0]
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def _money(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2] or ''} rupiah"


def _time(found: re.Match[str]) -> str:
    said = f"{found[1]} {_clock(found[2], found[3])}"
    return said if found[4] is None else f"{said} sampai {_clock(found[4], found[5])}"


def _clock(hour: str, minute: str) -> str:
    return f"{int(hour)} lewat {int(minute)} menit" if int(minute) else str(int(hour))


def _phone(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found[0])
    if sum(map(len, groups)) < _LEAST_PHONE_DIGITS:
        return found[0]
    return ("plus " if found[0].startswith("+") else "") + ", ".join(_apart(group) for group in groups)


def _apart(digits: str) -> str:
    """Return digits one by one, with a rest after every fourth of many."""
    cut = [digits] if len(digits) <= 5 else [digits[at : at + 4] for at in range(0, len(digits), 4)]
    return ", ".join(" ".join(part) for part in cut)


def _range(found: re.Match[str]) -> str:
    return f"{found[1]} sampai {found[2]}" if int(found[1]) < int(found[2]) else found[0]


def _plain(found: re.Match[str]) -> str:
    return found[0] if _YEAR.fullmatch(found[1]) else _apart(found[1])


def _letters(found: re.Match[str]) -> str:
    return " ".join(found[0])


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_DATE, _date),
    (_YEAR_FIRST, _year_first),
    (_MONEY, _money),
    (_TIME, _time),
    (_PHONE, _phone),
    (_RANGE, _range),
    (_PLAIN, _plain),
    (_CODE, _letters),
)
"""What is longer comes first: no part of a date is a telephone number."""

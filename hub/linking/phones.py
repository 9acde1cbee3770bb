"""Phone numbers as people in Indonesia write and say them, as E.164."""

from __future__ import annotations

import functools
import re

from hub.linking.words import fold_text

DIGIT_WORDS = {
    "kosong": "0", "nol": "0", "enol": "0", "satu": "1", "siji": "1", "hiji": "1", "sopoq": "1",
    "dua": "2", "loro": "2",
    "tiga": "3", "telu": "3", "tilu": "3", "empat": "4", "papat": "4", "opat": "4", "lima": "5",
    "limo": "5", "enam": "6",
    "enem": "6", "genep": "6", "tujuh": "7", "pitu": "7", "tujuh7": "7", "delapan": "8", "wolu": "8",
    "dalapan": "8",
    "sembilan": "9", "sanga": "9", "songo": "9", "salapan": "9",
}  # fmt: skip
_SPOKEN = re.compile(rf"(?:\b(?:{'|'.join(DIGIT_WORDS)})\b[\s,.\-]*){{8,}}")
_NUMBER = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[\s().\-/_*\u2022\u00b7]{0,2}\d){7,14}(?!\w)")
_TAIL = re.compile(
    r"\b(?:nomor|nomer|nomerna|nomornya|nomere|no|hp|wa|tukang|tukangna|belakang|belakangnya|buntut|ujung|ujungnya|akhiran)\b"
    r"[^\d]{0,30}?\b(\d{3,4})\b(?![\s.\-]?\d)"
)
_TAIL_WORDS = re.compile(r"belakang|tukang|buntut|ujung|akhir|mburi")
SHORTEST, LONGEST = 8, 15


@functools.lru_cache(maxsize=20_000)
def as_e164(text: str) -> str | None:
    """Return a typed number as E.164, read in Indonesia where it names no country; None if no number can be
    meant.
    """
    import phonenumbers  # heavy: only where reports are linked

    digits = re.sub(r"[^\d+]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("62") and len(digits) >= 10:
        digits = "+" + digits
    try:
        number = phonenumbers.parse(digits, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def spoken_as_digits(text: str) -> str:
    """Return folded text in which numbers that are spelled out in words are digits."""
    return _SPOKEN.sub(lambda m: "".join(DIGIT_WORDS[w] for w in re.findall("[a-z]+", m[0])) + " ", text)


def find_phones(text: str) -> list[str]:
    """Return every phone number of a narrative as E.164, in order and once each."""
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(spoken_as_digits(fold_text(text))):
        raw = match[0]
        # A date, a sum with points or a span of years is no phone: those begin with 0, +, 62 or 8.
        digits = re.sub(r"\D", "", raw)
        if not (SHORTEST <= len(digits) <= LONGEST) or not re.match(r"\+|0|62|8[1-9]", raw.lstrip("(")):
            continue
        if re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}", raw):
            continue
        number = as_e164(raw)
        if number is not None:
            found[number] = None
    return list(found)


def find_tails(text: str) -> list[str]:
    """Return last digits that are all that somebody remembers of a number ("belakangnya 1225")."""
    folded = fold_text(text)
    return [m[1] for m in _TAIL.finditer(folded) if _TAIL_WORDS.search(m[0]) and len(m[1]) >= 3]


def is_slip(one: str, other: str) -> bool:
    """Tell whether two different numbers differ by one wrong digit or two that changed places."""
    if one == other or len(one) != len(other):
        return False
    differ = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differ) == 1:
        return True
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )

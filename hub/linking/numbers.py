"""Sums and counts that a narrative tells: "17 jt", "8 org", "tiga belas warga"."""

from __future__ import annotations

import re

from hub.linking.words import fold_text

_WORDS = {
    "satu": 1, "siji": 1, "dua": 2, "loro": 2, "tiga": 3, "telu": 3, "tilu": 3, "telung": 3, "empat": 4,
    "papat": 4,
    "opat": 4, "lima": 5, "limo": 5, "lema": 5, "enam": 6, "enem": 6, "tujuh": 7, "pitu": 7, "pettong": 7,
    "delapan": 8,
    "wolu": 8, "sembilan": 9, "sanga": 9, "sepuluh": 10, "sedoso": 10, "sebelas": 11, "selikur": 21,
}  # fmt: skip
_UNITS = {
    "jt": 1_000_000,
    "juta": 1_000_000,
    "yuta": 1_000_000,
    "rb": 1_000,
    "ribu": 1_000,
    "ewu": 1_000,
    "rebu": 1_000,
}
_SUM = re.compile(r"(\d+(?:[.,]\d+)?)\s*(jt|juta|yuta|rb|ribu|ewu|rebu)\b|rp\.?\s*(\d{1,3}(?:\.\d{3})+)")
_COUNT = re.compile(
    r"\b(\d{1,3})\s*(?:org|orang|oreng|warga|laki|lk|perempuan|prempuan|wanita|pemuda|penumpang|anak|bocah|cewek|gadis|remaja|"
    r"nona|tki|tkw|siswa|ibu2?|keluarga|korban|pekerja|cpmi|pmi|nyong|ina|wong|jalmi|dengan|kepala)"
)


def _as_digits(folded: str) -> str:
    """Return text with small numbers in words as digits, teens and tens too."""
    text = re.sub(r"[a-z]+", lambda m: str(_WORDS[m[0]]) if m[0] in _WORDS else m[0], folded)
    text = re.sub(r"\b([2-9])\s+belas\b", r"1\1", text)
    text = re.sub(r"\b([2-9])\s+puluh\s+([1-9])\b", r"\1\2", text)
    return re.sub(r"\b([2-9])\s+puluh\b", r"\g<1>0", text)


def find_sums(text: str) -> frozenset[int]:
    """Return sums of money in rupiah."""
    found = set()
    for number, unit, written in _SUM.findall(_as_digits(fold_text(text))):
        if written:
            found.add(int(written.replace(".", "")))
        else:
            found.add(round(float(number.replace(",", ".")) * _UNITS[unit]))
    return frozenset(found)


def find_counts(text: str) -> frozenset[int]:
    """Return how many people are spoken of; 1 says nothing and is left out."""
    return frozenset(n for n in map(int, _COUNT.findall(_as_digits(fold_text(text)))) if n > 1)

"""Texts of one short message: 160 signs of the GSM 7-bit alphabet (3GPP TS 23.038, 6.2.1)."""

from __future__ import annotations

import unicodedata

MOST_SEPTETS = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
"""These take two places."""
_OTHER = {
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "…": "...",
    "•": "-",
    "\t": " ",
    "`": "'",
}


def septets(text: str) -> int:
    """Return how many places a folded text takes."""
    return sum(2 if sign in _EXTENDED else 1 for sign in text)


def folded(text: str) -> str:
    """Return a text in signs of the alphabet: accents that it lacks are left out, other signs become `?`."""
    return "".join(_sign(sign) for sign in unicodedata.normalize("NFC", text))


def _sign(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    if sign in _OTHER:
        return _OTHER[sign]
    base = unicodedata.normalize("NFKD", sign)
    kept = "".join(one for one in base if one in _BASIC and not unicodedata.combining(one))
    return kept or ("" if unicodedata.category(sign)[0] in "MC" else "?")


def cut(text: str, most: int = MOST_SEPTETS) -> str:
    """Return as much of a text as fits, with three dots where something is left out."""
    text = folded(" ".join(text.split()))
    if septets(text) <= most:
        return text
    while text and septets(text) > most - 3:
        text = text[:-1]
    return f"{text.rstrip()}..."


def pieces(text: str, most: int) -> list[str]:
    """Return a text in pieces of at most `most` places, cut between words where it can be."""
    found, line = [], ""
    for word in folded(" ".join(text.split())).split(" "):
        joined = f"{line} {word}".strip()
        while septets(joined) > most:
            if line:
                found.append(line)
                line, joined = "", word
                continue
            kept = joined
            while septets(kept) > most:
                kept = kept[:-1]
            found.append(kept)
            joined = joined[len(kept) :]
        line = joined
    return [*found, line] if line or not found else found

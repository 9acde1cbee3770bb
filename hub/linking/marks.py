"""What marks a recruiter beside name and phone: companies, accounts, number plates."""

from __future__ import annotations

import re

from hub.linking.word_lists import word_set
from hub.linking.words import fold_text, word_table

_KIND = r"(?:PT|CV|LPK|BLK|UD|P3MI|[Yy]ayasan|[Kk]operasi|pt|cv|lpk|Pt|Cv|Lpk)"
_COMPANY = re.compile(rf"\b{_KIND}\.?\s+((?:[A-Z][\w.&]*\s?){{1,6}}|[a-z]{{3,}}(?:\s[a-z]{{3,}}){{0,2}})")
_AFTER = re.compile(
    r"\b((?:[A-Z][a-z]+\s){0,2}[A-Z]\w+)\s(?:Travel|Agency|Consultant|Tour|Tours|Overseas|Recruitment)\b"
)
_EMPTY = word_set(
    """
    pt cv lpk blk ud tbk persero indonesia p3mi perusahaan yayasan koperasi travel tour tours group grup
    cabang agency agent agensi consultant overseas sdn bhd ltd
    """
)
_HANDLE = re.compile(r"(?<![\w.@])@([A-Za-z0-9_][\w.]{2,40})")
_PLATE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{1,2})\s?[-.]?(\d{2,4})\s?[-.]?([A-Z]{1,3})(?![A-Za-z0-9])")
_NETWORKS = word_set(
    """
    fb ig tg tele telegram tiktok wa instagram facebook twitter x line youtube yt
    """
)


def company_words(text: str) -> tuple[str, ...]:
    """Return the telling words of a company's name, without PT, CV and the like."""
    return tuple(w for w in re.findall("[a-z0-9]+", fold_text(text)) if w not in _EMPTY)


def find_companies(narrative: str) -> list[tuple[str, ...]]:
    """Return the companies that a narrative names."""
    found: dict[tuple[str, ...], None] = {}
    for match in (*_COMPANY.finditer(narrative), *_AFTER.finditer(narrative)):
        words = []
        for word in company_words(match[1]):
            if word_table().is_ordinary(word) and match[1][:1].islower():
                break
            words.append(word)
        if words and not (len(words) == 1 and len(words[0]) < 3):
            found[tuple(words)] = None
    return list(found)


def same_company(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how well two companies agree: 1 the same, less for a part or an acronym, 0 for others."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=lambda w: (len(w), w))
    if not short:
        return 0.0
    initials = "".join(word[0] for word in long)
    if len(short) == 1 and len(short[0]) >= 3 and initials.startswith(short[0]):
        return 0.8
    if set(short) <= set(long):
        return 0.9 if len(short) > 1 else 0.7
    shared = set(short) & set(long)
    return 0.6 if len(shared) >= 2 else 0.0


def handle_of(text: str) -> str | None:
    """Return an account name in one form, or None for the bare name of a network."""
    last = fold_text(text).split(":")[-1].strip().lstrip("@").rstrip(".")
    return None if not last or last in _NETWORKS or len(last) < 4 else last


def find_handles(narrative: str) -> list[str]:
    """Return the accounts that a narrative names with an @."""
    found = (handle_of(m[1]) for m in _HANDLE.finditer(narrative))
    return list(dict.fromkeys(h for h in found if h))


def handle_letters(handle: str) -> str:
    """Return the letters of an account name alone: what stays when one account is closed and the next
    opened.
    """
    return re.sub(r"[^a-z]", "", handle)


def plate_of(text: str) -> str | None:
    """Return a number plate in one form, or None if it has no digits."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    return plain if re.search(r"\d", plain) and len(plain) >= 4 else None


def find_plates(narrative: str) -> list[str]:
    """Return the number plates of a narrative, written in capitals."""
    found = (
        "".join(m.groups()) for m in _PLATE.finditer(narrative) if m[1] not in ("RT", "RW", "RM", "NO", "JL")
    )
    return list(dict.fromkeys(found))

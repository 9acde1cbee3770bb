"""Places of a report as area codes: those given, and those that a text names."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from hub.linking.word_lists import word_set
from hub.linking.words import concept, fold_text, word_table
from sync.areas.table import area_names, area_table

_KINDS = re.compile(r"^(?:KABUPATEN|KOTA|KAB|ADM|ADMINISTRASI)\.?\s+|^(?:KOTA ADM\.?|KAB ADM\.?)\s+")
_MOST_AREAS = 3
_LONGEST_NAME = 3
# Words of companies, landscapes and the like that are also districts.
_ASIDE = word_set(
    """
    jaya baru indah timur barat utara selatan tengah
    samudera kuala bukit muara raya tanjung batu labuan balai cina bina makmur pangkalan banjar dukun
    bulu jati tempel licin tarik negara pemenang bola ujung telaga waris perak alas rakit waru miri suka
    maju mulia sentosa abadi harapan karya mekar sumber sari
    setia bakti rejo agung tengah hulu hilir kota pulau teluk
    """
)


_VILLAGE = re.compile(
    r"\b(?:desa|ds|kel|kelurahan|kampung|kp|dusun|dsn|dukuh|lembur|gampong|nagari|pekon|warga|asal)\b\.?\s+"
    r"([^\W\d_]+(?:\s+[^\W\d_]+)?)",
    re.IGNORECASE,
)


@functools.cache
def _villages() -> dict[str, tuple[str, ...]]:
    """Return codes of villages by folded name, read at first use: about a second and 20 MB."""
    found: dict[str, list[str]] = {}
    for code, written in zip(area_table().codes(), area_names().all_names(), strict=True):
        if len(code) > 8:
            name = " ".join(re.findall("[a-z]+", written.lower()))
            if len(name) >= 4:
                found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def find_villages(text: str, within: Iterable[str], *, all_words: bool = False) -> tuple[str, ...]:
    """Return codes of villages that a text names after "desa" and the like, or anywhere with `all_words`.

    A name of several villages counts where one lies in a regency of `within`, or where it is of one
    village only.
    """
    regencies = {code[:5] for code in within if len(code) >= 5}
    found: dict[str, None] = {}
    spans = [text] if all_words else [m[1] for m in _VILLAGE.finditer(text)]
    for span in spans:
        words = re.findall("[a-z]+", fold_text(span))
        tries = [" ".join(words[i : i + n]) for n in (2, 1) for i in range(len(words) - n + 1)]
        for name in tries:
            codes = _villages().get(name, ())
            inside = tuple(c for c in codes if c[:5] in regencies)
            chosen = inside or (codes if len(codes) == 1 else ())
            if chosen and (" " in name or not word_table().is_ordinary(name)):
                found.update(dict.fromkeys(chosen[:_MOST_AREAS]))
    return tuple(found)


@functools.cache
def _gazetteer() -> dict[str, tuple[str, ...]]:
    """Return codes of regencies and districts by folded name; names of many areas are of no use and left
    out.
    """
    found: dict[str, set[str]] = {}
    for code, written in zip(area_table().codes(), area_names().all_names(), strict=True):
        if len(code) > 8:
            break  # villages come last, and their names stand a thousand times over
        if len(code) < 5:
            continue
        name = " ".join(re.findall("[a-z]+", fold_text(_KINDS.sub("", written))))
        if len(name) >= 4:
            found.setdefault(name, set()).add(code)
            squeezed = name.replace(" ", "")
            if squeezed != name:
                found.setdefault(squeezed, set()).add(code)
    return {name: _topmost(codes) for name, codes in found.items() if len(_topmost(codes)) <= _MOST_AREAS}


def _topmost(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes without those that lie inside another of them (a district named as its regency)."""
    ordered = sorted(codes)
    return tuple(c for c in ordered if not any(c != o and c.startswith(f"{o}.") for o in ordered))


def is_place_name(word: str) -> bool:
    """Tell whether a folded word is the whole name of a regency or district and no word of the language."""
    if word not in _gazetteer() or word in _ASIDE or len(word) < 4:
        return False
    return not word_table().is_ordinary(word) and not concept(word).startswith("~")


def find_places(text: str, near: str | None = None) -> tuple[str, ...]:
    """Return codes of regencies and districts that a text names; of areas with one name, those nearest to
    `near`.

    A name that is also an ordinary word of the language is passed over.
    """
    tokens = [(m[0], m.start()) for m in re.finditer(r"[^\W\d_]+", text)]
    folded = [fold_text(word) for word, _ in tokens]
    found: dict[str, None] = {}
    at = 0
    while at < len(tokens):
        step = 1
        for size in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            codes = _gazetteer().get(" ".join(folded[at : at + size]))
            if codes and _is_meant(folded[at : at + size]):
                found.update(dict.fromkeys(_nearest(codes, near)))
                step = size
                break
        at += step
    return tuple(found)


def _is_meant(words: list[str]) -> bool:
    if len(words) > 1:
        return True
    word = words[0]
    return is_place_name(word)


def _nearest(codes: tuple[str, ...], near: str | None) -> tuple[str, ...]:
    if near is None or len(codes) == 1:
        return codes
    best = max(len(common_area(code, near)) for code in codes)
    return tuple(code for code in codes if len(common_area(code, near)) == best)


_SIZES = (13, 8, 5, 2)


def common_area(one: str, other: str) -> str:
    """Return the code of the smallest area that holds both places, "" if no province does."""
    if one[:2] != other[:2]:  # as with most pairs
        return ""
    for size in _SIZES:
        if len(one) >= size and one[:size] == other[:size]:
            return one[:size]
    return ""


@functools.lru_cache(maxsize=1_000)  # one pair of reports asks up to three times, mostly with the same places
def closest(ours: frozenset[str], theirs: frozenset[str]) -> str | None:
    """Return the smallest area that a place of one side has in common with one of the other.

    "" when they lie in different provinces, None where one side names no place.
    """
    areas = {common_area(a, b) for a in ours for b in theirs}
    return max(areas, key=lambda area: (len(area), area), default=None)

"""Which area a word of a file means: a code of Kemendagri, or the name of an area. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from sync.areas.table import area_names, area_table

WHOLE: Final = frozenset(
    ["seluruh wilayah", "seluruh wilayah hub", "semua wilayah", "whole region", "all areas"]
)
TOTALS: Final = frozenset(["total", "jumlah", "grand total", "sub total", "subtotal", "jumlah total", "sum"])
PLACE_MAX_CHARACTERS: Final = 60
_CODE_LENGTHS: Final = {2: (2,), 4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}
_SHORT: Final = {
    "ntt": "nusa tenggara timur",
    "ntb": "nusa tenggara barat",
    "dki jakarta": "daerah khusus ibukota jakarta",
    "jakarta": "daerah khusus ibukota jakarta",
    "diy": "daerah istimewa yogyakarta",
    "kalbar": "kalimantan barat",
    "kaltara": "kalimantan utara",
    "kepri": "kepulauan riau",
    "jatim": "jawa timur",
    "jateng": "jawa tengah",
    "jabar": "jawa barat",
}


class Unit(NamedTuple):
    """What is counted: an area by its code (empty: the whole region), and a post in it in words, or none."""

    area: str
    place: str = ""


def folded(text: str) -> str:
    """Return a name as it is compared: small letters, single spaces, no dots."""
    text = " ".join(re.sub(r"[.,()]", " ", text.lower()).split())
    text = re.sub(r"\A(?:kab|kabupaten|regency of|regency)\b ?", "kabupaten ", text)
    text = re.sub(r"\A(?:kota|city of|kota administrasi)\b ?", "kota ", text)
    text = re.sub(r"\A(?:prov|provinsi|propinsi|province of)\b ?", "", text)
    return _SHORT.get(text.strip(), text.strip())


def area_of(text: str, within: str = "") -> str | None:
    """Return the code that a word means, or None where it means none or several.

    Provinces and regencies by name anywhere; sub-districts and villages only below the area `within`.
    """
    word = text.strip()
    if word.casefold() in WHOLE:
        return ""
    digits = word.replace(".", "")
    if word and digits.isascii() and digits.isdecimal() and len(digits) in _CODE_LENGTHS:
        ends = _CODE_LENGTHS[len(digits)]
        code = ".".join(digits[begin:end] for begin, end in zip((0, *ends), ends, strict=False))
        return code if word in (code, digits) and code in area_table() else None
    name = folded(word)
    if not name or name in TOTALS:
        return None
    found = _upper().get(name) or _upper().get(f"kabupaten {name}", ()) + _upper().get(f"kota {name}", ())
    if not found and within:
        found = _below(within).get(name, ())
    inside = tuple(code for code in found if not within or code == within or code.startswith(f"{within}."))
    chosen = inside or found
    return chosen[0] if len(chosen) == 1 else None


@functools.cache
def _upper() -> Mapping[str, tuple[str, ...]]:
    codes = area_table().children_of()
    return _by_name([*codes, *(one for code in codes for one in area_table().children_of(code))])


@functools.lru_cache(4)
def _below(within: str) -> Mapping[str, tuple[str, ...]]:
    codes, found = [within], []
    while codes:
        codes = [one for code in codes for one in area_table().children_of(code)]
        found += codes
    return _by_name(found)


def _by_name(codes: list[str]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for code in codes:
        name = folded(area_names().name_of(code) or "")
        names[name] = (*names.get(name, ()), code)
    return names


def unit_in_words(unit: Unit) -> str:
    """Return the name of a unit, its post first; empty for the whole region."""
    area = area_names().name_of(unit.area) or unit.area
    return f"{unit.place}, {area}" if unit.place else area
